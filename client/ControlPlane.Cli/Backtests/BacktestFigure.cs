using System.Globalization;
using System.Net;
using System.Text;
using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Cli.Backtests;

/// <summary>One case as an SVG figure: demand and forecast, the pods of each method with what was needed and where the objective was missed, response times.</summary>
internal static class BacktestFigure
{
    private const double Left = 168;
    private const double PlotWidth = 900;
    private const double Width = Left + PlotWidth + 168;
    private const double DemandHeight = 150;
    private const double RowHeight = 66;
    private const double StripHeight = 7;
    private const double LatencyHeight = 110;
    private const double Gap = 34;
    private const int MostTimeTicks = 9;

    /// <summary>The figure.</summary>
    /// <param name="result">The case.</param>
    /// <param name="window">Which of its plot windows.</param>
    public static string Draw(BacktestResult result, int window)
    {
        RunSeries[] series = [.. result.Series.Select(s => s[window])];
        var svg = new StringBuilder();
        var top = 24.0;
        top = Demand(svg, series, top) + Gap;
        top = Pods(svg, result, series, top) + Gap;
        top = Latency(svg, result, series, top);
        var axis = new StringBuilder();
        TimeAxis(axis, series[0], top);
        return $"<svg viewBox=\"0 0 {Width} {SvgPanel.Text(top + 30)}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode($"Backtest of {result.Case.Trace}")}\">{axis}{svg}</svg>";
    }

    private static double Demand(StringBuilder svg, RunSeries[] all, double top)
    {
        var own = all[0];
        var most = own.HighestDemand.Concat(own.Forecasts.LastOrDefault([])).Where(float.IsFinite).DefaultIfEmpty(1).Max();
        var panel = new SvgPanel(Left, top, PlotWidth, DemandHeight, 0, Math.Max(most, 1e-3) * 1.02);
        Frame(svg, panel, "Demand, requests/s", Number);
        if (own.Forecasts.Length > 1)
        {
            svg.Append($"<path class=\"fan\" d=\"{panel.Band(own.Forecasts[0], own.Forecasts[^1])}\"/>");
            svg.Append($"<path class=\"median\" d=\"{panel.Line(own.Forecasts[own.Forecasts.Length / 2])}\"/>");
        }
        svg.Append($"<path class=\"demand\" d=\"{panel.Line(own.Demand)}\"/>");
        var notes = new List<(string Class, string Text)> { ("demand", "demand, mean") };
        if (own.Forecasts.Length > 1)
        {
            notes.Add(("median", "forecast, median"));
            notes.Add(("fan", string.Create(CultureInfo.InvariantCulture, $"{own.Levels[0]:0%} to {own.Levels[^1]:0%}")));
        }
        Keys(svg, panel, notes);
        return panel.Bottom;
    }

    /// <summary>One row a method, all on one scale: what was paid for against what the highest demand needed.</summary>
    private static double Pods(StringBuilder svg, BacktestResult result, RunSeries[] all, double top)
    {
        var capacity = ServiceSizing.CapacityAtObjective(result.Case.Options.Profile, result.Case.Load.Step);
        float[] need = [.. all[0].HighestDemand.Select(d => (float)Math.Max(1, Math.Ceiling(d / capacity - 1e-9)))];
        var most = all.SelectMany(s => s.Pods).Concat(need).Where(float.IsFinite).Max() * 1.05;
        svg.Append($"<text class=\"title\" x=\"{Left}\" y=\"{SvgPanel.Text(top - 8)}\">Pods paid for (area), pods that the highest demand needs (line), objective missed (marks below)</text>");
        for (var i = 0; i < all.Length; i++)
        {
            var (method, series) = (result.Report.Methods[i], all[i]);
            var panel = new SvgPanel(Left, top, PlotWidth, RowHeight - StripHeight - 9, 0, most);
            var kind = i == 0 ? "own" : "other";
            Scale(svg, panel, Number, everySecond: true);
            svg.Append($"<path class=\"pods {kind}\" d=\"{panel.Steps(series.Pods)}\"/><path class=\"need\" d=\"{panel.Line(need)}\"/>");
            Strip(svg, panel, series);
            var middle = SvgPanel.Text(top + panel.Height / 2 + 4);
            svg.Append($"<text class=\"method {kind}\" x=\"{Left - 52}\" y=\"{middle}\" text-anchor=\"end\">{WebUtility.HtmlEncode(method.Name)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"figure\" x=\"{Left + PlotWidth + 12}\" y=\"{SvgPanel.Text(top + panel.Height / 2 - 3)}\">{method.PodHours:#,0.0} pod-hours</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"figure\" x=\"{Left + PlotWidth + 12}\" y=\"{SvgPanel.Text(top + panel.Height / 2 + 13)}\">{method.SloViolationTimeShare:0.00%} of time missed</text>");
            top += RowHeight;
        }
        return top - 9;
    }

    /// <summary>Where the objective was missed; the darker the larger the share of the part.</summary>
    private static void Strip(StringBuilder svg, SvgPanel panel, RunSeries series)
    {
        var part = panel.Width / series.Violated.Length;
        svg.Append($"<rect class=\"track\" x=\"{Left}\" y=\"{SvgPanel.Text(panel.Bottom + 2)}\" width=\"{PlotWidth}\" height=\"{StripHeight}\"/>");
        for (var i = 0; i < series.Violated.Length; i++)
        {
            if (series.Violated[i] <= 0) continue;
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"missed\" x=\"{SvgPanel.Text(Left + i * part)}\" y=\"{SvgPanel.Text(panel.Bottom + 2)}\" width=\"{SvgPanel.Text(Math.Max(part, 1.5))}\" height=\"{StripHeight}\" opacity=\"{0.35 + 0.65 * series.Violated[i]:0.##}\"/>");
        }
    }

    private static double Latency(StringBuilder svg, BacktestResult result, RunSeries[] all, double top)
    {
        var objective = result.Case.Options.Profile.ObjectiveLatency.TotalSeconds;
        var known = all.SelectMany(s => s.LatencyP95).Where(v => float.IsFinite(v) && v > 0).Select(v => (double)v).ToList();
        var panel = new SvgPanel(Left, top, PlotWidth, LatencyHeight, Math.Min(known.DefaultIfEmpty(0.1).Min(), objective) * 0.8, Math.Max(known.DefaultIfEmpty(1).Max(), objective) * 1.25, IsLogarithmic: true);
        Frame(svg, panel, "Response time, p95", Milliseconds);
        var y = SvgPanel.Text(panel.Y(objective));
        svg.Append($"<line class=\"objective\" x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{y}\" y2=\"{y}\"/>");
        var hpa = result.Report.Methods.ToList().FindIndex(m => m.Name == "hpa");
        if (hpa > 0) svg.Append($"<path class=\"latency other\" d=\"{panel.Line(all[hpa].LatencyP95)}\"/>");
        svg.Append($"<path class=\"latency own\" d=\"{panel.Line(all[0].LatencyP95)}\"/>");
        var keys = new List<(string Class, string Text)> { ("latency own", result.Report.Methods[0].Name), ("objective", $"objective {Milliseconds(objective)}") };
        if (hpa > 0) keys.Insert(1, ("latency other", "hpa"));
        Keys(svg, panel, keys);
        return panel.Bottom;
    }

    private static void Frame(StringBuilder svg, SvgPanel panel, string title, Func<double, string> text)
    {
        svg.Append($"<text class=\"title\" x=\"{Left}\" y=\"{SvgPanel.Text(panel.Top - 8)}\">{WebUtility.HtmlEncode(title)}</text>");
        Scale(svg, panel, text, everySecond: false);
    }

    private static void Scale(StringBuilder svg, SvgPanel panel, Func<double, string> text, bool everySecond)
    {
        var ticks = panel.Ticks().ToList();
        for (var i = 0; i < ticks.Count; i += everySecond ? 2 : 1)
        {
            var y = SvgPanel.Text(panel.Y(ticks[i]));
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{y}\" y2=\"{y}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{Left - 8}\" y=\"{SvgPanel.Text(panel.Y(ticks[i]) + 4)}\" text-anchor=\"end\">{text(ticks[i])}</text>");
        }
    }

    private static void Keys(StringBuilder svg, SvgPanel panel, IReadOnlyList<(string Class, string Text)> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var (x, y) = (Left + PlotWidth + 12, panel.Top + 12 + 18 * i);
            svg.Append(keys[i].Class == "fan"
                ? $"<rect class=\"fan\" x=\"{x}\" y=\"{SvgPanel.Text(y - 10)}\" width=\"20\" height=\"11\"/>"
                : $"<path class=\"{keys[i].Class}\" d=\"M{x} {SvgPanel.Text(y - 4)}h20\"/>");
            svg.Append($"<text class=\"note\" x=\"{x + 27}\" y=\"{SvgPanel.Text(y)}\">{WebUtility.HtmlEncode(keys[i].Text)}</text>");
        }
    }

    private static void TimeAxis(StringBuilder svg, RunSeries series, double bottom)
    {
        var length = series.Part * series.Demand.Length;
        int[] hours = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672];
        var step = TimeSpan.FromHours(hours.FirstOrDefault(h => length / TimeSpan.FromHours(h) <= MostTimeTicks, (int)(length.TotalHours / MostTimeTicks) + 1));
        var first = new DateTimeOffset((series.Start.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks, TimeSpan.Zero);
        for (var time = first; time <= series.Start + length; time += step)
        {
            var x = SvgPanel.Text(Left + PlotWidth * ((time - series.Start) / length));
            var text = step >= TimeSpan.FromDays(1) ? time.ToString("ddd d MMM", CultureInfo.InvariantCulture) : time.ToString(time.Hour == 0 ? "ddd d MMM" : "HH:mm", CultureInfo.InvariantCulture);
            svg.Append($"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"16\" y2=\"{SvgPanel.Text(bottom + 5)}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{x}\" y=\"{SvgPanel.Text(bottom + 20)}\" text-anchor=\"middle\">{text}</text>");
        }
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double seconds) => seconds >= 1 ? $"{seconds.ToString("0.##", CultureInfo.InvariantCulture)} s" : $"{(seconds * 1000).ToString("0", CultureInfo.InvariantCulture)} ms";
}

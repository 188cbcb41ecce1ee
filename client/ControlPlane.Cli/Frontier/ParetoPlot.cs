using System.Globalization;
using System.Net;
using System.Text;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Backtest.Frontier;

namespace ControlPlane.Cli.Frontier;

/// <summary>Draws violations against pod-hours, one picture a trace and start-up, as one SVG without outside references.</summary>
internal static class ParetoPlot
{
    private const double Width = 380;
    private const double Height = 260;
    private const double Left = 56;
    private const double Top = 30;
    private const double Bottom = 40;
    private const double Right = 16;
    private const double Header = 54;
    private const double Lowest = 1e-5;
    private const double MostPods = 3;

    private static readonly (string Method, string Colour)[] Methods =
    [
        (FrontierMethods.Hpa, "#c0392b"), (FrontierMethods.HpaRate, "#e08e0b"), (FrontierMethods.HpaTuned, "#8e6bbf"), (BacktestOptions.Own, "#0b66c3"),
    ];

    /// <summary>The picture.</summary>
    public static string Draw(FrontierReport report)
    {
        var columns = Math.Max(1, report.Frontier.Select(p => p.StartupSeconds).Distinct().Count());
        var cells = report.Frontier.GroupBy(p => (p.Trace, p.StartupSeconds)).ToArray();
        var (width, height) = (columns * Width, Header + (cells.Length + columns - 1) / columns * Height);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"12\" y=\"20\" font-size=\"14\" font-weight=\"bold\">Share of time with too few pods against pod-hours ÷ the oracle's</text>\n");
        for (var m = 0; m < Methods.Length; m++)
            svg.Append(Invariant($"<rect x=\"{12 + m * 95}\" y=\"32\" width=\"14\" height=\"8\" fill=\"{Methods[m].Colour}\"/><text x=\"{30 + m * 95}\" y=\"40\">{Methods[m].Method}</text>\n"));
        for (var i = 0; i < cells.Length; i++)
        {
            svg.Append(Invariant($"<g transform=\"translate({i % columns * Width} {Header + i / columns * Height})\">\n"));
            Panel(svg, $"{cells[i].Key.Trace}, start-up {cells[i].Key.StartupSeconds.ToString("0", CultureInfo.InvariantCulture)} s", [.. cells[i]]);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, string title, FrontierPoint[] points)
    {
        var oracle = points.First(p => p.Method == FrontierMethods.Oracle).PodHours;
        var most = Math.Clamp(points.Max(p => p.PodHours / oracle), 1.1, MostPods);
        double X(double pods) => Left + (Math.Min(pods, most) - 0.9) / (most - 0.9) * (Width - Left - Right);
        double Y(double share) => Top + Math.Log10(Math.Max(share, Lowest)) / Math.Log10(Lowest) * (Height - Top - Bottom);
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"{Top - 12}\" font-weight=\"bold\">{WebUtility.HtmlEncode(title)}</text>\n"));
        for (var share = Lowest; share < 2; share *= 10)
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(share):0.#}\" y2=\"{Y(share):0.#}\" stroke=\"#e4e4e4\"/><text x=\"{Left - 5}\" y=\"{Y(share) + 4:0.#}\" text-anchor=\"end\">{100 * share:0.###}%</text>\n"));
        for (var tick = 1.0; tick <= most + 1e-9; tick += most > 2 ? 0.5 : 0.1)
            svg.Append(Invariant($"<line x1=\"{X(tick):0.#}\" x2=\"{X(tick):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#f0f0f0\"/><text x=\"{X(tick):0.#}\" y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{tick:0.0}</text>\n"));
        foreach (var (method, colour) in Methods)
        {
            var own = points.Where(p => p.Method == method && p.PodHours <= most * oracle).OrderBy(p => p.PodHours).ToArray();
            svg.Append(Invariant($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.2\" points=\"{string.Join(' ', own.Select(p => Invariant($"{X(p.PodHours / oracle):0.#},{Y(p.UnderProvisionedTimeShare):0.#}")))}\"/>\n"));
            foreach (var p in own) svg.Append(Invariant($"<circle cx=\"{X(p.PodHours / oracle):0.#}\" cy=\"{Y(p.UnderProvisionedTimeShare):0.#}\" r=\"2\" fill=\"{colour}\"/>\n"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

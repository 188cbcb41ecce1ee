using System.Globalization;
using System.Net;
using System.Text;

namespace ControlPlane.Cli.Scoring;

/// <summary>Draws forecasts as fans, one picture a series, as one SVG without outside references.</summary>
internal static class FanPlot
{
    private const int Columns = 2;
    private const double Width = 560;
    private const double Height = 210;
    private const double Left = 62;
    private const double Top = 34;
    private const double Bottom = 26;
    private const double Right = 14;
    private const double Header = 48;

    /// <summary>The picture.</summary>
    /// <param name="title">Line at the top.</param>
    /// <param name="panels">At least one.</param>
    /// <param name="bands">What the bands are, widest first.</param>
    public static string Draw(string title, IReadOnlyList<FanPanel> panels, IReadOnlyList<string> bands)
    {
        var columns = Math.Min(Columns, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{columns * Width}\" height=\"{Header + rows * Height}\" viewBox=\"0 0 {columns * Width} {Header + rows * Height}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.Append(Invariant($"<text x=\"12\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{WebUtility.HtmlEncode(title)}</text>\n"));
        Legend(svg, bands);
        for (var i = 0; i < panels.Count; i++)
        {
            svg.Append(Invariant($"<g transform=\"translate({i % columns * Width} {Header + i / columns * Height})\">\n"));
            Panel(svg, panels[i]);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<string> bands)
    {
        var x = 12.0;
        Entry("#222", "history and outcome");
        Entry("#0b66c3", "median");
        for (var b = 0; b < bands.Count; b++) Entry(Shade(b, bands.Count), bands[b]);

        void Entry(string colour, string text)
        {
            svg.Append(Invariant($"<rect x=\"{x}\" y=\"30\" width=\"18\" height=\"8\" fill=\"{colour}\"/><text x=\"{x + 23}\" y=\"38\">{WebUtility.HtmlEncode(text)}</text>\n"));
            x += 42 + 6.2 * text.Length;
        }
    }

    private static void Panel(StringBuilder svg, FanPanel panel)
    {
        var known = panel.History.Concat(panel.Actual).Concat(panel.Middle).Concat(panel.Bands.SelectMany(b => b.Lower.Concat(b.Upper))).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (known.Min(), known.Max());
        if (high <= low) (low, high) = (low - 1, high + 1);
        var steps = panel.History.Length + panel.Middle.Length;
        var start = panel.History.Length;
        double X(double step) => Left + step / Math.Max(1, steps - 1) * (Width - Left - Right);
        double Y(double value) => Top + (high - value) / (high - low) * (Height - Top - Bottom);

        svg.Append(Invariant($"<text x=\"{Left}\" y=\"{Top - 10}\" font-weight=\"bold\">{WebUtility.HtmlEncode(panel.Title)}</text>\n"));
        foreach (var tick in Ticks(low, high))
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\" stroke=\"#e4e4e4\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{tick:#,0.###}</text>\n"));
        svg.Append(Invariant($"<line x1=\"{X(start - 0.5):0.#}\" x2=\"{X(start - 0.5):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#999\" stroke-dasharray=\"3 3\"/>\n"));
        for (var b = 0; b < panel.Bands.Count; b++)
        {
            var (lower, upper) = panel.Bands[b];
            var points = upper.Select((v, h) => (start + h, v)).Concat(lower.Select((v, h) => (start + h, v)).Reverse());
            svg.Append(Invariant($"<polygon fill=\"{Shade(b, panel.Bands.Count)}\" points=\"{string.Join(' ', points.Select(p => Invariant($"{X(p.Item1):0.#},{Y(p.v):0.#}")))}\"/>\n"));
        }

        Line(svg, panel.Middle, start, "#0b66c3", X, Y);
        Line(svg, [.. panel.History, .. panel.Actual], 0, "#222", X, Y);
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"{Height - 8}\">{-start} steps</text><text x=\"{X(start):0.#}\" y=\"{Height - 8}\">now</text><text x=\"{Width - Right}\" y=\"{Height - 8}\" text-anchor=\"end\">+{panel.Middle.Length}</text>\n"));
    }

    /// <summary>A line that breaks where the value is unknown.</summary>
    private static void Line(StringBuilder svg, double[] values, int first, string colour, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i])) path.Append(Invariant($"{(isDown ? 'L' : 'M')}{x(first + i):0.#} {y(values[i]):0.#}"));
            isDown = double.IsFinite(values[i]);
        }

        svg.Append(Invariant($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\"/>\n"));
    }

    private static IEnumerable<double> Ticks(double low, double high)
    {
        var rough = (high - low) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        for (var tick = Math.Ceiling(low / step) * step; tick <= high; tick += step) yield return Math.Abs(tick) < step / 1e6 ? 0 : tick;
    }

    private static string Shade(int band, int count) => band == count - 1 && count > 1 ? "#9cc4ec" : band == 0 ? "#d6e6f7" : "#bcd7f2";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

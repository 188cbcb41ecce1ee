using System.Globalization;
using System.Text;

namespace ControlPlane.Cli.Backtests;

/// <summary>A rectangle of a figure with a scale of its own: turns series into SVG paths.</summary>
/// <param name="Left">Left edge, pixels.</param>
/// <param name="Top">Upper edge, pixels.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Height">Height, pixels.</param>
/// <param name="Least">Value at the lower edge.</param>
/// <param name="Most">Value at the upper edge.</param>
/// <param name="IsLogarithmic">Whether equal ratios are equally far apart.</param>
internal sealed record SvgPanel(double Left, double Top, double Width, double Height, double Least, double Most, bool IsLogarithmic = false)
{
    private const int MostTicks = 4;

    public double Bottom => Top + Height;

    public double Y(double value)
    {
        var share = IsLogarithmic
            ? (Math.Log(Math.Clamp(value, Least, Most)) - Math.Log(Least)) / (Math.Log(Most) - Math.Log(Least))
            : (Math.Clamp(value, Least, Most) - Least) / (Most - Least);
        return Bottom - share * Height;
    }

    public double X(int part, int parts) => Left + Width * (part + 0.5) / parts;

    /// <summary>A line through the middle of each part, broken where nothing is known.</summary>
    public string Line(IReadOnlyList<float> values)
    {
        var path = new StringBuilder();
        var isOpen = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (float.IsNaN(values[i]))
            {
                isOpen = false;
                continue;
            }
            path.Append(isOpen ? 'L' : 'M').Append(Text(X(i, values.Count))).Append(' ').Append(Text(Y(values[i])));
            isOpen = true;
        }
        return path.ToString();
    }

    /// <summary>The area between two lines, where both are known.</summary>
    public string Band(IReadOnlyList<float> low, IReadOnlyList<float> high)
    {
        var path = new StringBuilder();
        for (var from = 0; from < low.Count; from++)
        {
            if (float.IsNaN(low[from]) || float.IsNaN(high[from])) continue;
            var to = from;
            while (to + 1 < low.Count && !float.IsNaN(low[to + 1]) && !float.IsNaN(high[to + 1])) to++;
            path.Append('M');
            for (var i = from; i <= to; i++) path.Append(Text(X(i, low.Count))).Append(' ').Append(Text(Y(high[i]))).Append('L');
            for (var i = to; i >= from; i--) path.Append(Text(X(i, low.Count))).Append(' ').Append(Text(Y(low[i]))).Append(i > from ? 'L' : 'Z');
            from = to;
        }
        return path.ToString();
    }

    /// <summary>The area under steps.</summary>
    public string Steps(IReadOnlyList<float> values)
    {
        var path = new StringBuilder($"M{Text(Left)} {Text(Bottom)}");
        var part = Width / values.Count;
        for (var i = 0; i < values.Count; i++) path.Append('V').Append(Text(Y(float.IsNaN(values[i]) ? 0 : values[i]))).Append('H').Append(Text(Left + (i + 1) * part));
        return path.Append('V').Append(Text(Bottom)).Append('Z').ToString();
    }

    /// <summary>Round values for the scale's lines.</summary>
    public IEnumerable<double> Ticks()
    {
        if (IsLogarithmic)
        {
            for (var value = Math.Pow(10, Math.Ceiling(Math.Log10(Least) - 1e-9)); value <= Most * (1 + 1e-9); value *= 10) yield return value;
            yield break;
        }
        var rough = (Most - Least) / MostTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = ((double[])[1, 2, 5, 10]).First(m => m * power >= rough * (1 - 1e-9)) * power;
        for (var value = Math.Ceiling(Least / step) * step; value <= Most + 1e-9; value += step) yield return value;
    }

    public static string Text(double pixels) => pixels.ToString("0.#", CultureInfo.InvariantCulture);
}

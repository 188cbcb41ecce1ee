using System.Globalization;

namespace ControlPlane.Core.Tests.Anomalies;

/// <summary>Figures of <c>Golden/anomalies.py</c>, and the series it makes.</summary>
internal static class AnomalyGolden
{
    public static double[] Read(string name)
    {
        using var stream = typeof(AnomalyGolden).Assembly.GetManifestResourceStream("anomalies.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(' ');
            if (cells[0] == name) return [.. cells[1..].Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
        }

        throw new ArgumentException($"there is no golden '{name}'", nameof(name));
    }

    public static double[] Uniforms(int count, ulong seed)
    {
        var (values, state) = (new double[count], seed);
        for (var i = 0; i < count; i++)
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            values[i] = (state >> 11) / (double)(1UL << 53);
        }

        return values;
    }

    /// <summary>Five-minute steps: a daily wave with noise; a spike at 900, a shift from 1200 to 1260, an outage at 1400.</summary>
    public static double[] Series()
    {
        var noise = Uniforms(1500, 1);
        double[] values = [.. noise.Select((u, i) => 20 + 8 * Math.Sin(2 * Math.PI * i / 288) + 4 * (u - 0.5))];
        values[900] += 30;
        for (var i = 1200; i < 1260; i++) values[i] += 12;
        for (var i = 1400; i < 1406; i++) values[i] = 0.5;
        return values;
    }

    public static DateTimeOffset Time(int step) => DateTimeOffset.UnixEpoch.AddMinutes(5 * step);

    public static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"at {i}: expected {expected[i]}, was {actual[i]}");
    }
}

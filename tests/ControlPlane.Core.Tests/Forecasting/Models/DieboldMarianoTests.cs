using System.Globalization;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Tests.Forecasting.Models;

/// <summary>Against numpy, scipy and statsmodels; Golden/diebold_mariano.py made the figures.</summary>
public sealed class DieboldMarianoTests
{
    private const double Tolerance = 1e-9;
    private static readonly string[][] Golden = Read();

    [Fact]
    public void Corrected_EveryHorizon_EqualsStatsmodels()
    {
        foreach (var line in Golden.Where(l => l[0] == "corrected")) AssertEqual(line, DieboldMariano.Corrected(Series(line[1]), int.Parse(line[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Robust_EverySeries_EqualsNumpy()
    {
        foreach (var line in Golden.Where(l => l[0] == "robust")) AssertEqual(line, DieboldMariano.Robust(Series(line[1])));
    }

    [Fact]
    public void Tests_TheOtherWayRound_GiveTheComplement()
    {
        double[] d = [.. Series("noise")], reversed = [.. d.Select(x => -x)];
        Assert.Equal(1, DieboldMariano.Corrected(d, 3).PValue + DieboldMariano.Corrected(reversed, 3).PValue, Tolerance);
        Assert.Equal(1, DieboldMariano.Robust(d).PValue + DieboldMariano.Robust(reversed).PValue, Tolerance);
    }

    [Fact]
    public void Tests_NothingToJudgeFrom_NeverReject()
    {
        Assert.Equal(1, DieboldMariano.Corrected([], 1).PValue);
        Assert.Equal(1, DieboldMariano.Corrected([1, 2], 2).PValue);
        Assert.Equal(1, DieboldMariano.Corrected(new double[50], 1).PValue);
        Assert.Equal(1, DieboldMariano.Robust([1, 2, 3, 4]).PValue);
        Assert.Equal(1, DieboldMariano.Robust(new double[50]).PValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => DieboldMariano.Corrected([1, 2], 0));
    }

    private static void AssertEqual(string[] line, MeanTest test)
    {
        Assert.Equal(Number(line[3]), test.Mean, Tolerance);
        Assert.Equal(Number(line[4]), test.Statistic, Tolerance);
        Assert.Equal(Number(line[5]), test.PValue, Tolerance);
    }

    private static double[] Series(string kind) => [.. Enumerable.Range(0, 60).Select(i => kind switch
    {
        "noise" => Math.Sin(12.9898 * (i + 1)) * 0.7 + Math.Cos(78.233 * (i + 1)) * 0.4 + 0.15,
        "waves" => Math.Sin(i / 4.0) + 0.3 * Math.Sin(12.9898 * (i + 1)) + 0.2,
        _ => (i % 2 == 0 ? 1.0 : -1.0) + 0.05 * Math.Sin(3.7 * i) + 0.02,
    })];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Read()
    {
        using var stream = typeof(DieboldMarianoTests).Assembly.GetManifestResourceStream("diebold_mariano.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
    }
}

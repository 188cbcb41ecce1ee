using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace ControlPlane.Cli.Tests;

public sealed class ScoreForecastTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ScoreM4_Json_HoldsTheScoresOfEveryModelAskedFor()
    {
        var (train, test) = WritePanel();
        var result = await CliProcess.RunAsync("score", "forecast", "--m4", train, test, "--model", "seasonal-naive", "--model", "ridge", "--format", "json");

        result.AssertSucceeded();
        using var json = JsonDocument.Parse(result.Out);
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["seasonal-naive", "ridge"], models.Select(m => m.GetProperty("name").GetString()));
        foreach (var model in models)
            foreach (var figure in (string[])["smape", "mase", "owa", "msis95", "coverage95", "seconds"]) Assert.True(model.GetProperty(figure).GetDouble() >= 0);
        Assert.False(models[0].TryGetProperty("pinball", out _));
        Assert.True(models[1].GetProperty("owa").GetDouble() < models[0].GetProperty("owa").GetDouble());
        Assert.True(json.RootElement.GetProperty("peakMemoryBytes").GetInt64() > 1 << 20);
    }

    [Fact]
    public async Task ScoreM4_TableAndPlot_AreWritten()
    {
        var (train, test) = WritePanel();
        var plot = _folder.PathOf("fan.svg");
        var result = await CliProcess.RunAsync("score", "forecast", "--m4", train, test, "--model", "theta", "--plot", plot);

        result.AssertSucceeded();
        Assert.Contains("theta", result.Out, StringComparison.Ordinal);
        Assert.Contains("MSIS 95%", result.Out, StringComparison.Ordinal);
        var svg = XDocument.Load(plot);
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(2, svg.Descendants(ns + "polygon").Count());
        Assert.DoesNotContain("NaN", File.ReadAllText(plot), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreM4_UnknownModel_NamesTheKnown()
    {
        var (train, test) = WritePanel();
        var result = await CliProcess.RunAsync("score", "forecast", "--m4", train, test, "--model", "prophet");
        result.AssertRefusedInOneLine("there is no model 'prophet'; known: seasonal-naive");
    }

    [Theory]
    [InlineData("series,step,value\nX,1,5\n", "the series 'X' is not in")]
    [InlineData("series,step,value\na,1,5\na,2,5\nb,1,5\n", "'b' has 1 values, 'a' 2")]
    public async Task ScoreM4_TestDoesNotFit_SaysWhy(string test, string expected)
    {
        var (train, _) = WritePanel();
        var result = await CliProcess.RunAsync("score", "forecast", "--m4", train, _folder.Write("other.csv", test));
        result.AssertRefusedInOneLine(expected);
    }

    [Fact]
    public async Task ScoreTrace_Json_HoldsTheEnsembleBesideBothBaselines()
    {
        var result = await CliProcess.RunAsync("score", "forecast", "--trace", _folder.WriteTrace(), "--horizon", "15m", "--model", "ensemble", "--format", "json");

        result.AssertSucceeded();
        using var json = JsonDocument.Parse(result.Out);
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["seasonal-naive", "holt-winters-star", "ensemble"], models.Select(m => m.GetProperty("name").GetString()));
        Assert.All(models, m => Assert.True(m.GetProperty("pinball").GetDouble() > 0 && m.GetProperty("wape").GetDouble() > 0));
        Assert.All(models, m => Assert.InRange(m.GetProperty("coverage").GetProperty("0.5").GetDouble(), 0, 100));
        var least = Math.Min(models[0].GetProperty("pinball").GetDouble(), models[1].GetProperty("pinball").GetDouble());
        Assert.Equal(models[2].GetProperty("pinball").GetDouble() / least, models[2].GetProperty("ratio").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task ScoreTrace_SeveralAndPlot_HasALineForEach()
    {
        var plot = _folder.PathOf("fan.svg");
        var result = await CliProcess.RunAsync(
            "score", "forecast", "--trace", _folder.WriteTrace(), "--trace", _folder.WriteTrace("other.csv") + ":requests", "--step", "5m", "--horizon", "30m", "--model", "ensemble", "--plot", plot);

        result.AssertSucceeded();
        Assert.Contains("mean of 2 traces", result.Out, StringComparison.Ordinal);
        Assert.Contains("other:requests", result.Out, StringComparison.Ordinal);
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.True(XDocument.Load(plot).Descendants(ns + "polygon").Count() >= 4);
    }

    [Theory]
    [InlineData(new[] { "--step", "90s" }, "--step: 1m30s is not a multiple of the interval 1m")]
    [InlineData(new[] { "--horizon", "30s" }, "--horizon: ")]
    [InlineData(new[] { "--train-days", "-1" }, "--train-days: -1 is below 0")]
    [InlineData(new[] { "--train-days", "5" }, "no forecast could be scored")]
    [InlineData(new[] { "--model", "prophet" }, "there is no model 'prophet'")]
    [InlineData(new[] { "--leave-out", "2" }, "--leave-out: 2 parts of 1 traces")]
    public async Task ScoreTrace_BadOption_SaysWhy(string[] options, string expected)
    {
        var result = await CliProcess.RunAsync(["score", "forecast", "--trace", _folder.WriteTrace(), .. options]);
        result.AssertRefusedInOneLine(expected);
    }

    [Fact]
    public async Task Score_NoData_SaysWhatIsNeeded()
    {
        var result = await CliProcess.RunAsync("score", "forecast");
        result.AssertRefusedInOneLine("--m4 TRAIN TEST");
    }

    /// <summary>Two series of 400 hours and the 24 after each.</summary>
    private (string Train, string Test) WritePanel()
    {
        var (train, test) = (new StringBuilder("series,step,value\n"), new StringBuilder("series,step,value\n"));
        var noise = 1u;
        foreach (var name in (string[])["a", "b"])
        {
            for (var t = 0; t < 424; t++)
            {
                noise = noise * 1664525 + 1013904223;
                var value = 100 + 30 * Math.Sin(2 * Math.PI * t / 24) + 10 * Math.Cos(2 * Math.PI * t / 168) + noise / 4e8;
                (t < 400 ? train : test).Append(CultureInfo.InvariantCulture, $"{name},{(t < 400 ? t : t - 400) + 1},{value:R}\n");
            }
        }

        return (_folder.Write("train.csv", train.ToString()), _folder.Write("test.csv", test.ToString()));
    }
}

namespace ControlPlane.Cli.Tests;

/// <summary>Traces that cannot be used: one message that names the place and the rule.</summary>
public sealed class BacktestTraceTests
{
    private const string Header = "timestamp,requests\n";
    private const string First = "2026-01-05T00:00:00Z,600\n";
    private const string Second = "2026-01-05T00:01:00Z,700\n";

    public static TheoryData<string, string, string[]> BadTraces => new()
    {
        { "text", $"{Header}{First}2026-01-05T00:01:00Z,many\n", ["line 3", "'requests'", "'many' is not a number"] },
        { "NaN", $"{Header}{First}2026-01-05T00:01:00Z,NaN\n", ["line 3", "'requests'", "not finite"] },
        { "infinity", $"{Header}{First}2026-01-05T00:01:00Z,Infinity\n", ["line 3", "'requests'", "not finite"] },
        { "negative", $"{Header}{First}2026-01-05T00:01:00Z,-5\n", ["line 3", "'requests'", "-5 is negative"] },
        { "unsorted", $"{Header}{Second}{First}", ["line 3", "'timestamp'", "sorted by time"] },
        { "duplicate", $"{Header}{First}{First}", ["line 3", "'timestamp'", "is there twice"] },
        { "irregular", $"{Header}{First}{Second}2026-01-05T00:02:00Z,5\n2026-01-05T00:02:31Z,5\n", ["line 5", "'timestamp'", "whole number of intervals"] },
        { "bad time", $"{Header}{First}yesterday,5\n", ["line 3", "'timestamp'", "'yesterday' is not a timestamp"] },
        { "short row", $"{Header}{First}2026-01-05T00:01:00Z\n", ["line 3", "1 fields, the header 2"] },
        { "no header", $"{First}{Second}", ["line 1", "header line is missing"] },
        { "header only", Header, ["no rows below the header"] },
        { "empty", "", ["the file is empty"] },
        { "long gap", $"{Header}{First}{Second}2026-01-09T00:00:00Z,5\n", ["line 4", "a gap may last"] },
    };

    [Theory]
    [MemberData(nameof(BadTraces))]
    public async Task Backtest_BadTrace_IsRefusedWithPlaceAndRule(string name, string text, string[] parts)
    {
        using var folder = new TempFolder();
        var trace = folder.Write($"{name}.csv", text);

        var result = await CliProcess.RunAsync("backtest", "--trace", trace, "--format", "json");

        result.AssertRefusedInOneLine([trace, .. parts]);
    }

    [Fact]
    public async Task Backtest_WrongColumn_NamesItAndThoseThatAre()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace();

        var result = await CliProcess.RunAsync("backtest", "--trace", trace, "--column", "hits");

        result.AssertRefusedInOneLine(trace, "'hits'", "there is no such value column", "'requests'");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.05)]
    [InlineData(0.995)]
    public async Task Backtest_GzipCutOff_SaysSo(double share)
    {
        using var folder = new TempFolder();
        var whole = TempFolder.Gzip(TempFolder.TraceText());
        var trace = folder.Write("cut.csv.gz", whole[..(int)(whole.Length * share)]);

        var result = await CliProcess.RunAsync("backtest", "--trace", trace);

        result.AssertRefusedInOneLine(trace, "gzip data is damaged or cut off");
    }

    [Fact]
    public async Task Backtest_PlainTextNamedGzip_SaysSo()
    {
        using var folder = new TempFolder();
        var trace = folder.Write("plain.csv.gz", TempFolder.TraceText());

        (await CliProcess.RunAsync("backtest", "--trace", trace)).AssertRefusedInOneLine(trace, "holds no gzip data");
    }

    [Fact]
    public async Task Backtest_MissingFile_SaysSo()
    {
        using var folder = new TempFolder();
        var trace = folder.PathOf("nowhere.csv");

        (await CliProcess.RunAsync("backtest", "--trace", trace)).AssertRefusedInOneLine(trace, "there is no such file");
    }

    [Fact]
    public async Task Backtest_Folder_SaysSo()
    {
        using var folder = new TempFolder();

        (await CliProcess.RunAsync("backtest", "--trace", folder.Path)).AssertRefusedInOneLine(folder.Path, "is a folder");
    }

    [Fact]
    public async Task Backtest_TraceWithGaps_WorksAndNotesThem()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace("gaps.csv", minute => minute is >= 100 and < 117);

        var result = await CliProcess.RunAsync("backtest", "--trace", trace, "--format", "csv");

        result.AssertSucceeded();
        Assert.Equal("note: 17 of 720 intervals are not recorded", result.Error[..Math.Min(42, result.Error.Length)]);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(5, result.Out.TrimEnd('\n').Split('\n').Length);
    }
}

using System.Text.RegularExpressions;

namespace ControlPlane.Cli.Tests;

/// <summary>The same seed gives the same bytes, whatever else the machine does.</summary>
public sealed partial class BacktestDeterminismTests
{
    [Fact]
    public async Task Backtest_SameSeedTwice_PrintsTheSameBytes()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace();

        Assert.Equal(await Bytes(trace, "--seed", "3", "--split"), await Bytes(trace, "--seed", "3", "--split"));
    }

    [Fact]
    public async Task Backtest_SameSeedWithABusyCore_PrintsTheSameBytes()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace();
        var quiet = await Bytes(trace, "--seed", "3", "--split");

        var isOver = false;
        var spinning = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver)) Thread.SpinWait(1000);
        })
        { IsBackground = true };
        spinning.Start();
        var busy = await Bytes(trace, "--seed", "3", "--split");
        Volatile.Write(ref isOver, true);
        spinning.Join();

        Assert.Equal(quiet, busy);
    }

    [Fact]
    public async Task Backtest_OtherSeedWithSplit_DiffersInMoreThanTheSeed()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace();

        var one = await Bytes(trace, "--seed", "1", "--split");
        var two = await Bytes(trace, "--seed", "2", "--split");

        Assert.NotEqual(one, two.Replace("\"seed\": 2", "\"seed\": 1", StringComparison.Ordinal));
    }

    private static async Task<string> Bytes(string trace, params string[] more)
    {
        var result = await CliProcess.RunAsync(["backtest", "--trace", trace, "--format", "json", .. more]);
        result.AssertSucceeded();
        Assert.Matches(WallSeconds(), result.Out);
        return WallSeconds().Replace(result.Out, "");
    }

    [GeneratedRegex("\"wallSeconds\": [0-9.E+-]+")]
    private static partial Regex WallSeconds();
}

using ControlPlane.Core.Learning;

namespace ControlPlane.Cli.Tests;

public sealed class TrainAdviserTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TrainAdviser_TwoTraces_WritesOneThatABacktestTakes()
    {
        var (file, trace) = (_folder.PathOf("adviser.bin"), _folder.WriteTrace());
        var result = await CliProcess.RunAsync("train", "adviser", "--trace", trace, "--trace", _folder.WriteTrace("other.csv"), "--seeds", "2", "--model-version", "1.2.0", "--out", file);
        result.AssertSucceeded();
        Assert.Contains("adviser-table/1.2.0", result.Out, StringComparison.Ordinal);
        Assert.Contains("not released, stays in shadow", result.Out, StringComparison.Ordinal);
        Assert.Equal("adviser-table/1.2.0", AdviserModel.Load(File.ReadAllBytes(file)).Id.ToString());

        var records = _folder.PathOf("records.jsonl");
        var backtest = await CliProcess.RunAsync("backtest", "--trace", trace, "--adviser", file, "--against", "hpa", "--records", records);
        backtest.AssertSucceeded();
        Assert.Contains("\"not-released\"", File.ReadLines(records).Last(), StringComparison.Ordinal);
        var replay = await CliProcess.RunAsync("replay", records);
        replay.AssertSucceeded();
    }

    [Fact]
    public async Task Backtest_FileThatIsNoAdviser_IsRefused()
    {
        var trace = _folder.WriteTrace();
        var result = await CliProcess.RunAsync("backtest", "--trace", trace, "--adviser", trace);
        result.AssertRefusedInOneLine("a model artifact");
    }

    [Theory]
    [InlineData("two traces", "--seeds", "2")]
    [InlineData("--seeds: 0", "--seeds", "0")]
    [InlineData("--model-version", "--model-version", "1")]
    public async Task TrainAdviser_WrongInput_SaysSo(string message, string option, string value)
    {
        var result = await CliProcess.RunAsync("train", "adviser", "--trace", _folder.WriteTrace(), option, value, "--out", _folder.PathOf("adviser.bin"));
        result.AssertRefusedInOneLine(message);
    }
}

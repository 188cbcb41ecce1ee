using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TrainNetwork_TwoTraces_WritesWeightsThatNameThem()
    {
        var file = _folder.PathOf("weights.bin");
        var result = await CliProcess.RunAsync("train", "network", "--trace", _folder.WriteTrace(), "--trace", _folder.WriteTrace("other.csv") + ":requests", "--out", file);

        result.AssertSucceeded();
        Assert.Contains("of 2 traces", result.Out, StringComparison.Ordinal);
        Assert.Equal(["shop", "other:requests"], CorrectionWeights.Load(File.ReadAllBytes(file)).Header.Traces.AsEnumerable());
    }

    [Fact]
    public async Task TrainNetwork_NoSuchFolder_SaysSo()
    {
        var result = await CliProcess.RunAsync("train", "network", "--trace", _folder.WriteTrace(), "--out", _folder.PathOf("nowhere/weights.bin"));
        result.AssertRefusedInOneLine("there is no folder");
    }

    [Fact]
    public async Task TrainNetwork_TooLittle_SaysHowMuchIsNeeded()
    {
        var trace = _folder.WriteTrace("short.csv", minute => minute > 200);
        var result = await CliProcess.RunAsync("train", "network", "--trace", trace, "--out", _folder.PathOf("weights.bin"));
        result.AssertRefusedInOneLine("256 of each are needed");
    }
}

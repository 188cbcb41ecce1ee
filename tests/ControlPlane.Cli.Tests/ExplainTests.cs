using System.Globalization;
using System.Text.Json.Nodes;

namespace ControlPlane.Cli.Tests;

/// <summary>Why a service had its replicas, from the records of a backtest.</summary>
public sealed class ExplainTests(ReplayTests.Recorded recorded) : IClassFixture<ReplayTests.Recorded>
{
    [Theory]
    [InlineData("simulation/default/deployment/service")]
    [InlineData("service")]
    public async Task Explain_AMoment_TellsTheDecisionThatHeldThen(string service)
    {
        var record = JsonNode.Parse(recorded.Lines[1500])!["decision"]!;
        var time = DateTimeOffset.Parse((string)record["time"]!, CultureInfo.InvariantCulture);

        var result = await CliProcess.RunAsync("explain", service, "--records", recorded.Path, "--at", time.AddSeconds(7).ToString("O", CultureInfo.InvariantCulture));

        result.AssertSucceeded();
        var lines = result.Out.TrimEnd('\n').Split('\n');
        Assert.Equal($"{record["id"]} at {time:u}", lines[0]);
        Assert.StartsWith($"reason {record["reason"]}; policy ", lines[2], StringComparison.Ordinal);
        string[] stages = ["signals", "reactive", "predictive", "trend", "trust", "guardrails"];
        Assert.Equal(stages, lines[3..^1].Select(l => l.Trim().Split(' ')[0]));
        Assert.Equal("made again from its record: bit-identical", lines[^1]);
    }

    [Fact]
    public async Task Explain_NoMoment_TellsTheNewest()
    {
        var result = await CliProcess.RunAsync("explain", "service", "--records", recorded.Path, "--format", "json");

        result.AssertSucceeded();
        Assert.Equal((string?)JsonNode.Parse(recorded.Lines[^1])!["decision"]!["id"], (string?)JsonNode.Parse(result.Out)!["decision"]!["id"]);
    }

    [Theory]
    [InlineData("other", "2030-01-01T00:00:00Z", "holds no decision on 'other'")]
    [InlineData("service", "1990-01-01T00:00:00Z", "holds no decision on 'service' up to 1990-01-01")]
    [InlineData("service", "yesterday", "--at: 'yesterday' is neither a moment")]
    public async Task Explain_NothingThere_SaysSo(string service, string at, string expected) =>
        (await CliProcess.RunAsync("explain", service, "--records", recorded.Path, "--at", at)).AssertRefusedInOneLine(expected);

    [Fact]
    public async Task Explain_NoSilo_SaysSo() =>
        (await CliProcess.RunAsync("explain", "service", "--silo", "http://127.0.0.1:9")).AssertRefusedInOneLine("cannot be reached");
}

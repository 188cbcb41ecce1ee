using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Cli.Tests;

/// <summary>Decisions are made again from their records.</summary>
public sealed class ReplayTests(ReplayTests.Recorded recorded) : IClassFixture<ReplayTests.Recorded>
{
    public static TheoryData<string, string, string> Garbage => new()
    {
        { "text", "scaled 4 to 7\n", ":1: is no decision record" },
        { "other JSON", "{\"name\": \"shop\"}\n", ":1: is no decision record" },
        { "null", "null\n", ":1: is no decision record" },
        { "cut off", "{\"before\": {", ":1: is no decision record" },
        { "empty", "", "holds no record" },
        { "blank", "\n\n", "holds no record" },
    };

    [Fact]
    public async Task Replay_EveryRecordOfABacktest_IsBitIdentical()
    {
        var result = await CliProcess.RunAsync("replay", recorded.Path);

        result.AssertSucceeded();
        Assert.Equal($"{recorded.Lines.Length} replayed, all bit-identical\n", result.Out);
        Assert.True(recorded.Lines.Length >= 2800, $"{recorded.Lines.Length} records of 2880 steps");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_OneRecord_SaysWhyAndThatItIsIdentical(bool isIndented)
    {
        using var folder = new TempFolder();
        var line = recorded.Lines[1500];
        var text = isIndented ? JsonNode.Parse(line)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) : line;

        var result = await CliProcess.RunAsync("replay", folder.Write("record.json", text));

        result.AssertSucceeded();
        Assert.EndsWith("1 replayed, all bit-identical\n", result.Out, StringComparison.Ordinal);
        Assert.Contains((string?)JsonNode.Parse(line)!["decision"]!["id"] + " at ", result.Out, StringComparison.Ordinal);
        Assert.Contains("guardrails", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ChangedRecord_IsCalledDifferent()
    {
        using var folder = new TempFolder();
        var changed = JsonNode.Parse(recorded.Lines[1500])!;
        changed["decision"]!["desiredReplicas"] = (int)changed["decision"]!["desiredReplicas"]! + 1;
        var file = folder.Write("records.jsonl", $"{recorded.Lines[0]}\n{changed.ToJsonString()}\n{recorded.Lines[2]}\n");

        var result = await CliProcess.RunAsync("replay", file);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{changed["decision"]!["id"]}: DIFFERENT", result.Out, StringComparison.Ordinal);
        Assert.EndsWith("3 replayed, 1 different\n", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Replay_NoRecord_IsRefusedWithFileAndLine(string name, string text, string part)
    {
        using var folder = new TempFolder();
        var file = folder.Write($"{name}.json", text);

        (await CliProcess.RunAsync("replay", file)).AssertRefused(file, part);
    }

    [Fact]
    public async Task Replay_GarbageAfterARecord_NamesItsLine()
    {
        using var folder = new TempFolder();
        var file = folder.Write("records.jsonl", $"{recorded.Lines[0]}\nnonsense\n");

        (await CliProcess.RunAsync("replay", file)).AssertRefused(file, ":2: is no decision record");
    }

    [Fact]
    public async Task Replay_MissingFile_SaysSo()
    {
        using var folder = new TempFolder();
        var file = folder.PathOf("nowhere.json");

        (await CliProcess.RunAsync("replay", file)).AssertRefusedInOneLine(file, "there is no record file");
    }

    /// <summary>Every decision of a short backtest.</summary>
    public sealed class Recorded : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();

        public string Path => _folder.PathOf("records.jsonl");

        public string[] Lines { get; private set; } = [];

        public async Task InitializeAsync()
        {
            var result = await CliProcess.RunAsync("backtest", "--trace", _folder.WriteTrace(), "--split", "--records", Path, "--format", "json");
            result.AssertSucceeded();
            Lines = await File.ReadAllLinesAsync(Path);
        }

        public Task DisposeAsync()
        {
            _folder.Dispose();
            return Task.CompletedTask;
        }
    }
}

using ControlPlane.Embedded.Storage.Files;
using System.Text;

namespace ControlPlane.Cli.Tests;

public sealed class StateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("controlplane-test-");

    [Fact]
    public async Task ExportAndImport_OfFolders_MoveEveryByte()
    {
        await FillAsync("from", ("policy", "policy/test", """{"LastVersion":3}"""), ("service", "service/test/shop/deployment/web", """{"Window":"AAEC","x":1.50}"""));

        var exported = await CliProcess.RunAsync("state", "export", At("from"), At("state.jsonl"));
        var imported = await CliProcess.RunAsync("state", "import", At("state.jsonl"), At("into"));
        var again = await CliProcess.RunAsync("state", "import", At("state.jsonl"), At("into"));

        exported.AssertSucceeded();
        Assert.Equal($"2 states of {At("from")} in {At("state.jsonl")}\n", exported.Out);
        Assert.Equal($"2 states imported into {At("into")}, 0 were there already\n", imported.Out);
        Assert.Equal($"0 states imported into {At("into")}, 2 were there already\n", again.Out);
        Assert.Equal(States("from"), States("into"));
    }

    [Fact]
    public async Task Import_OverOtherStates_RefusesUnlessForced()
    {
        await FillAsync("from", ("policy", "policy/test", "1"));
        await FillAsync("into", ("policy", "policy/test", "2"));
        (await CliProcess.RunAsync("state", "export", At("from"), At("state.jsonl"))).AssertSucceeded();

        (await CliProcess.RunAsync("state", "import", At("state.jsonl"), At("into"))).AssertRefused("policy of policy/test", "--force");
        Assert.NotEqual(States("from"), States("into"));

        (await CliProcess.RunAsync("state", "import", At("state.jsonl"), At("into"), "--force")).AssertSucceeded();
        Assert.Equal(States("from"), States("into"));
    }

    [Fact]
    public async Task Import_OfAChangedFile_RefusesInOneLine()
    {
        await FillAsync("from", ("policy", "policy/test", "1"));
        (await CliProcess.RunAsync("state", "export", At("from"), At("state.jsonl"))).AssertSucceeded();
        var text = await File.ReadAllTextAsync(At("state.jsonl"));
        await File.WriteAllTextAsync(At("state.jsonl"), text.Replace("\"json\":1", "\"json\":2", StringComparison.Ordinal));

        (await CliProcess.RunAsync("state", "import", At("state.jsonl"), At("into"))).AssertRefusedInOneLine(At("state.jsonl"), "checksum does not fit");

        Assert.False(Directory.Exists(At("into")));
    }

    [Fact]
    public async Task Export_OfWhatIsThere_RefusesInOneLine()
    {
        using var silo = new StateArchive(At("used"));
        Directory.CreateDirectory(At("empty"));

        (await CliProcess.RunAsync("state", "export", At("used"), At("a.jsonl"))).AssertRefusedInOneLine("in use by another process");
        (await CliProcess.RunAsync("state", "export", At("empty"), At("a.jsonl"))).AssertRefusedInOneLine("holds no state");
        (await CliProcess.RunAsync("state", "export", At("none"), At("a.jsonl"))).AssertRefusedInOneLine("there is no folder");
        (await CliProcess.RunAsync("state", "export", "http://127.0.0.1:9", At("a.jsonl"))).AssertRefusedInOneLine("cannot be reached");
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task FillAsync(string folder, params (string State, string Grain, string Json)[] states)
    {
        using var archive = new StateArchive(At(folder));
        await archive.ImportAsync(states.Select(s => new StoredState("grains", s.State, s.Grain, "", Encoding.UTF8.GetBytes(s.Json))));
    }

    private IReadOnlyList<string> States(string folder)
    {
        using var archive = new StateArchive(At(folder));
        return [.. archive.Export().Select(s => $"{s.Storage} {s.State} {s.Grain} {Encoding.UTF8.GetString(s.Json.Span)}")];
    }
}

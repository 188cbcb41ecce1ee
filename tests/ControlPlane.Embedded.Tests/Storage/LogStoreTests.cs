using System.Globalization;
using ControlPlane.Embedded.Storage.Files;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Embedded.Tests.Storage;

public sealed class LogStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_ThenOpenAgain_ValuesAndEtagsAreThere()
    {
        long etag;
        using (var store = LogStoreFixture.Open(_folder))
        {
            await store.PutAsync("a", "1");
            etag = await store.PutAsync("a", "2");
            await store.PutAsync("b", "3");
            await store.ClearAsync("b");
        }

        using var again = LogStoreFixture.Open(_folder);
        Assert.Equal("2", again.Get("a"));
        Assert.Equal(etag, again.Read(LogStoreFixture.Key("a"))!.Value.Etag);
        Assert.Null(again.Get("b"));
        Assert.True(await again.PutAsync("b", "4") > etag + 2, "an etag is never given out twice");
    }

    [Fact]
    public void Operations_AnySequenceWithCrashes_MatchADictionary()
    {
        var operation = Gen.Choose(0, 9).SelectMany(kind => Gen.Choose(0, 4).Select(key => (kind, key: "k" + key.ToString(CultureInfo.InvariantCulture))));
        Prop.ForAll(Gen.ListOf(operation).ToArbitrary(), operations =>
        {
            using var folder = new TemporaryFolder();
            var model = new Dictionary<string, string>();
            var store = LogStoreFixture.Open(folder, compactAt: 500);
            var number = 0;
            foreach (var (kind, key) in operations)
            {
                switch (kind)
                {
                    case 0:
                        store.Abandon();
                        store = LogStoreFixture.Open(folder, compactAt: 500);
                        break;
                    case 1:
                        store.Dispose();
                        store = LogStoreFixture.Open(folder, compactAt: 500);
                        break;
                    case 2:
                        store.ClearAsync(key).GetAwaiter().GetResult();
                        model.Remove(key);
                        break;
                    default:
                        var value = new string('x', 20) + number++.ToString(CultureInfo.InvariantCulture);
                        store.PutAsync(key, value).GetAwaiter().GetResult();
                        model[key] = value;
                        break;
                }
            }

            var contents = store.Contents();
            store.Dispose();
            return contents.Count == model.Count && model.All(pair => contents[pair.Key] == pair.Value);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true));
    }

    [Fact]
    public async Task Write_ManyAtOnce_ShareFlushes()
    {
        const int Writers = 500;
        using var store = LogStoreFixture.Open(_folder);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => store.PutAsync($"g{i}", $"{i}")));

        Assert.Equal(Writers, store.Contents().Count);
        Assert.InRange(store.Flushes, 1, Writers / 2);
    }

    [Fact]
    public void Open_FolderInUse_SaysSoAndNamesTheFolder()
    {
        using var store = LogStoreFixture.Open(_folder);

        var exception = Assert.Throws<IOException>(() => LogStoreFixture.Open(_folder));

        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("in use", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AfterClose_FailsAndSaysWhy()
    {
        var store = LogStoreFixture.Open(_folder);
        store.Dispose();

        Assert.Contains("closed", (await Assert.ThrowsAsync<IOException>(() => store.PutAsync("a", "1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_ExportThenImport_MovesEveryState()
    {
        using (var store = LogStoreFixture.Open(_folder))
        {
            await store.PutAsync("a", "1");
            await store.PutAsync("b", "2");
        }

        using var target = new TemporaryFolder();
        using (var from = new StateArchive(_folder.Path))
        using (var to = new StateArchive(target.Path))
        {
            Assert.Equal(2, await to.ImportAsync(from.Export()));
        }

        using var moved = LogStoreFixture.Open(target);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, moved.Contents());
    }

    [Fact]
    public async Task Process_Killed_EveryAcknowledgedWriteIsThere()
    {
        using var child = ChildProcess.Start("write", _folder.Path);
        var acknowledged = new Dictionary<string, long>();
        for (var line = 0; line < 3000; line++)
        {
            Take((await child.StandardOutput.ReadLineAsync())!, acknowledged);
        }

        child.Kill();
        while (await child.StandardOutput.ReadLineAsync() is { } rest)
        {
            Take(rest, acknowledged);
        }

        await child.WaitForExitAsync();
        Assert.NotEqual(0, child.ExitCode);
        using var archive = new StateArchive(_folder.Path);
        var stored = archive.Export().ToDictionary(s => s.Grain, s => long.Parse(s.Json.Span, CultureInfo.InvariantCulture));
        Assert.Equal(20, acknowledged.Count);
        foreach (var (grain, number) in acknowledged)
        {
            Assert.InRange(stored[grain], number, number + 1);
        }
    }

    // The last line may be cut off in the middle; it then lacks its end and is not taken.
    private static void Take(string line, Dictionary<string, long> acknowledged)
    {
        var words = line.Split(' ');
        if (words.Length == 2 && long.TryParse(words[1], CultureInfo.InvariantCulture, out var number))
        {
            acknowledged[words[0]] = Math.Max(number, acknowledged.GetValueOrDefault(words[0]));
        }
    }
}

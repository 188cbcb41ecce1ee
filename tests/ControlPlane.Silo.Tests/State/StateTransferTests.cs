using ControlPlane.Silo.State;

namespace ControlPlane.Silo.Tests.State;

/// <summary>A file of states: written, read, refused when damaged; and what an import does with what is there already.</summary>
public sealed class StateTransferTests : IDisposable
{
    // Bytes that a writer would form otherwise: order, spaces, an escaped letter, a number's form.
    private const string Odd = """{ "b":1.50,"a":"\u00e9 ü 🙂","n":{"x":[1, 2]} }""";

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Read_OfWhatWasWritten_GivesTheSameBytes()
    {
        var from = Store(("service", "service/a/b/c/d", Odd), ("policy", "policy/a", "{}"));

        Assert.Equal(2, await WriteAsync(from));
        Assert.Equal(2, await StateFile.VerifyAsync(_file, default));

        var into = new MemoryStateStore();
        Assert.Equal(new ImportResult(2, 0), await StateImport.RunAsync(into, _file, force: false, default));
        Assert.Equal(from.States.OrderBy(s => s.Key), into.States.OrderBy(s => s.Key));
        Assert.Equal(["policy/a", "service/a/b/c/d"], into.Forgotten.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("cut line", "is not JSON")]
    [InlineData("no end", "cut off after 2 states")]
    [InlineData("changed", "checksum does not fit")]
    [InlineData("line lost", "holds 1 states")]
    [InlineData("line after", "comes after the closing line")]
    [InlineData("empty", "it is empty")]
    [InlineData("other", "no file of exported state")]
    [InlineData("newer", "format version 2")]
    public async Task Import_OfADamagedFile_SaysWhatIsWrongAndWritesNothing(string damage, string part)
    {
        await WriteAsync(Store(("policy", "policy/a", """{"Max":9}"""), ("policy", "policy/b", "{}")));
        var lines = await File.ReadAllLinesAsync(_file);
        await File.WriteAllTextAsync(_file, damage switch
        {
            "cut line" => string.Join('\n', lines)[..^20],
            "no end" => string.Join('\n', lines[..^1]) + "\n",
            "changed" => string.Join('\n', lines).Replace("9", "8", StringComparison.Ordinal),
            "line lost" => string.Join('\n', [lines[0], lines[1], lines[^1]]),
            "line after" => string.Join('\n', [.. lines, lines[1]]),
            "empty" => "",
            "other" => "{\"hello\":1}\n",
            _ => string.Join('\n', lines).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal),
        });
        var into = new MemoryStateStore();

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => StateImport.RunAsync(into, _file, force: true, default));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Empty(into.Written);
    }

    [Fact]
    public async Task Import_OverOtherStates_RefusesUnlessForced()
    {
        await WriteAsync(Store(("policy", "policy/a", "1"), ("policy", "policy/b", "2"), ("policy", "policy/c", "3")));
        var into = Store(("policy", "policy/a", "1"), ("policy", "policy/b", "newer"));

        var error = await Assert.ThrowsAsync<StateConflictException>(() => StateImport.RunAsync(into, _file, force: false, default));
        Assert.Contains("policy of policy/b", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("policy/a", error.Message, StringComparison.Ordinal);
        Assert.Empty(into.Written);

        Assert.Equal(new ImportResult(2, 1), await StateImport.RunAsync(into, _file, force: true, default));
        Assert.Equal(["policy of policy/b", "policy of policy/c"], into.Written.Order(StringComparer.Ordinal));
        Assert.Equal(["policy/b", "policy/c"], into.Forgotten.Order(StringComparer.Ordinal));
        Assert.Equal(new ImportResult(0, 3), await StateImport.RunAsync(into, _file, force: false, default));
    }

    public void Dispose() => File.Delete(_file);

    private static MemoryStateStore Store(params (string State, string Grain, string Json)[] states)
    {
        var store = new MemoryStateStore();
        foreach (var (state, grain, json) in states) store.States[(state, grain)] = json;
        return store;
    }

    private async Task<int> WriteAsync(MemoryStateStore store)
    {
        await using var target = File.Create(_file);
        return await StateFile.WriteAsync(target, store.ExportAsync(default), DateTimeOffset.UnixEpoch, default);
    }
}

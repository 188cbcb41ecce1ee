using System.Buffers.Binary;
using System.Numerics;
using ControlPlane.Embedded.Storage.Files;

namespace ControlPlane.Embedded.Tests.Storage;

public sealed class LogDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_TailTornAtAnyByte_GivesAllWholeRecordsAndOneWarning()
    {
        var (log, ends) = await WriteAsync(clean: false);
        for (var length = LogFormat.HeaderBytes; length <= log.Length; length++)
        {
            File.WriteAllBytes(_folder.Log, log[..length]);
            var logger = new ListLogger();
            using (var store = LogStoreFixture.Open(_folder, logger))
            {
                var whole = ends.Count(end => end <= length);
                Assert.Equal(Enumerable.Range(0, whole).ToDictionary(i => $"g{i}", i => $"value {i}"), store.Contents());
                await store.PutAsync("after", "x");
            }

            var isCut = !IsRecordEnd(log, length);
            Assert.Equal(isCut ? 1 : 0, logger.Warnings.Count(w => w.Contains(_folder.Log, StringComparison.Ordinal) && w.Contains("dropped", StringComparison.Ordinal)));
            using var again = LogStoreFixture.Open(_folder);
            Assert.Equal("x", again.Get("after"));
        }
    }

    [Fact]
    public async Task Open_LogShorterThanItsHeader_IsRefused()
    {
        var (log, _) = await WriteAsync(clean: true);
        for (var length = 0; length < LogFormat.HeaderBytes; length++)
        {
            File.WriteAllBytes(_folder.Log, log[..length]);

            Assert.Contains(_folder.Log, Assert.Throws<InvalidDataException>(() => LogStoreFixture.Open(_folder)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_AnyByteDamagedAfterACleanEnd_IsRefusedWithFileAndOffset()
    {
        var (log, _) = await WriteAsync(clean: true);

        // The last record is the mark of the clean end itself: damage there looks like, and is treated as, a torn tail.
        for (var at = 0; at < log.Length - LogFormat.MarkBytes; at++)
        {
            var damaged = (byte[])log.Clone();
            damaged[at] ^= 0x5A;
            File.WriteAllBytes(_folder.Log, damaged);

            var exception = Assert.Throws<InvalidDataException>(() => LogStoreFixture.Open(_folder));

            Assert.Contains(_folder.Log, exception.Message, StringComparison.Ordinal);
            if (at is >= LogFormat.HeaderBytes or < 8)
            {
                Assert.Contains("offset", exception.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, File.ReadAllBytes(_folder.Log));
            }
        }
    }

    [Fact]
    public async Task Open_UnknownVersion_IsRefusedAndNamed()
    {
        var (log, _) = await WriteAsync(clean: true);
        BinaryPrimitives.WriteUInt32LittleEndian(log.AsSpan(8), 7);
        var sum = uint.MaxValue;
        foreach (var b in log.AsSpan(0, 12))
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(log.AsSpan(12), ~sum);
        File.WriteAllBytes(_folder.Log, log);

        Assert.Contains("version 7", Assert.Throws<InvalidDataException>(() => LogStoreFixture.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TailOfZeros_IsDropped()
    {
        var (log, ends) = await WriteAsync(clean: false);
        File.WriteAllBytes(_folder.Log, [.. log, .. new byte[5000]]);

        using var store = LogStoreFixture.Open(_folder);

        Assert.Equal(ends.Count, store.Contents().Count);
        Assert.Equal(log.Length, store.Length);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("writing")]
    [InlineData("flushed")]
    [InlineData("renamed")]
    public async Task Compaction_InterruptedAtAStep_LosesNothing(string step)
    {
        var store = LogStoreFixture.Open(_folder, compactAt: 1000);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.OnCompaction = at =>
        {
            if (at == step)
            {
                reached.TrySetResult();
                throw new IOException("crash");
            }
        };
        for (var i = 0; !reached.Task.IsCompleted; i++)
        {
            await store.PutAsync($"g{i % 3}", $"value {i}");
        }

        var before = store.Contents();
        store.Abandon();

        using var again = LogStoreFixture.Open(_folder);
        Assert.Equal(before, again.Contents());
        Assert.False(File.Exists(_folder.Log + ".new"));
    }

    [Fact]
    public async Task Compaction_Done_ShrinksTheLogAndKeepsEverything()
    {
        using (var store = LogStoreFixture.Open(_folder, compactAt: 2000))
        {
            for (var i = 0; i < 200; i++)
            {
                await store.PutAsync($"g{i % 3}", $"value {i}");
            }

            Assert.InRange(store.Length, 1, 3000);
            Assert.Equal("value 198", store.Get("g0"));
        }

        using var again = LogStoreFixture.Open(_folder);
        Assert.Equal(new Dictionary<string, string> { ["g0"] = "value 198", ["g1"] = "value 199", ["g2"] = "value 197" }, again.Contents());
    }

    private static bool IsRecordEnd(byte[] log, int length)
    {
        var at = LogFormat.HeaderBytes;
        while (at < length)
        {
            at += LogFormat.FrameBytes + BinaryPrimitives.ReadInt32LittleEndian(log.AsSpan(at));
        }

        return at == length;
    }

    /// <summary>A log of four values, each flushed by itself, and where the record of each ends.</summary>
    private async Task<(byte[] Log, List<int> Ends)> WriteAsync(bool clean)
    {
        var ends = new List<int>();
        var store = LogStoreFixture.Open(_folder);
        for (var i = 0; i < 4; i++)
        {
            await store.PutAsync($"g{i}", $"value {i}");
            ends.Add((int)store.Length);
        }

        if (clean)
        {
            store.Dispose();
        }
        else
        {
            store.Abandon();
        }

        return (await File.ReadAllBytesAsync(_folder.Log), ends);
    }
}

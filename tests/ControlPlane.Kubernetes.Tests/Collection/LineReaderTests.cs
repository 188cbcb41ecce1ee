using System.Text;

namespace ControlPlane.Kubernetes.Tests.Collection;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7000)]
    public async Task Read_AnyChunking_GivesTheLines(int chunk)
    {
        string[] lines = ["a", new string('b', 40_000), "ü", new string('c', 16_384), "d"];
        var reader = new LineReader(new ChunkedStream(string.Join("\r\n", lines) + "\n\n\n", chunk), 1 << 20);
        foreach (var line in lines) Assert.Equal(line, Encoding.UTF8.GetString((await reader.ReadAsync(default))!.Value.Span));
        Assert.Null(await reader.ReadAsync(default));
    }

    [Fact]
    public async Task Read_EndWithinALine_IsABreak()
    {
        var reader = new LineReader(new ChunkedStream("a\nb", 100), 1 << 20);
        await reader.ReadAsync(default);
        await Assert.ThrowsAsync<IOException>(() => reader.ReadAsync(default));
    }

    [Fact]
    public async Task Read_LineTooLong_IsRefused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => new LineReader(new ChunkedStream(new string('x', 100_000), 9999), 20_000).ReadAsync(default));

    private sealed class ChunkedStream(string text, int chunk) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}

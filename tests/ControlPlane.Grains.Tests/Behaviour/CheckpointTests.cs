namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>When a grain stores what it learnt.</summary>
public sealed class CheckpointTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Done_Stored_WaitsAnInterval()
    {
        var checkpoint = new Checkpoint("a", _clock);
        checkpoint.Done(isStored: true);

        Assert.Equal(Checkpoint.Interval, UntilDue(checkpoint));
    }

    [Fact]
    public void Done_StorageFails_TriesSoonAndThenLessOften()
    {
        var checkpoint = new Checkpoint("a", _clock);
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            checkpoint.Done(isStored: false);
            waits.Add(UntilDue(checkpoint).TotalSeconds);
        }

        Assert.Equal([15, 30, 60, 120, 240, 480, 900, 900], waits);
        checkpoint.Done(isStored: true);
        checkpoint.Done(isStored: false);
        Assert.Equal(Checkpoint.FirstRetry, UntilDue(checkpoint));
    }

    [Fact]
    public void New_GrainsOfLikeNames_AreSpreadOverTheInterval()
    {
        var waits = Enumerable.Range(1, 400).Select(i => UntilDue(new Checkpoint($"main/shop/deployment/web{i}", _clock)) / Checkpoint.Interval).Order().ToArray();

        // Uniform draws of this number stay within 0.082 of the diagonal in 99 of 100 cases (Kolmogorov and Smirnov).
        for (var i = 0; i < waits.Length; i++) Assert.InRange(waits[i] - (i + 0.5) / waits.Length, -0.082, 0.082);
    }

    private TimeSpan UntilDue(Checkpoint checkpoint)
    {
        var start = _clock.Now;
        while (!checkpoint.IsDue) _clock.Now += TimeSpan.FromSeconds(1);
        return _clock.Now - start;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

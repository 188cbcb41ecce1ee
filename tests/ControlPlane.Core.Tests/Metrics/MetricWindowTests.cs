using ControlPlane.Core.Metrics;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class MetricWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(45)]
    [InlineData(60)]
    [InlineData(900)]
    public void Add_MoreThanItsReach_StaysWithinTheBound(int stepSeconds)
    {
        var step = TimeSpan.FromSeconds(stepSeconds);
        var window = new MetricWindow(step);
        for (var time = Start; time < Start.AddDays(29.5); time += step) window.Add(time, 1e6);

        Assert.InRange(window.MemoryBytes, 16_000 * 300 / Math.Max(stepSeconds, 300), MetricWindow.MaxBytes);
        Assert.InRange(window.Save().Length, 1, MetricWindow.MaxBytes);
    }

    [Fact]
    public void Load_OfAFullWindow_AllocatesNoMoreThanTheBound()
    {
        var window = new MetricWindow(TimeSpan.FromSeconds(10));
        for (var time = Start; time < Start.AddDays(29); time += window.Step) window.Add(time, 3);
        var bytes = window.Save();
        MetricWindow.Load(bytes.AsSpan());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var loaded = MetricWindow.Load(bytes.AsSpan());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 20_000, MetricWindow.MaxBytes);
        Assert.InRange(loaded.MemoryBytes, allocated - 100, MetricWindow.MaxBytes);
    }

    [Fact]
    public void Read_AtEachResolution_GivesMeansOfTheIntervals()
    {
        var window = new MetricWindow(Step);
        for (var i = 1; i <= 40; i++) window.Add(Start + i * Step, i);

        Assert.Equal(38.0, window.Read(Start, Start.AddMinutes(10), Step)[37].Value);
        var minutes = window.Read(Start, Start.AddMinutes(10), TimeSpan.FromMinutes(1));
        Assert.Equal(10, minutes.Length);
        Assert.Equal(new MetricPoint(Start.AddMinutes(1), 2.5), minutes[0]);
        var five = window.Read(Start, Start.AddMinutes(10), TimeSpan.FromMinutes(5));
        Assert.Equal(10.5, five[0].Value!.Value, 10.5 * 0.0007);
        Assert.Equal(20.5, window.Read(Start, Start.AddMinutes(10), TimeSpan.FromMinutes(10)).Single().Value!.Value, 20.5 * 0.0007);
    }

    [Fact]
    public void Read_StepsNotMeasured_StaysUnknown()
    {
        var window = new MetricWindow(Step);
        window.Add(Start + Step, 5);
        window.Add(Start + 2 * Step, null);
        window.Add(Start + 3 * Step, double.NaN);
        window.Add(Start + 6 * Step, 0);

        var values = window.Read(Start, Start.AddHours(1), Step).Select(point => point.Value);

        Assert.Equal([5, null, null, null, null, 0], values);
        Assert.Equal([5, 0], window.Read(Start, Start.AddHours(1), TimeSpan.FromMinutes(1)).Select(point => point.Value));
    }

    [Fact]
    public void Read_AfterAGapLongerThanTheWindow_HoldsNothingOld()
    {
        var window = new MetricWindow(Step);
        for (var i = 1; i <= 500; i++) window.Add(Start + i * Step, 9);
        window.Add(Start.AddDays(60), 1);

        foreach (var resolution in window.Resolutions)
        {
            var known = window.Read(DateTimeOffset.MinValue, Start.AddDays(61), resolution).Where(point => point.Value is not null);
            Assert.Equal(1.0, Assert.Single(known).Value);
        }
    }

    [Fact]
    public void Add_StepNotNewer_IsRefused()
    {
        var window = new MetricWindow(Step);
        Assert.True(window.Add(Start + 2 * Step, 1));
        Assert.False(window.Add(Start + 2 * Step, 7));
        Assert.False(window.Add(Start + Step, 7));
        Assert.Equal([1], window.Read(Start, Start.AddHours(1), Step).Select(point => point.Value));
        Assert.Equal(Start + 2 * Step, window.Newest);
    }

    [Fact]
    public void Read_Empty_GivesNothing() =>
        Assert.Empty(new MetricWindow(Step).Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Step));

    [Fact]
    public void Constructor_StepNotPositive_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MetricWindow(TimeSpan.Zero));

    [Fact]
    public void Load_OfSavedBytes_ReadsAndSavesTheSame() =>
        Prop.ForAll<int[], byte>((gaps, stepChoice) =>
        {
            var window = new MetricWindow(TimeSpan.FromSeconds(5 + stepChoice % 60));
            var time = Start;
            foreach (var gap in gaps)
            {
                time += window.Step * (Math.Abs(gap % 97) + 1);
                window.Add(time, gap % 5 == 0 ? null : gap * 1.5);
            }

            var loaded = MetricWindow.Load(window.Save().AsSpan());
            loaded.Add(time + window.Step, 4);
            window.Add(time + window.Step, 4);
            return loaded.Save().SequenceEqual(window.Save()) && window.Resolutions.All(resolution =>
                loaded.Read(Start, time.AddDays(1), resolution).SequenceEqual(window.Read(Start, time.AddDays(1), resolution)));
        }).Holds();

    [Fact]
    public void Load_OneByteChanged_SaysDamaged()
    {
        var window = new MetricWindow(Step);
        for (var i = 1; i <= 20; i++) window.Add(Start + i * Step, i);
        var bytes = window.Save().ToArray();

        for (var i = 0; i < bytes.Length; i += 7)
        {
            bytes[i] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => MetricWindow.Load(bytes));
            bytes[i] ^= 0x40;
        }

        Assert.Throws<InvalidDataException>(() => MetricWindow.Load(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.Throws<InvalidDataException>(() => MetricWindow.Load([]));
    }

    [Fact]
    public void Add_WideRangeOfValues_KeepsTheStatedError() =>
        Prop.ForAll<double>(seed =>
        {
            var value = double.IsFinite(seed) ? Math.Clamp(seed, -1e13, 1e13) : 1;
            if (Math.Abs(value) < 1e-5) value = 0;
            var decoded = CompactValue.Decode(CompactValue.Encode(value));
            return Math.Abs(decoded!.Value - value) <= Math.Abs(value) * 0.0007;
        }).Holds();
}

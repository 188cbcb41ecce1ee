using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class CorrectionInputsTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Loads => new("constant", "zero", "huge", "spikes", "gaps", "ramp", "tiny");

    [Theory]
    [MemberData(nameof(Loads))]
    public void Fill_LoadOfEveryKind_IsFiniteAndBounded(string kind)
    {
        var seen = Watch(900, t => Value(kind, t));
        Assert.NotEmpty(seen.Inputs);
        foreach (var inputs in seen.Inputs) Assert.All(inputs, x => Assert.InRange(x, -20, 20));
    }

    [Fact]
    public void Count_OfMembers_IsThatOfTheSet() => Assert.Equal((MemberSet.Count, MemberSet.Count), (MemberSet.Names.Length, MemberSet.Create(Step).Length));

    /// <summary>But for rounding, which now and then decides between stretches of the past that are equally alike.</summary>
    [Fact]
    public void Fill_LoadAThousandTimesAsLarge_IsTheSame()
    {
        var (one, other) = (Watch(700, Wave), Watch(700, t => 1024 * Wave(t)));
        Assert.Equal(one.Inputs.Count, other.Inputs.Count);
        double[] differences = [.. one.Inputs.Zip(other.Inputs).SelectMany(pair => pair.First.Zip(pair.Second, (a, b) => (double)Math.Abs(a - b)))];
        Assert.InRange(differences.Count(difference => difference > 0.02) / (double)differences.Length, 0, 0.01);
        Assert.InRange(differences.Max(), 0, 0.3);
    }

    [Fact]
    public void Differences_WithAGap_AreUnknownThere()
    {
        var past = new RecentDemands(reach: 12);
        for (var step = 100; step < 110; step++) past.Add(step, step);
        past.Add(112, 112);
        var lags = new float[RecentDemands.LagCount];
        past.CopyDifferences(112, lags);
        Assert.Equal([float.NaN, float.NaN, -3f, -4f], lags[..4]);
        Assert.Equal(float.NaN, lags[^1]);
        past.Add(100_000, 5);
        past.CopyDifferences(100_000, lags);
        Assert.All(lags, lag => Assert.Equal(float.NaN, lag));
    }

    [Fact]
    public void Differences_FromAnEarlierOrigin_AreThoseOfThen()
    {
        var past = new RecentDemands(reach: 12);
        for (var step = 100; step < 160; step++) past.Add(step, step * step);
        var (then, now) = (new float[RecentDemands.LagCount], new float[RecentDemands.LagCount]);
        past.CopyDifferences(159, then);
        for (var step = 160; step < 172; step++) past.Add(step, step * step);
        past.CopyDifferences(159, now);
        Assert.Equal(then, now);
        Assert.Equal(123 * 123 - 159 * 159, now[^1]);
    }

    private static double Wave(int t) => 100 * (1 + 0.5 * Math.Sin(2 * Math.PI * t / 288)) + 7 * Math.Sin(t * 1.7);

    private static Watcher Watch(int steps, Func<int, double> load)
    {
        var watcher = new Watcher();
        var engine = new ForecastEngine(Step, () => MemberSet.Bank(Step, watcher));
        var start = new DateTimeOffset(2026, 3, 2, 0, 5, 0, TimeSpan.Zero);
        for (var t = 0; t < steps; t++) engine.Update(start + t * Step, double.IsNaN(load(t)) ? null : load(t));
        return watcher;
    }

    private static double Value(string kind, int t) => kind switch
    {
        "constant" => 2,
        "zero" => 0,
        "huge" => 1e12 * (t % 2),
        "tiny" => 1e-9 * (t % 7),
        "spikes" => t % 97 == 0 ? 1e6 : 1,
        "ramp" => 0.5 * t,
        "gaps" => t % 100 is > 20 and < 40 ? double.NaN : 50 + t % 13,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Corrects nothing and keeps what it was shown.</summary>
    private sealed class Watcher : IRowCorrection
    {
        public List<float[]> Inputs { get; } = [];

        public void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected)
        {
            Inputs.Add(inputs.ToArray());
            row.CopyTo(corrected);
        }
    }
}

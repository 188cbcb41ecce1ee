using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Services;

public sealed class StartupTimeTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void LogNormal_ManyPods_HasItsMedianAndSpread()
    {
        var profile = new ServiceProfile { Startup = StartupTime.LogNormal(TimeSpan.FromSeconds(60), 0.5) };
        var service = new SimulatedService(profile, LoadSeries.Constant(0, TimeSpan.FromSeconds(1)), 1, Start, 0);
        service.Scale(4000);
        service.AdvanceTo(Start + TimeSpan.FromMinutes(20));
        var times = service.Read().Pods!.Value.Select(p => (p.ReadyChangedAt!.Value - p.CreatedAt!.Value).TotalSeconds).Order().ToArray();

        // Whole seconds are rounded up: half a second more on average.
        Assert.InRange(times[2000], 58.5, 62.5);
        Assert.InRange(times[(int)(4000 * 0.841)], 60 * Math.Exp(0.5) * 0.95, 60 * Math.Exp(0.5) * 1.06);
        Assert.All(times, t => Assert.Equal(Math.Round(t), t));
    }

    [Fact]
    public void FaultSchedule_Seeded_HasItsRateAndRepeats()
    {
        var faults = FaultSchedule.Seeded(3, Start, TimeSpan.FromDays(200), 2).Faults;

        var kinds = faults.GroupBy(f => f.Kind).ToArray();
        Assert.Equal(6, kinds.Length);
        Assert.All(kinds, kind => Assert.InRange(kind.Count(), 330, 470));
        Assert.Equal(faults.OrderBy(f => f.Time), faults);
        Assert.Equal(faults.AsEnumerable(), FaultSchedule.Seeded(3, Start, TimeSpan.FromDays(200), 2).Faults.AsEnumerable());
        Assert.Empty(FaultSchedule.Seeded(3, Start, TimeSpan.FromDays(200), 0).Faults);
    }

    [Theory]
    [InlineData(0, 500, 50, "CapacityPerPod")]
    [InlineData(50, 0, 50, "CpuRequestMillicores")]
    [InlineData(50, 500, 600, "ObjectiveLatency")]
    public void Profile_ThatContradictsItself_IsRefusedByName(double capacity, int cpu, int serviceMilliseconds, string property)
    {
        var profile = new ServiceProfile { CapacityPerPod = capacity, CpuRequestMillicores = cpu, BaseServiceTime = TimeSpan.FromMilliseconds(serviceMilliseconds) };

        Assert.Contains(property, Assert.Throws<ArgumentException>(profile.Validate).Message, StringComparison.Ordinal);
    }
}

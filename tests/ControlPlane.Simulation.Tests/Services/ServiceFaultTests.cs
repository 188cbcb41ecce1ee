using ControlPlane.Core.Metrics;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Services;

public sealed class ServiceFaultTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    [Fact]
    public void PodCrash_Takes_OnePodOutAndBack()
    {
        var service = Service(100);
        service.Inject(new ServiceFault { Time = Start + Tick, Kind = ServiceFaultKind.PodCrash, Target = 1 });
        service.AdvanceTo(Start + 2 * Tick);
        Assert.Equal((4, 3), (service.Replicas, service.ReadyReplicas));
        service.AdvanceTo(Start + 10 * Tick);
        Assert.Equal(4, service.ReadyReplicas);
    }

    [Fact]
    public void PodCrash_Repeated_BacksOff()
    {
        var service = Service(100);
        for (var i = 0; i < 8; i++) service.Inject(new ServiceFault { Time = Start + i * 8 * Tick, Kind = ServiceFaultKind.PodCrash, Target = 1 });
        service.AdvanceTo(Start + 70 * Tick);
        Assert.Equal(3, service.ReadyReplicas);
        service.AdvanceTo(Start + 100 * Tick);
        Assert.Equal(4, service.ReadyReplicas);
    }

    [Theory]
    [InlineData(LoadBalancing.RoundRobin)]
    [InlineData(LoadBalancing.LeastConnections)]
    public void SlowPod_RaisesTailLatencyUntilItRecovers(LoadBalancing balancing)
    {
        var service = Service(140, balancing);
        service.AdvanceTo(Start + Tick);
        var before = P99(service);
        service.Inject(new ServiceFault { Time = service.Time, Kind = ServiceFaultKind.SlowPod, Target = 2, Magnitude = 0.3, Duration = 4 * Tick });
        service.AdvanceTo(Start + 4 * Tick);
        var during = P99(service);
        service.AdvanceTo(Start + 20 * Tick);
        Assert.True(during > 1.5 * before, $"{during} against {before}");
        Assert.Equal(before, P99(service));
    }

    [Fact]
    public void SlowPod_HurtsLessWithLeastConnectionsThanRoundRobin()
    {
        Assert.True(Failed(LoadBalancing.LeastConnections) < Failed(LoadBalancing.PowerOfTwoChoices));
        Assert.True(Failed(LoadBalancing.PowerOfTwoChoices) < Failed(LoadBalancing.RoundRobin));

        static double Failed(LoadBalancing balancing)
        {
            var service = Service(130, balancing);
            service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.SlowPod, Magnitude = 0.25, Duration = TimeSpan.FromHours(1) });
            service.AdvanceTo(Start + TimeSpan.FromMinutes(30));
            return service.Outcome.SloViolationRequestShare;
        }
    }

    [Fact]
    public void MemoryLeak_GrowsUntilThePodIsKilled()
    {
        var service = Service(100);
        service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.MemoryLeak, Target = 0, Magnitude = 1 << 20 });
        var seen = new List<double>();
        for (var t = 1; t < 60; t++)
        {
            service.AdvanceTo(Start + t * Tick);
            seen.Add(service.Read().Samples.Where(s => s.Signal == SignalNames.Memory).Max(s => s.Value));
        }

        Assert.True(seen.Max() > 480L << 20);
        Assert.True(seen.Max() < 512L << 20);
        Assert.True(seen[^1] < 256L << 20);
        Assert.Equal(4, service.ReadyReplicas);
    }

    [Fact]
    public void NodeLoss_Long_ReplacesItsPods()
    {
        var service = Service(100);
        var before = service.Read().Pods!.Value.Select(p => p.Name).ToArray();
        service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.NodeLoss, Target = 0, Duration = TimeSpan.FromHours(1) });
        service.AdvanceTo(Start + Tick);
        Assert.Equal(3, service.ReadyReplicas);
        service.AdvanceTo(Start + TimeSpan.FromMinutes(8));
        Assert.Equal(4, service.ReadyReplicas);
        Assert.Single(service.Read().Pods!.Value.Select(p => p.Name).Except(before));
    }

    [Fact]
    public void NodeLoss_Short_BringsTheSamePodsBack()
    {
        var service = Service(100);
        var before = service.Read().Pods!.Value.Select(p => p.Name).ToArray();
        service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.NodeLoss, Target = 0, Duration = TimeSpan.FromMinutes(2) });
        service.AdvanceTo(Start + TimeSpan.FromMinutes(8));
        Assert.Equal(4, service.ReadyReplicas);
        Assert.Equal(before, service.Read().Pods!.Value.Select(p => p.Name));
    }

    [Fact]
    public void ScrapeLoss_HidesAllSamplesAndEnds()
    {
        var service = Service(100);
        service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.ScrapeLoss, Duration = 4 * Tick });
        service.AdvanceTo(Start + 4 * Tick);
        Assert.Empty(service.Read().Samples);
        Assert.Equal(4, service.Read().Pods!.Value.Length);
        service.AdvanceTo(Start + 5 * Tick);
        Assert.NotEmpty(service.Read().Samples);
    }

    [Fact]
    public void ScrapeDelay_ShowsOldSamplesWithTheirTime()
    {
        var service = Service(100);
        service.Inject(new ServiceFault { Time = Start, Kind = ServiceFaultKind.ScrapeDelay, Magnitude = 60, Duration = 20 * Tick });
        var ages = new List<TimeSpan>();
        for (var t = 1; t <= 22; t++)
        {
            service.AdvanceTo(Start + t * Tick);
            ages.Add(service.Time - service.Read().Samples[0].Timestamp);
        }

        Assert.Equal([0, 1, 2, 3, 4, 4, 4], ages.Take(7).Select(a => (int)(a / Tick)));
        Assert.Equal(TimeSpan.Zero, ages[^1]);
    }

    [Fact]
    public void Overload_RefusesWhatCannotWait()
    {
        var service = Service(800);
        service.AdvanceTo(Start + TimeSpan.FromHours(1));
        Assert.InRange(service.Outcome.UnservedDemandShare, 0.74, 0.80);
        Assert.Equal(1, service.Outcome.SloViolationTimeShare);
    }

    [Fact]
    public void NoPods_FailsEverything()
    {
        var service = Service(10);
        service.Scale(0);
        service.AdvanceTo(Start + Tick);
        Assert.Equal(1, service.Outcome.UnservedDemandShare);
        Assert.Equal(1, service.Read().Samples.Single(s => s.Signal == SignalNames.ErrorRatio).Value);
    }

    private static double P99(SimulatedService service) => service.Read().Samples.Single(s => s.Signal == SignalNames.LatencyP99).Value;

    private static SimulatedService Service(double load, LoadBalancing balancing = LoadBalancing.RoundRobin) =>
        new(new ServiceProfile { Balancing = balancing }, LoadSeries.Constant(load), 1, Start, 4);
}

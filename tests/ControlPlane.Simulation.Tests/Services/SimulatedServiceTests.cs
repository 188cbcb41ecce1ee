using System.Text.Json;
using ControlPlane.Core.Metrics;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Services;

public sealed class SimulatedServiceTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Ready_ConstantStartup_IsTheLeastTotalOfTheLeadTime(ulong seed)
    {
        const int Lead = 4;
        var profile = new ServiceProfile { Startup = StartupTime.Constant(Lead * Tick) };
        var service = new SimulatedService(profile, LoadSeries.Constant(100), seed, Start, 5);
        var random = new SeededRandom(seed);
        var totals = new List<int>();
        for (var t = 0; t < 400; t++)
        {
            service.AdvanceTo(Start + t * Tick);
            if (random.NextDouble() < 0.3) service.Scale(random.Next(20));
            totals.Add(service.Replicas);
            var least = Enumerable.Range(0, Lead + 1).Min(i => t - i < 0 ? 5 : totals[t - i]);
            Assert.Equal(least, service.ReadyReplicas);
        }
    }

    [Theory]
    [InlineData(LoadBalancing.RoundRobin)]
    [InlineData(LoadBalancing.IpHash)]
    [InlineData(LoadBalancing.LeastConnections)]
    [InlineData(LoadBalancing.PowerOfTwoChoices)]
    public void Requests_ThroughFaultsAndScaling_AreConserved(LoadBalancing balancing)
    {
        var random = new SeededRandom(7);
        var load = LoadSeries.FromRates(Enumerable.Range(0, 5760).Select(_ => random.NextDouble() * 400));
        var service = new SimulatedService(new ServiceProfile { Balancing = balancing }, load, 7, Start, 4);
        service.Inject(FaultSchedule.Seeded(7, Start, TimeSpan.FromDays(1), 20));
        for (var t = Start; t < Start + TimeSpan.FromDays(1); t += Tick)
        {
            service.AdvanceTo(t);
            if (random.NextDouble() < 0.1) service.Scale(1 + random.Next(10));
            Assert.InRange(service.ReadyReplicas, 0, service.Replicas);
            Assert.Equal(service.Read().Pods!.Value.Count(p => p.IsReady == true), service.ReadyReplicas);
        }

        var outcome = service.Outcome;
        Assert.Equal(outcome.TotalRequests, outcome.ServedRequests + outcome.FailedRequests + service.Backlog, outcome.TotalRequests * 1e-9);
        Assert.True(outcome.FailedRequests > 0);
        Assert.True(outcome.SloViolationRequestShare >= outcome.UnservedDemandShare);
    }

    [Fact]
    public void Read_RisingLoad_RaisesLatencyAndCpu()
    {
        double previousP95 = 0, previousCpu = 0;
        foreach (var load in new[] { 10, 60, 100, 120, 135, 145, 149, 151, 155 })
        {
            var service = new SimulatedService(new ServiceProfile(), LoadSeries.Constant(load), 1, Start, 3);
            service.AdvanceTo(Start + 4 * Tick);
            var reading = service.Read();
            var p95 = Value(reading, SignalNames.LatencyP95);
            var cpu = Value(reading, SignalNames.Cpu);
            Assert.True(p95 > previousP95, $"p95 {p95} at {load} requests/s");
            Assert.True(cpu >= previousCpu);
            (previousP95, previousCpu) = (p95, cpu);
        }

        Assert.Equal(0.5, previousCpu);
    }

    [Fact]
    public void RequiredReplicas_AtTheEdge_KeepsTheObjectiveAndOneLessDoesNot()
    {
        var profile = new ServiceProfile();
        for (var demand = 50.0; demand < 2000; demand += 90)
        {
            var required = new SimulatedService(profile, LoadSeries.Constant(demand), 1, Start, 1).RequiredReplicas(demand);
            Assert.Equal(0, Violated(demand, required));
            if (required > 1) Assert.Equal(1, Violated(demand, required - 1));
        }

        static double Violated(double demand, int replicas)
        {
            var service = new SimulatedService(new ServiceProfile(), LoadSeries.Constant(demand), 1, Start, replicas);
            service.AdvanceTo(Start + 10 * Tick);
            return service.Outcome.SloViolationTimeShare;
        }
    }

    [Fact]
    public void Outcome_KnownLoad_CountsPodsAndShares()
    {
        var service = new SimulatedService(new ServiceProfile(), LoadSeries.Constant(100), 1, Start, 1) { ScoreFrom = Start + 240 * Tick };
        var required = service.RequiredReplicas(100);
        service.AdvanceTo(Start + 240 * Tick);
        service.AdvanceTo(Start + 480 * Tick);
        service.Scale(required + 2);
        service.AdvanceTo(Start + 720 * Tick);
        service.Scale(required);

        var outcome = service.Outcome;
        Assert.Equal(480, outcome.Ticks);
        Assert.Equal((1, 1), (outcome.ScaleUps, outcome.ScaleDowns));
        Assert.Equal(1 + required + 2, outcome.PodHours, 9);
        Assert.Equal(243 / 480.0, outcome.UnderProvisionedTimeShare, 9);
        Assert.Equal(237 / 480.0, outcome.OverProvisionedTimeShare, 9);
        Assert.Equal((required - 1) * 243 * 15 / 3600.0, outcome.UnderProvisionedPodHours, 9);
        Assert.Equal(2 * 237 * 15 / 3600.0, outcome.OverProvisionedPodHours, 9);
        Assert.True(outcome.LatencyP50Seconds < outcome.LatencyP95Seconds && outcome.LatencyP95Seconds <= outcome.LatencyP99Seconds);
    }

    [Fact]
    public void Run_SameSeed_IsTheSameToTheByte()
    {
        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));

        static string Run(ulong seed)
        {
            var profile = new ServiceProfile { Startup = StartupTime.LogNormal(TimeSpan.FromSeconds(50), 0.4) };
            var service = new SimulatedService(profile, LoadSeries.FromRates(Enumerable.Range(0, 2000).Select(i => 200 + 150 * Math.Sin(i / 50.0))), seed, Start, 3);
            service.Inject(FaultSchedule.Seeded(seed, Start, TimeSpan.FromHours(8), 30));
            var random = new SeededRandom(seed);
            var readings = new List<WorkloadReading>();
            for (var t = 0; t < 1900; t++)
            {
                service.AdvanceTo(Start + t * Tick);
                readings.Add(service.Read());
                if (random.NextDouble() < 0.1) service.Scale(1 + random.Next(12));
            }

            return JsonSerializer.Serialize(readings) + JsonSerializer.Serialize(service.Outcome);
        }
    }

    [Fact]
    public void Read_TraceGap_LeavesDemandOutAndKeepsTheLoad()
    {
        var trace = new Trace("g", Start, TimeSpan.FromMinutes(1), [10, null, 10]);
        var service = new SimulatedService(new ServiceProfile(), LoadSeries.FromTrace(trace), 1, Start, 1);
        service.AdvanceTo(Start + TimeSpan.FromSeconds(90));

        Assert.DoesNotContain(service.Read().Samples, s => s.Signal == SignalNames.Demand);
        Assert.Contains(service.Read().Samples, s => s.Signal == SignalNames.Cpu);
        Assert.Equal(900, service.Outcome.TotalRequests, 6);
    }

    [Fact]
    public void Run_FourWeeksWithReadings_FinishesWithAllTicks()
    {
        var load = LoadSeries.FromRates(Enumerable.Range(0, 161_280).Select(i => 700 + 250 * Math.Sin(i * Math.PI / 2880)));
        var service = new SimulatedService(new ServiceProfile(), load, 1, Start, 20);
        long samples = 0;
        for (var t = 0; t < 161_280; t++)
        {
            service.AdvanceTo(Start + (t + 1) * Tick);
            samples += service.Read().Samples.Length;
        }

        Assert.Equal(161_280, service.Outcome.Ticks);
        Assert.Equal(161_280 * 45, samples);
    }

    private static double Value(WorkloadReading reading, string signal) => reading.Samples.First(s => s.Signal == signal).Value;
}

using ControlPlane.Cli.Demo;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Teams;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Two services that share the budget of a team, through the real grains.</summary>
public sealed class TeamTests
{
    private const long Seed = 7;
    private const int StepsPerHour = 240;
    private const string Cluster = DemoService.Cluster;

    /// <summary>Both want 8 replicas; the budget pays for 10 in all.</summary>
    [Fact]
    public void HardBudget_TwoServicesThatWantMore_TogetherStayWithinItAndSayWhy()
    {
        var twin = Twin(hours: 10, out var services);
        var (spent, limited) = (0.0, false);
        twin.Run(Seed, StepsPerHour, async (context, step) =>
        {
            spent += Replicas(twin, services) / (double)StepsPerHour;
            foreach (var service in services)
            {
                var decision = await Decision(context, service).GetLatest();
                limited |= decision!.Reason == ReasonCode.TeamBudgetSpent;
            }

            if (step != StepsPerHour - 2) return;
            var account = (await Team(context).GetSnapshot()).Account;
            Assert.Equal(2, account.Members.Length);
            Assert.InRange(account.Granted, 9, 10 + 1e-6);
            Assert.All(account.Members, m => Assert.False(m.IsShort));
            var reading = Assert.Single(context.Services.GetRequiredService<TeamReadings>().All);
            Assert.Equal((Cluster, "payments", 10, account.Spent), (reading.Cluster, reading.Name, reading.Team!.Limit, reading.Account.Spent));
            Assert.True(reading.Met > 0 && reading.Refused > 0, $"{reading.Met} asks met, {reading.Refused} refused");
        });

        Assert.InRange(spent, 8.5, 10 + 1e-6);
        Assert.True(limited, "no decision says that the team's budget limited it");
    }

    /// <summary>Crashes of everything, lost answers and lost writes of the state: the books are the team's.</summary>
    [Fact]
    public void HardBudget_CrashesAndLostMessages_NeverOverspend()
    {
        var twin = Twin(hours: 10, out var services);
        var spent = 0.0;
        twin.Run(Seed, StepsPerHour, async (context, step) =>
        {
            if (step == 1)
            {
                foreach (var kind in (FaultKind[])[FaultKind.LoseAnswer, FaultKind.DelayAnswer, FaultKind.KillActivation]) context.Faults[kind] = 0.02;
            }

            if (step % 50 == 49) await context.CrashAndRestartAsync();
            foreach (var service in services) await Wake(context, service);
            spent += Replicas(twin, services) / (double)StepsPerHour;
            if (step != StepsPerHour - 2) return;
            context.Faults.Stop();
            Assert.InRange((await Team(context).GetSnapshot()).Account.Granted, 8, 10 + 1e-6);
        });

        Assert.InRange(spent, 8, 10 + 1e-6);
    }

    [Fact]
    public void SoftBudget_IsSpent_IsToldAndCutsNothing()
    {
        var twin = Twin(hours: 5, out var services, BudgetEnforcement.Soft);
        twin.Run(Seed, StepsPerHour - 2, async (context, step) =>
        {
            if (step != StepsPerHour - 2) return;
            foreach (var service in services)
            {
                var decision = await Decision(context, service).GetLatest();
                Assert.Equal("over", Assert.Single(decision!.Stages, s => s.Name == "team").Rule);
                Assert.True(decision.DesiredReplicas >= 7);
            }
        });
    }

    [Fact]
    public void Unregister_Service_GivesItsShareBack()
    {
        var twin = Twin(hours: 60, out var services);
        twin.Run(Seed, 20, async (context, step) =>
        {
            if (step != 20) return;
            var before = (await Team(context).GetSnapshot()).Account.Members[0];
            Assert.True(before.Granted > before.Spent + 1 && before.FloorOfPeriod > 0);
            await context.GrainFactory.Catalog(before.Workload).Unregister(before.Workload);
            var after = (await Team(context).GetSnapshot()).Account.Members[0];
            Assert.Equal((after.Spent, 0, 0), (after.Granted, after.Next, after.FloorOfPeriod));
        });
    }

    /// <summary>What a service knows after a crash is never more than the team knew before it: every second storage operation fails, while the demand comes and goes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void GiveBack_StorageFailsAndAllCrash_NobodyHasWhatTheTeamTookBack(long seed)
    {
        var twin = Twin(hours: 60, out var services, rate: step => step / 60 % 2 == 0 ? 280 : 60);
        var known = new Dictionary<WorkloadId, (DateTimeOffset Period, TeamMember Member)>();
        var checks = 0;
        twin.Run(seed, 2 * StepsPerHour - 20, async (context, step) =>
        {
            foreach (var service in services) await Wake(context, service);
            foreach (var service in services)
            {
                // The oldest record since the crash begins with what was stored.
                if (!known.TryGetValue(service.Id, out var team) || await Decision(context, service).GetRecords(10) is not [.., { Before: var stored }]) continue;
                known.Remove(service.Id);
                if (stored.Team?.Grant is not { } grant || grant.PeriodStart != team.Period) continue;
                checks++;
                Assert.True(grant.Granted <= team.Member.Granted && grant.Next <= team.Member.Next, $"at step {step} {service.Id} knows of {grant.Granted} and {grant.Next}, its team of {team.Member.Granted} and {team.Member.Next}");
            }

            context.Faults[FaultKind.FailStorageBefore] = 0.5;
            if (step % 5 != 4) return;
            context.Faults.Stop();
            var account = (await Team(context).GetSnapshot()).Account;
            foreach (var member in account.Members) known[member.Workload] = (account.PeriodStart, member);
            await context.CrashAndRestartAsync();
        });
        Assert.True(checks > 50, $"{checks} checks");
    }

    [Fact]
    public void Propose_TeamThatIsUnknownMisplacedOrTooPoor_IsRefusedWithEveryFault()
    {
        var twin = Twin(hours: 10, out var services);
        twin.Run(Seed, 4, async (context, step) =>
        {
            if (step != 4) return;
            async Task<string[]> Faults(string scope, PolicyDocument policy, params string[] written) => [.. (await context.GrainFactory.GetGrain<IPolicyGrain>(scope)
                .Propose(new PolicyProposal { Document = policy, Written = [.. written] }, "test")).Faults];

            Assert.Equal(["team: 'sales' is not declared in the cluster's policy; declared there: payments"], await Faults($"{Cluster}/shop", new PolicyDocument { Team = "sales" }, "team"));
            Assert.Equal([$"teams: are declared in the cluster's policy only, not in that of {Cluster}/shop"], await Faults($"{Cluster}/shop", new PolicyDocument { Teams = [Budget(3)] }, "teams"));
            Assert.Equal(["teams[1].name: 'payments' is declared by teams[0] too", "teams[1].budget: has neither replicaHours nor money"],
                await Faults(Cluster, new PolicyDocument { Teams = [Budget(30), new TeamBudget { Name = "payments" }] }, "teams"));
            // Each of the two alone is paid for, both together are not.
            Assert.StartsWith("team: 'payments' has 3 replica-hours, which do not pay for the minimum of its 2 services over 1h, which takes 4", Assert.Single(await Faults(Cluster, new PolicyDocument { Teams = [Budget(3)] }, "teams")), StringComparison.Ordinal);
            Assert.Equal(["team: 'payments' has 10 replica-hours, which do not pay for the minimum of its 2 services over 1h, which takes 11, most of it 9 of " + services[0].Id],
                await Faults(services[0].Id.ToString(), services[0].Policy with { MinReplicas = 9 }, "minReplicas", "maxReplicas", "team"));
            // Without the team in the cluster's policy the services name one that is unknown.
            Assert.Equal(2, (await Faults(Cluster, new PolicyDocument(), "teams")).Length);
            Assert.Equal(10, (await context.GrainFactory.GetGrain<IPolicyGrain>(services[0].Id.ToString()).GetEffective()).Teams[0].Budget.ReplicaHours);
        });
    }

    private static VirtualTwin Twin(double hours, out IReadOnlyList<DemoService> services, BudgetEnforcement enforcement = BudgetEnforcement.Hard, Func<int, double>? rate = null)
    {
        rate ??= _ => 280;
        var policy = Scene.Reactive with { Team = "payments", MaxReplicas = 12 };
        DemoService Make(string name) => new(name, "steady", new ServiceProfile { Startup = StartupTime.Constant(TimeSpan.FromSeconds(20)) }, LoadSeries.FromRates(Enumerable.Range(0, 2 * StepsPerHour).Select(rate)), policy);
        services = [Make("cart"), Make("search")];
        return new VirtualTwin(services, Seed) { ClusterPolicy = new PolicyDocument { Teams = [Budget(hours, enforcement)] } };
    }

    private static TeamBudget Budget(double hours, BudgetEnforcement enforcement = BudgetEnforcement.Hard) =>
        new() { Name = "payments", Budget = new BudgetPolicy { ReplicaHours = hours, Period = TimeSpan.FromHours(1), Enforcement = enforcement } };

    private static int Replicas(VirtualTwin twin, IReadOnlyList<DemoService> services) => services.Sum(s => twin.Cluster.FindService(DemoService.Namespace, s.Name)!.Replicas);

    private static ITeamGrain Team(VirtualContext context) => context.GrainFactory.GetGrain<ITeamGrain>($"{Cluster}/payments");

    private static IDecisionGrain Decision(VirtualContext context, DemoService service) => context.GrainFactory.GetGrain<IDecisionGrain>(service.Id.ToString());

    private static async Task Wake(VirtualContext context, DemoService service)
    {
        try
        {
            await context.GrainFactory.GetGrain<IServiceGrain>(service.Id.ToString()).EnsureActive();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or InvalidOperationException)
        {
            // One of the faults; the next crash wakes it again.
        }
    }
}

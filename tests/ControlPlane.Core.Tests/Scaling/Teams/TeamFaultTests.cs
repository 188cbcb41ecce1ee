using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling.Teams;

/// <summary>A team's budget under lost, late and repeated messages and under crashes on both sides.</summary>
public sealed class TeamFaultTests
{
    private const int Periods = 3;
    private const int StepsPerPeriod = 240;

    [Fact]
    public void Ask_AnyLossDelayAndCrash_SumIsNeverAboveAHardBudget() => Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), Gen.Choose(2, 5).ToArbitrary(), (seed, services) =>
    {
        var run = new TeamRun(seed, services, limit: 4 * services + seed % 17, faults: 0.25);
        for (var step = 1; step <= Periods * StepsPerPeriod; step++) run.Step(step);
        Assert.True(run.Crashes > 0 && run.Lost > 0);
    }).Holds(60);

    /// <summary>Of three services one wants all there is, the others no more than their minimum.</summary>
    [Fact]
    public void Ask_NoFaults_WhatIsNotNeededGoesToWhoNeedsIt()
    {
        var run = new TeamRun(1, 3, limit: 30, faults: 0) { Wish = (service, _) => service == 0 ? 40 : 2 };
        for (var step = 1; step < StepsPerPeriod; step++) run.Step(step);
        Assert.InRange(run.Spent(0), 30 - 2 * 2 - 1.5, 30 - 2 * 2);
        Assert.InRange(run.Spent(1), 1.9, 2);
    }

    /// <summary>A team and its services, their stored states beside those in memory.</summary>
    private sealed class TeamRun
    {
        private readonly Random _random;
        private readonly double _faults;
        private readonly TeamBudget _team;
        private readonly PolicyDocument _policy;
        private readonly Member[] _members;
        private readonly List<TeamAsk> _late = [];
        private TeamAccount _account = TeamAccount.Empty;
        private TeamAccount _storedAccount = TeamAccount.Empty;

        public TeamRun(int seed, int services, double limit, double faults)
        {
            (_random, _faults) = (new Random(seed), faults);
            _team = new TeamBudget { Name = "payments", Budget = new BudgetPolicy { ReplicaHours = limit, Period = TimeSpan.FromHours(1) } };
            _policy = Policy with { Team = "payments", Teams = [_team], MinReplicas = 2, MaxReplicas = 40 };
            _members = [.. Enumerable.Range(0, services).Select(i => new Member(WorkloadId.Parse($"test/ns/deployment/s{i}")))];
        }

        public int Crashes { get; private set; }

        public int Lost { get; private set; }

        public Func<int, int, int>? Wish { get; init; }

        public double Spent(int service) => _members[service].Share!.Spent;

        public void Step(int step)
        {
            for (var i = 0; i < _members.Length; i++) Step(_members[i], i, step);
            if (_late.Count > 0 && Happens()) Receive(TakeLate());
            if (Happens(0.1)) (_account, Crashes) = (_storedAccount, Crashes + 1);
            var spent = _members.Sum(m => m.Share!.Account.PeriodStart == _account.PeriodStart ? m.Share.Spent : 0);
            Assert.True(_account.Granted <= _team.Limit + 1e-6, $"step {step}: {_account.Granted} granted of {_team.Limit}");
            Assert.True(spent <= _team.Limit + 1e-6, $"step {step}: {spent} spent of {_team.Limit}");
        }

        private void Step(Member member, int index, int step)
        {
            if (Happens(0.05)) member.Crash();
            var observation = Observe(step, member.Replicas, 100) with { Workload = member.Id };
            member.Share = TeamShare.Step(member.Share, _policy, observation, member.Replicas)!;
            var wish = Wish?.Invoke(index, step) ?? 2 + (int)(19 * (1 + Math.Sin(step * (1 + index) / 60.0))) + _random.Next(4);
            var limit = member.Share.Limit(_policy, observation, member.Replicas, new Proposal(wish, wish, null, IsPredicted: false), new StageList());
            var next = Math.Clamp(Math.Min(wish, limit ?? wish), 2, 40);
            if (next != member.Replicas || member.HasNews) member.Store();
            member.Replicas = next;
            if (TeamNeed.Of(member.Share, _policy, member.Id, Math.Max(wish, next), member.AskedAt, member.Epoch, member.Sequence + 1) is not { } need) return;
            var givesBack = need.Share != member.Share;
            member.Share = need.Share;
            if (givesBack) member.Store();
            (member.Sequence, member.AskedAt) = (need.Ask.Sequence, need.Ask.Time);
            Send(member, need.Ask);
        }

        private void Send(Member member, TeamAsk ask)
        {
            if (Happens())
            {
                // Lost, or on its way for long.
                Lost++;
                _late.Add(ask);
                return;
            }

            var answer = Receive(ask);
            if (Happens(0.1)) Receive(ask);
            if (Happens()) Lost++;
            else (member.Share, member.HasNews) = (TeamNeed.Answered(member.Share!, answer), true);
        }

        private TeamGrant Receive(TeamAsk ask)
        {
            (_account, var answer) = _account.Ask(ask, _team);
            if (answer.Granted > ask.Held || answer.Next > ask.HeldNext) _storedAccount = _account;
            return answer;
        }

        private TeamAsk TakeLate()
        {
            var index = _random.Next(_late.Count);
            var ask = _late[index];
            _late.RemoveAt(index);
            return ask;
        }

        private bool Happens(double share = 1) => _random.NextDouble() < share * _faults;
    }

    private sealed class Member(WorkloadId id)
    {
        private TeamShare? _stored;

        public WorkloadId Id { get; } = id;

        public TeamShare? Share { get; set; }

        public int Replicas { get; set; } = 2;

        public DateTimeOffset? AskedAt { get; set; }

        public long Epoch { get; private set; } = 1;

        public long Sequence { get; set; }

        public bool HasNews { get; set; }

        public void Store() => (_stored, HasNews) = (Share, false);

        /// <summary>The memory is that of the last time it was stored; the replicas run on.</summary>
        public void Crash()
        {
            Share = (DecisionState.Empty with { Team = _stored }).AfterRestart().Team;
            (AskedAt, Epoch, Sequence, HasNews) = (null, Epoch + 1, 0, false);
        }
    }
}

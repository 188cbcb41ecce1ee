using ControlPlane.Cli.Demo;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Grains.Tests.Faults;

/// <summary>
/// A team's hard budget under faults, by the replicas that the cluster ran and not by the services' own books. What the services ran, with their minimum until the
/// period ends, is never more than the budget and what was held beyond their grants, and no more is granted. A service that has used up what it was granted runs more
/// than its minimum only where it is held: by missing signals or healing, for 2 min without a grant, because nobody decided the step or its replicas were unknown, or
/// because the decision is not carried out. Left out: how much is held, as faults may go on; what ran before a service's first grant, which a crash may forget; pauses,
/// which the policy has none of; and a second period.
/// </summary>
/// <param name="hours">The budget, replica-hours an hour.</param>
/// <param name="least">The minimum of each service.</param>
internal sealed class TeamLedger(double hours, int least)
{
    /// <summary>Name of the team.</summary>
    public const string Name = "shop";

    private readonly Dictionary<string, Member> _members = [];
    private DateTimeOffset _until = DemoScenario.Start;
    private double _held;

    /// <summary>The team.</summary>
    public TeamBudget Team { get; } = new() { Name = Name, Budget = new BudgetPolicy { ReplicaHours = hours, Period = TimeSpan.FromHours(1) } };

    /// <summary>Whether a service wanted more than its grant paid for.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Counts what has run until a moment, and checks what runs now by what the services decided last.</summary>
    public void Look(DateTimeOffset now, IReadOnlyList<AuditEntry> writes, IReadOnlyCollection<(string Service, int Replicas, DecisionRecord? Newest)> services)
    {
        Count(now, writes);
        foreach (var (service, replicas, newest) in services)
        {
            var stage = newest?.Decision.Stages.FirstOrDefault(s => s.Name == "team");
            var granted = Input(stage, "granted");
            HasCut |= stage?.Rule == "spent";
            if (!_members.TryGetValue(service, out var member)) _members[service] = member = new Member();
            member.Replicas = replicas;
            if (granted is not null && member.IsNew) (member.IsNew, member.Hours) = (false, Input(stage, "spent")!.Value);
            if (stage is not null) member.Granted = granted ?? 0;
            Assert.True(replicas <= least || Overdrawn(member, _until) == 0 || IsHeld(replicas, newest, now, hasGrant: granted is not null),
                $"{service} has {replicas} replicas at {now:HH:mm:ss}, has run {member.Hours:0.###} and was granted {granted:0.###} replica-hours: {(newest is null ? "" : DecisionReason.Sentence(newest.Decision))}");
        }

        AssertWithin(_members.Values.Sum(m => WithMinimum(m, _until)), "spent or kept for the minimum");
    }

    /// <summary>Checks what the team's account says.</summary>
    public void Check(TeamAccount account) => AssertWithin(account.Granted, "granted");

    private void AssertWithin(double sum, string what) =>
        Assert.True(sum <= hours + _held + 1e-6, $"at {_until:HH:mm:ss} {sum:0.###} replica-hours are {what}, of {hours} and {_held:0.###} held");

    /// <summary>A step counts at the replicas of its end, as the services count it: a change within it is as if made at its start.</summary>
    private void Count(DateTimeOffset now, IReadOnlyList<AuditEntry> writes)
    {
        for (; _until + PolicyDocument.DefaultStep <= now; _until += PolicyDocument.DefaultStep)
        {
            var end = _until + PolicyDocument.DefaultStep;
            foreach (var (service, member) in _members)
            {
                var before = Overdrawn(member, _until);
                var write = writes.LastOrDefault(w => w.ToReplicas is not null && w.Time > _until && w.Time <= end && w.Path.EndsWith($"/{service}/scale", StringComparison.Ordinal));
                member.Replicas = write?.ToReplicas ?? member.Replicas;
                if (!member.IsNew) member.Hours += member.Replicas * PolicyDocument.DefaultStep.TotalHours;
                _held += Math.Max(0, Overdrawn(member, end) - before);
            }
        }
    }

    private double WithMinimum(Member member, DateTimeOffset at) => member.Hours + least * (DemoScenario.Start + Team.Budget.Period - at).TotalHours;

    /// <summary>What a service has run, with its minimum until the period ends, beyond what it was granted.</summary>
    private double Overdrawn(Member member, DateTimeOffset at) => Math.Max(0, WithMinimum(member, at) - member.Granted);

    private static double? Input(DecisionStage? stage, string name) => stage?.Inputs.FirstOrDefault(i => i.Name == name).Value;

    private static bool IsHeld(int replicas, DecisionRecord? newest, DateTimeOffset now, bool hasGrant) =>
        newest?.Decision is not { } decision || now - decision.Time > PolicyDocument.DefaultStep || replicas > decision.DesiredReplicas
        || decision.Reason is ReasonCode.SignalsMissing or ReasonCode.Healing or ReasonCode.ReplicasUnknown
        || (!hasGrant && !(decision.Time - newest.Before.Team?.WaitingSince > TeamShare.Patience));

    /// <summary>A service: what it has run, what it has, and what it was granted as far as it was seen.</summary>
    private sealed class Member
    {
        public double Hours { get; set; }
        public double Granted { get; set; }
        public int Replicas { get; set; }
        public bool IsNew { get; set; } = true;
    }
}

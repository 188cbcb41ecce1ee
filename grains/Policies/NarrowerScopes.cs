using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Grains.Policies;

/// <summary>Looks through the narrower scopes of registered workloads before a wider scope's policy changes.</summary>
internal static class NarrowerScopes
{
    private const int AtOnce = 256;
    private const int MostNamed = 20;

    /// <summary>
    /// Faults that policies of narrower scopes would have if a scope's policy were another, each with its scope, and teams whose services would need more than their
    /// budget for their minimum alone; the first 20.
    /// </summary>
    public static async Task<ImmutableArray<string>> FaultsUnder(IGrainFactory grains, string scope, PolicyDocument candidate)
    {
        var workloads = await grains.ListWorkloads(scope);
        var faults = new List<string>();
        var policies = await PoliciesUnder(grains, scope, candidate, workloads, faults);
        if (faults.Count == 0) faults.AddRange(await TeamFaults(grains, scope, policies));
        return [.. faults.Take(MostNamed)];
    }

    /// <summary>The policies that the workloads of a scope would have.</summary>
    private static async Task<List<(string Workload, PolicyDocument Policy)>> PoliciesUnder(
        IGrainFactory grains, string scope, PolicyDocument candidate, ImmutableArray<WorkloadId> workloads, List<string> faults)
    {
        if (WorkloadId.TryParse(scope, out _)) return [(scope, candidate)];
        if (workloads.IsEmpty) return [];
        var inForce = new Dictionary<string, PolicyDocument>(StringComparer.Ordinal) { [scope] = candidate };
        if (!scope.Contains('/'))
        {
            var namespaces = workloads.Select(Namespace).Distinct().ToList();
            foreach (var (name, answer) in await Ask(grains, namespaces, _ => candidate, faults)) inForce[name] = answer.InForce!;
        }

        var policies = new List<(string, PolicyDocument)>();
        foreach (var part in workloads.Chunk(AtOnce))
        {
            if (faults.Count >= MostNamed) break;
            var answers = await Ask(grains, [.. part.Select(w => w.ToString())], name => inForce[PolicyScope.Parent(name)!], faults);
            policies.AddRange(answers.Select(a => (a.Scope, a.Answer.InForce!)));
        }

        return policies;
    }

    /// <summary>Teams whose hard budget does not pay for the minimum of all their services together: those of the scope, and the others that have asked for a part of it.</summary>
    private static async Task<List<string>> TeamFaults(IGrainFactory grains, string scope, List<(string Workload, PolicyDocument Policy)> policies)
    {
        var faults = new List<string>();
        foreach (var ofTeam in policies.Where(p => TeamBudget.Of(p.Policy) is { Budget.Enforcement: BudgetEnforcement.Hard }).GroupBy(p => (Cluster(p.Workload), p.Policy.Team)))
        {
            var team = TeamBudget.Of(ofTeam.First().Policy)!;
            var known = (await grains.GetGrain<ITeamGrain>($"{ofTeam.Key.Item1}/{team.Name}").GetSnapshot()).Account.Members;
            var others = known.Where(m => !PolicyScope.Contains(scope, m.Workload) && m.FloorOfPeriod > 0).Select(m => (m.Workload.ToString(), m.FloorOfPeriod));
            if (TeamNeed.FloorFault(team, [.. ofTeam.Select(p => (p.Workload, team.FloorOfPeriod(p.Policy))), .. others]) is { } fault) faults.Add(fault);
        }

        return faults;
    }

    private static async Task<List<(string Scope, PolicyAdmission Answer)>> Ask(
        IGrainFactory grains, IReadOnlyList<string> scopes, Func<string, PolicyDocument> wider, List<string> faults)
    {
        var answers = await Task.WhenAll(scopes.Select(scope => grains.GetGrain<IPolicyGrain>(scope).Preview(wider(scope))));
        foreach (var (scope, answer) in scopes.Zip(answers)) faults.AddRange(answer.Faults.Select(f => $"{scope} would be faulty: {f}"));
        return [.. scopes.Zip(answers)];
    }

    private static string Namespace(WorkloadId workload) => PolicyScope.Parent(workload.ToString())!;

    private static string Cluster(string workload) => workload.Split('/', 2)[0];
}

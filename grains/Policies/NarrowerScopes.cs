using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Grains.Policies;

/// <summary>Looks through the narrower scopes of registered workloads before a wider scope's policy changes.</summary>
internal static class NarrowerScopes
{
    private const int AtOnce = 256;
    private const int MostNamed = 20;

    /// <summary>Faults that policies of narrower scopes would have if a scope's policy were another, each with its scope; the first 20.</summary>
    public static async Task<ImmutableArray<string>> FaultsUnder(IGrainFactory grains, string scope, PolicyDocument candidate)
    {
        var workloads = await grains.ListWorkloads(scope);
        var isCluster = !scope.Contains('/');
        if (workloads.Length == 0 || workloads[0].ToString() == scope) return [];
        var faults = new List<string>();
        var inForce = new Dictionary<string, PolicyDocument>(StringComparer.Ordinal) { [scope] = candidate };
        if (isCluster)
        {
            var namespaces = workloads.Select(Namespace).Distinct().ToList();
            foreach (var (name, answer) in await Ask(grains, namespaces, _ => candidate, faults)) inForce[name] = answer.InForce!;
        }
        foreach (var part in workloads.Chunk(AtOnce))
        {
            if (faults.Count >= MostNamed) break;
            await Ask(grains, [.. part.Select(w => w.ToString())], name => inForce[PolicyScope.Parent(name)!], faults);
        }
        return [.. faults.Take(MostNamed)];
    }

    private static async Task<List<(string Scope, PolicyAdmission Answer)>> Ask(
        IGrainFactory grains, IReadOnlyList<string> scopes, Func<string, PolicyDocument> wider, List<string> faults)
    {
        var answers = await Task.WhenAll(scopes.Select(scope => grains.GetGrain<IPolicyGrain>(scope).Preview(wider(scope))));
        foreach (var (scope, answer) in scopes.Zip(answers)) faults.AddRange(answer.Faults.Select(f => $"{scope} would be faulty: {f}"));
        return [.. scopes.Zip(answers)];
    }

    private static string Namespace(WorkloadId workload) => PolicyScope.Parent(workload.ToString())!;
}

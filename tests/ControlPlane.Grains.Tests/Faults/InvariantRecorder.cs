using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Grains.Tests.Faults;

/// <summary>Hands decisions on to the real actuator and checks each on the way.</summary>
internal sealed class RecordingActuator(IScaleActuator inner, InvariantRecorder recorder) : IScaleActuator
{
    public Task<ActuationResult> ApplyAsync(WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken)
    {
        recorder.Check(decision);
        return inner.ApplyAsync(spec, decision, beforeWrite, cancellationToken);
    }
}

/// <summary>What must hold for every decision that is carried out and every write that the cluster took.</summary>
internal sealed partial class InvariantRecorder
{
    /// <summary>Writes that changed replicas.</summary>
    public int Applied { get; private set; }

    public void Check(ScalingDecision decision)
    {
        var signals = decision.Stages.First(s => s.Name == "signals");
        if (signals.Rule == "missing") Assert.True(decision.DesiredReplicas >= decision.CurrentReplicas, $"{decision.Id} scales down on missing signals");
    }

    /// <summary>The cluster's own list of writes: bounds, epochs that never fall, and no decision twice.</summary>
    public void CheckAudit(IEnumerable<AuditEntry> audit, int min, int max)
    {
        var epochs = new Dictionary<string, long>();
        var decisions = new HashSet<string>();
        foreach (var entry in audit.Where(e => e.Path.EndsWith("/scale", StringComparison.Ordinal) && e.StatusCode == 200))
        {
            var author = Author().Match(entry.UserAgent);
            Assert.True(author.Success, $"a write by '{entry.UserAgent}'");
            var (id, epoch) = (author.Groups[1].Value, long.Parse(author.Groups[2].Value, CultureInfo.InvariantCulture));
            Assert.True(decisions.Add(id), $"{id} was applied twice");
            Assert.True(epoch >= epochs.GetValueOrDefault(entry.Path), $"{id} of epoch {epoch} was written after epoch {epochs.GetValueOrDefault(entry.Path)}");
            epochs[entry.Path] = epoch;
            Assert.InRange(entry.ToReplicas!.Value, min, max);
            Applied++;
        }
    }

    [GeneratedRegex(@"\(decision (.+); epoch (\d+)\)")]
    private static partial Regex Author();
}

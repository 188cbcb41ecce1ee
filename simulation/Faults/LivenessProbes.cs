using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Faults;

/// <summary>The kubelet's liveness probes with its usual settings: every 10 s, 1 s to answer, three failures restart the container.</summary>
/// <param name="service">The service.</param>
/// <param name="seesHangs">Whether the health endpoint hangs with the rest; many answer from a thread of their own.</param>
internal sealed class LivenessProbes(SimulatedService service, bool seesHangs)
{
    private const int Failures = 3;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private readonly Dictionary<SimulatedPod, int> _failures = [];
    private DateTimeOffset _next;

    /// <summary>Probes when it is time to.</summary>
    public void Tick()
    {
        if (service.Time < _next) return;
        _next = service.Time + Period;
        foreach (var pod in service.Pods)
        {
            if (!pod.IsReady || pod.IsHung && !seesHangs || service.AnswersProbe(pod, Timeout))
            {
                _failures.Remove(pod);
                continue;
            }

            var failures = _failures.GetValueOrDefault(pod) + 1;
            _failures[pod] = failures;
            if (failures < Failures) continue;
            _failures.Remove(pod);
            service.Restart(pod);
        }
    }
}

using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Grains.Policies;

/// <summary>
/// The policy in force for one workload as its grains see it: asked for on activation and on every <see cref="PolicyChange"/>, and again
/// every <see cref="RefreshSteps"/> steps, because a change can be lost on its way.
/// </summary>
internal sealed class PolicyFollower(IGrainFactory grains, string workload)
{
    /// <summary>Steps after which the policy is asked for again.</summary>
    public const int RefreshSteps = 20;

    private int _stepsLeft;

    /// <summary>The policy that was last seen in force; the built-in default before that.</summary>
    public PolicyDocument Current { get; private set; } = new();

    /// <summary>Asks for the policy in force. When it cannot be had, the last one stays.</summary>
    public async Task Refresh()
    {
        Current = await grains.GetGrain<IPolicyGrain>(workload).GetEffective();
        _stepsLeft = RefreshSteps;
    }

    /// <summary>Counts a step and asks again when it is time.</summary>
    public async Task OnStep()
    {
        if (--_stepsLeft > 0) return;
        try
        {
            await Refresh();
        }
        catch (Exception e) when (e is TimeoutException or Orleans.Runtime.OrleansException)
        {
            _stepsLeft = 1;
        }
    }
}

using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Virtual;

/// <summary>Carries the fault plan out in one engine.</summary>
internal sealed class VirtualFaults(FaultPlan plan, VirtualTimeProvider time, VirtualTrace trace) : IEngineFaults
{
    public (int Copies, TimeSpan Delay) OnEvent(GrainId consumer)
    {
        if (plan.Happens(FaultKind.LoseEvent, consumer))
        {
            trace.Note("lose event");
            return (0, TimeSpan.Zero);
        }

        var copies = plan.Happens(FaultKind.DuplicateEvent, consumer) ? 2 : 1;
        return (copies, plan.Happens(FaultKind.DelayEvent, consumer) ? plan.NextDelay() : TimeSpan.Zero);
    }

    public void OnAnswer(Activation activation, Request request, Action answer)
    {
        if (plan.Happens(FaultKind.LoseAnswer, activation.GrainId))
        {
            trace.Note("lose answer");
            return;
        }

        if (!plan.Happens(FaultKind.DelayAnswer, activation.GrainId))
        {
            answer();
            return;
        }

        time.CreateTimer(static answer => ((Action)answer!)(), answer, plan.NextDelay(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the activation is gone before its turn.</summary>
    internal bool BeforeTurn(Activation activation)
    {
        if (plan.Happens(FaultKind.KillActivation, activation.GrainId))
        {
            Kill(activation);
            return true;
        }

        if (activation.IsCurrent && plan.Happens(FaultKind.AbandonActivation, activation.GrainId))
        {
            Abandon(activation);
        }

        return false;
    }

    internal void Kill(Activation activation)
    {
        trace.Note("kill");
        activation.Engine.Catalog.Remove(activation);
        activation.Kill();
    }

    internal void Abandon(Activation activation)
    {
        trace.Note("abandon");
        activation.Engine.Catalog.Remove(activation);
        activation.Abandon();
    }
}

using Orleans.Runtime;

namespace ControlPlane.Silo.Wiring;

/// <summary>Has every service woken when the set of silos changes: what a dead silo held would sleep until the next round.</summary>
internal sealed class MembershipAlarm(IClusterMembershipService membership, FleetKeeper keeper) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in membership.MembershipUpdates.WithCancellation(stoppingToken)) keeper.WakeNow();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}

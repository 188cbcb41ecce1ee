using ControlPlane.Silo.Api;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring;

/// <summary>Orleans' own dashboard at <c>/orleans</c>: silos, grains, their calls and their state. Only with the admin token.</summary>
internal static class DashboardWiring
{
    private const string Path = "/orleans";

    // Live traces would show log lines of everything; the log has them.
    public static void Add(ISiloBuilder silo) => silo.AddDashboard(dashboard => dashboard.HideTrace = true);

    public static void Map(WebApplication app) => app.MapOrleansDashboard(Path).WithMetadata(new AdminOnly(AllowsBasic: true));
}

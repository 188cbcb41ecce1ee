using System.Globalization;
using FsCheck;

namespace ControlPlane.Core.Tests;

/// <summary>Checks properties on the same cases each time; the variable CONTROLPLANE_SEED draws others.</summary>
internal static class Properties
{
    private static readonly ulong Seed = ulong.Parse(Environment.GetEnvironmentVariable("CONTROLPLANE_SEED") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Fails, with the smallest case found, unless the property holds.</summary>
    public static void Holds(this Property property, int tests = 100) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(Seed, 2 * Seed + 1), property);
}

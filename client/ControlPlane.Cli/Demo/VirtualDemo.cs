using System.Security.Cryptography;
using ControlPlane.Core;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Cli.Demo;

/// <summary>The demo in virtual time: as fast as possible, with a fingerprint of every decision.</summary>
internal static class VirtualDemo
{
    public static int Run(IReadOnlyList<DemoService> services, ulong seed, CancellationToken cancellationToken)
    {
        var twin = new VirtualTwin(services, seed);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var decisions = 0;
        twin.Run((long)seed, services[0].Load.Length, async (context, _) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var service in services)
            {
                if (await context.GrainFactory.GetGrain<IDecisionGrain>(service.Id.ToString()).GetLatest() is not { } decision) continue;
                hash.AppendData(CoreJson.ToBytes(decision));
                decisions++;
            }
        });
        DemoTable.Print(DemoResults.Compare(services, twin.Cluster, seed));
        Console.WriteLine($"{decisions} decisions, fingerprint {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
        return 0;
    }
}

using System.Globalization;
using ControlPlane.Embedded.Storage.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Embedded.KillTool;

/// <summary>Writes numbers from many grains at once and prints each one that was acknowledged, until somebody kills it.</summary>
internal static class WriteUntilKilled
{
    private const int Writers = 20;
    private const int Enough = 1_000_000;

    internal static async Task<int> RunAsync(string folder)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.AddFileGrainStorage("store", new FileGrainStorageOptions
        {
            Folder = folder,
            CompactionMinimumBytes = 64 << 10,
        }));
        using var host = builder.Build();
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("store");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(storage, writer)));
        return 0;
    }

    private static async Task WriteAsync(IGrainStorage storage, int writer)
    {
        var grain = GrainId.Create("writer", writer.ToString(CultureInfo.InvariantCulture));
        var record = new GrainState<long>();
        await storage.ReadStateAsync("number", grain, record);
        while (record.State < Enough)
        {
            record.State++;
            await storage.WriteStateAsync("number", grain, record);
            lock (storage)
            {
                Console.Out.WriteLine($"{grain} {record.State}");
                Console.Out.Flush();
            }
        }
    }
}

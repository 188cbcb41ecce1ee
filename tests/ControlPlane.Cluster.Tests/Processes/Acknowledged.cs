using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>Registers services and changes policies all the time, and remembers what was acknowledged: none of it may be lost.</summary>
internal sealed class Acknowledged : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Fleet _fleet;
    private readonly string _space;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _registered = [];
    private readonly Dictionary<string, int> _policies = [];
    private readonly Task _writing;

    private Acknowledged(Fleet fleet, string space)
    {
        (_fleet, _space) = (fleet, space);
        _writing = WriteAsync();
    }

    public int Count => _registered.Count + _policies.Count;

    /// <param name="fleet">The silos that are written to.</param>
    /// <param name="space">Namespace of the services, each test's own.</param>
    public static Acknowledged Start(Fleet fleet, string space) => new(fleet, space);

    /// <summary>Ends the writing and looks for everything that was acknowledged.</summary>
    public async Task AssertKeptAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        Assert.NotEmpty(_registered);
        Assert.NotEmpty(_policies);
        var client = _fleet.Silos[0];
        var listed = await Eventually.HoldsAsync(() => Try(() => client.Client.ListAsync(FleetTraffic.Cluster)), ids => ids is not null, "the services can be listed");
        Assert.Empty(_registered.Except(listed!));
        Assert.Empty(FleetTraffic.Names.Select(FleetTraffic.Id).Except(listed!));
        foreach (var (scope, maxReplicas) in _policies)
        {
            var text = await Eventually.HoldsAsync(() => Try(() => client.Http.GetStringAsync($"api/v1/policies/{scope}")), body => body is not null, "a policy can be read");
            using var policy = JsonDocument.Parse(text!);
            // A later one may have been stored without its acknowledgement having come back.
            Assert.True(policy.RootElement.GetProperty("maxReplicas").GetInt32() >= maxReplicas, $"{scope}: {text}, acknowledged {maxReplicas}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            var silos = _fleet.Silos;
            var client = silos[i % silos.Count].Client;
            var id = string.Create(CultureInfo.InvariantCulture, $"{FleetTraffic.Cluster}/{_space}/deployment/new-{i:0000}");
            if (i % 4 == 0)
            {
                if (await Succeeds(() => client.RegisterAsync(new ServiceRegistration { Id = id }))) _registered.Add(id);
            }
            else
            {
                var scope = string.Create(CultureInfo.InvariantCulture, $"{FleetTraffic.Cluster}/{_space}/deployment/policy-{i % 16}");
                var maxReplicas = 10 + i;
                if (await Succeeds(() => client.PutPolicyAsync(scope, string.Create(CultureInfo.InvariantCulture, $"mode: Auto\nmaxReplicas: {maxReplicas}\n")))) _policies[scope] = maxReplicas;
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<bool> Succeeds(Func<Task> write) => await Try(async () =>
    {
        await write();
        return "done";
    }) is not null;

    private static async Task<T?> Try<T>(Func<Task<T>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is ControlPlaneException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}

using ControlPlane.Client;
using ControlPlane.Simulation.Hosting;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>What a start finds: state of the run before, a folder in use, settings that break rules.</summary>
public sealed class StartTests : IDisposable
{
    private const string Sound = "apiVersion: v1\n";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("controlplane-test-");

    public static TheoryData<string[], string[]> BadSettings => new()
    {
        { ["--ControlPlane:ResponseTimeout=0.00:00:00.5"], ["ControlPlane:ResponseTimeout 00:00:00.5000000 is not within 1 s to 1 day"] },
        {
            ["--ControlPlane:Cluster=Prod One", "--ControlPlane:StoragePath= ", "--ControlPlane:ResponseTimeout=2.00:00:00"],
            ["ControlPlane:Cluster 'Prod One'", "ControlPlane:StoragePath is empty", "ControlPlane:ResponseTimeout 2.00:00:00"]
        },
        { ["--ControlPlane:Storage=Tape"], ["ControlPlane:Storage", "Tape"] },
        { ["--ControlPlane:ResponseTimeout=soon"], ["ControlPlane:ResponseTimeout", "soon"] },
        { ["--ControlPlane:Kubeconfig=/nowhere/config", "--ControlPlane:Cluster="], ["ControlPlane:Kubeconfig: there is no file '/nowhere/config'", "ControlPlane:Cluster ''"] },
    };

    public static TheoryData<string?, string[]> BadKubeconfigs => new()
    {
        { null, ["ControlPlane:Kubeconfig", "there is no file"] },
        { "clusters: [\n", ["line "] },
        { "just text\n", ["not a mapping"] },
        { Sound, ["current-context"] },
        { $"{Sound}current-context: prod\n", ["contexts has no entry named 'prod'"] },
        {
            $"{Sound}current-context: prod\ncontexts:\n- name: prod\n  context: {{cluster: prod}}\nclusters:\n- name: prod\n  cluster: {{server: 'ftp://x'}}\n",
            ["cluster 'prod'", "server 'ftp://x' is not an http or https address"]
        },
    };

    [Fact]
    public async Task Restart_WithFileStorage_KeepsRegistrationsAndPolicies()
    {
        var state = Path.Combine(_folder.FullName, "state");
        await using (var silo = await TestSilo.StartFrozenAsync(state))
        {
            await silo.Client.PutPolicyAsync("test/shop", "minReplicas: 3\nmaxReplicas: 30\n");
            await silo.RegisterAsync("mode: Auto\nminReplicas: 4\nmaxReplicas: 40\n");
            await silo.Client.RegisterAsync(new ServiceRegistration { Id = "test/shop/deployment/gone" });
            await silo.Client.UnregisterAsync("test/shop/deployment/gone");
        }

        await using var again = await TestSilo.StartFrozenAsync(state);

        Assert.Equal([TestCluster.Id], await again.Client.ListAsync());
        Assert.Equal(TestCluster.Id, (await again.StatusAsync()).Id);
        Assert.Equal((4, 40, 1), await PolicyApiTests.InForce(again, TestCluster.Id));
        Assert.Equal((3, 30, 1), await PolicyApiTests.InForce(again, "test/shop"));
    }

    [Fact]
    public async Task Restart_UnderLoad_GoesOnDecidingByItself()
    {
        var state = Path.Combine(_folder.FullName, "state");
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 250);
        await using (var silo = await TestSilo.StartAsync(new Uri(cluster.Host.Url), cluster.Clock, state))
        {
            await silo.RegisterAsync();
            await Eventually.HoldsAsync(silo.StatusAsync, s => s.DecisionId is not null);
        }
        var restarted = cluster.Clock.GetUtcNow();

        await using var again = await TestSilo.StartAsync(new Uri(cluster.Host.Url), cluster.Clock, state);

        // The decisions are asked for, not the service: nothing but the silo itself wakes it.
        await Eventually.HoldsAsync(() => again.Client.GetDecisionsAsync(TestCluster.Id), d => d.Any(x => x.Time > restarted));
    }

    [Fact]
    public async Task Start_StateFolderInUse_FailsWithOneMessage()
    {
        var state = Path.Combine(_folder.FullName, "state");
        await using var first = await TestSilo.StartFrozenAsync(state);

        var (exitCode, error) = await SiloProcess.RunAsync($"--ControlPlane:StoragePath={state}", $"--ControlPlane:Kubeconfig={Kubeconfig.Write(PathOf("config"), "http://127.0.0.1:9")}");

        AssertRefused(exitCode, error, $"The state folder '{state}' is in use by another process");
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Empty(await first.Client.ListAsync());
    }

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task Start_BadSettings_AreAllNamedAtOnce(string[] settings, string[] parts)
    {
        var kubeconfig = Kubeconfig.Write(PathOf("config"), "http://127.0.0.1:9");

        var (exitCode, error) = await SiloProcess.RunAsync([$"--ControlPlane:StoragePath={PathOf("state")}", $"--ControlPlane:Kubeconfig={kubeconfig}", .. settings]);

        AssertRefused(exitCode, error, parts);
    }

    [Theory]
    [MemberData(nameof(BadKubeconfigs))]
    public async Task Start_BadKubeconfig_IsNamed(string? text, string[] parts)
    {
        var kubeconfig = PathOf("config");
        if (text is not null) await File.WriteAllTextAsync(kubeconfig, text);

        var (exitCode, error) = await SiloProcess.RunAsync($"--ControlPlane:StoragePath={PathOf("state")}", $"--ControlPlane:Kubeconfig={kubeconfig}");

        AssertRefused(exitCode, error, [kubeconfig, .. parts]);
    }

    [Fact]
    public async Task Start_AddressTaken_FailsWithOneMessage()
    {
        await using var first = await TestSilo.StartFrozenAsync();
        var url = first.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var kubeconfig = Kubeconfig.Write(PathOf("config"), "http://127.0.0.1:9");

        var (exitCode, error) = await SiloProcess.RunAsync($"--urls={url}", $"--ControlPlane:StoragePath={PathOf("state")}", $"--ControlPlane:Kubeconfig={kubeconfig}");

        AssertRefused(exitCode, error, url["http://".Length..], "address already in use");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static void AssertRefused(int exitCode, string error, params string[] parts)
    {
        Assert.True(exitCode == 1, $"exit code {exitCode}\n{error}");
        Assert.StartsWith("controlplane: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }
}

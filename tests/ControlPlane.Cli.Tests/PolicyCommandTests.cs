using System.Text.Json.Nodes;

namespace ControlPlane.Cli.Tests;

public sealed class PolicyCommandTests
{
    [Fact]
    public async Task Check_ThreeScopes_SaysWhatWouldBeInForceAndFromWhere()
    {
        using var folder = new TempFolder();
        var service = folder.Write("service.yaml", "scope: prod/shop/deployment/web\nmaxReplicas: 12\n");
        var cluster = folder.Write("cluster.yaml", "scope: prod\nmode: Auto\nmaxReplicas: 30\n");
        var space = folder.Write("namespace.json", """{ "scope": "prod/shop", "minReplicas": 3 }""");

        var result = await CliProcess.RunAsync("policy", "check", service, cluster, space);

        result.AssertSucceeded();
        var inForce = result.Out[..result.Out.IndexOf("\n# ", StringComparison.Ordinal)].Split('\n');
        Assert.Equal($"# {service}: sound; in force for prod/shop/deployment/web would be:", inForce[0]);
        Assert.Equal($"mode: Auto                                     # {cluster}", inForce[2]);
        Assert.Equal($"minReplicas: 3                                 # {space}", inForce[3]);
        Assert.Equal($"maxReplicas: 12                                # {service}", inForce[4]);
        Assert.Contains("step: 15s", inForce);
    }

    [Fact]
    public async Task Check_SoundAndFaulty_NamesEveryFaultWithItsLine()
    {
        using var folder = new TempFolder();
        var sound = folder.Write("sound.yaml", "scope: prod/shop\nmaxReplicas: 4\n");
        var faulty = folder.Write("faulty.yaml", "scope: prod/shop/deployment/web\nmode: Yes\nminReplicas: 5\nmaxReplica: 9\n");

        var result = await CliProcess.RunAsync("policy", "check", faulty, sound);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"# {sound}: sound;", result.Out, StringComparison.Ordinal);
        string[] faults = [$"{faulty}:2: mode: 'Yes'", $"{faulty}:3: maxReplicas: 4 is below minReplicas 5 (maxReplicas is inherited)", $"{faulty}:4: maxReplica: unknown property"];
        var lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(faults.Length, lines.Length);
        Assert.All(faults.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_TwoFilesOfOneScopeOrABadScope_IsAFault()
    {
        using var folder = new TempFolder();
        var one = folder.Write("one.yaml", "scope: prod\n");
        var two = folder.Write("two.yaml", "scope: prod\n");
        var three = folder.Write("three.yaml", "minReplicas: 2\n");

        var result = await CliProcess.RunAsync("policy", "check", one, two, three, "--scope", "a/b/c");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{two}: scope: 'prod' is that of {one} too", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{three}: scope: 'a/b/c' is none of", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_IsJsonWithEveryProperty()
    {
        var result = await CliProcess.RunAsync("policy", "schema");

        result.AssertSucceeded();
        Assert.NotNull(JsonNode.Parse(result.Out)!["properties"]!["objective"]!["properties"]!["latency"]);
    }
}

namespace ControlPlane.Cli.Tests;

/// <summary><c>controlplane teams</c> without a silo, and teams in <c>policy check</c>.</summary>
public sealed class TeamsCommandTests
{
    [Fact]
    public async Task Teams_NoSilo_IsSaidInOneLine() =>
        (await CliProcess.RunAsync("teams", "prod", "payments", "--silo", "http://127.0.0.1:9")).AssertRefusedInOneLine("http://127.0.0.1:9/ cannot be reached");

    [Fact]
    public async Task PolicyCheck_TeamOfTheClustersFile_IsKnownToTheServices()
    {
        using var folder = new TempFolder();
        var cluster = folder.Write("cluster.yaml", "scope: prod\nteams: [{ name: payments, budget: { replicaHours: 48, period: 1d } }]\n");
        var sound = await CliProcess.RunAsync("policy", "check", cluster, folder.Write("web.yaml", "scope: prod/shop/deployment/web\nteam: payments\n"));
        sound.AssertSucceeded();
        Assert.Contains("team: payments", sound.Out, StringComparison.Ordinal);

        var wrong = await CliProcess.RunAsync("policy", "check", cluster, folder.Write("shop.yaml", "scope: prod/shop\nteam: sales\nteams: []\n"));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("team: 'sales' is not declared in the cluster's policy; declared there: none", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("teams: are declared in the cluster's policy only, not in that of prod/shop", wrong.Error, StringComparison.Ordinal);
    }
}

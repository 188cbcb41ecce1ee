using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Cli.Tests;

/// <summary>What <c>backtest --format json</c> prints.</summary>
public sealed class BacktestJsonTests
{
    private static readonly string[] Shares =
        ["sloViolationRequestShare", "sloViolationTimeShare", "underProvisionedTimeShare", "overProvisionedTimeShare"];

    private static readonly string[] Amounts =
        ["underProvisionedPodHours", "overProvisionedPodHours", "podHours", "scaleUps", "scaleDowns", "wallSeconds"];

    [Fact]
    public async Task Backtest_AsJson_HasTheDocumentedSchema()
    {
        using var folder = new TempFolder();

        var report = await Report("backtest", "--trace", folder.WriteTrace(), "--seed", "7", "--format", "json");

        AssertMembers(report, "trace", "seed", "stepSeconds", "policy", "methods");
        Assert.Equal("shop", (string?)report["trace"]);
        Assert.Equal(7, (int)report["seed"]!);
        Assert.Equal(15, (double)report["stepSeconds"]!);
        Assert.Equal(JsonValueKind.Object, report["policy"]!.GetValueKind());
        var methods = report["methods"]!.AsArray();
        Assert.Equal(["controlplane", "hpa", "static", "oracle"], methods.Select(m => (string?)m!["name"]));
        Assert.All(methods, method => AssertMethod(method!.AsObject()));
    }

    [Fact]
    public async Task Backtest_AgainstNothing_ReportsOurMethodOnly()
    {
        using var folder = new TempFolder();

        var report = await Report("backtest", "--trace", folder.WriteTrace(), "--against", "", "--format", "json");

        Assert.Equal("controlplane", (string?)Assert.Single(report["methods"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task Backtest_ColumnIntervalAndPolicyGiven_AreUsed()
    {
        using var folder = new TempFolder();
        var trace = folder.Write("two.csv", "at,errors,hits\n0,1,600\n60,2,1200\n120,3,900\n");
        var policy = folder.Write("policy.yaml", "minReplicas: 3\nmaxReplicas: 17\nstep: 30s\n");

        var report = await Report(
            "backtest", "--trace", trace, "--column", "hits", "--interval", "1m", "--policy", policy, "--capacity", "5", "--format", "json");

        Assert.Equal(30, (double)report["stepSeconds"]!);
        Assert.Equal(3, (int)report["policy"]!["minReplicas"]!);
        Assert.Equal(17, (int)report["policy"]!["maxReplicas"]!);
    }

    [Fact]
    public async Task Backtest_SameFileAsGzip_GivesTheSameMethods()
    {
        using var folder = new TempFolder();

        var plain = await Report("backtest", "--trace", folder.WriteTrace("a.csv"), "--format", "json");
        var packed = await Report("backtest", "--trace", folder.Write("a.csv.gz", TempFolder.Gzip(TempFolder.TraceText())), "--format", "json");

        Assert.Equal(WithoutWallSeconds(plain), WithoutWallSeconds(packed));
    }

    internal static async Task<JsonObject> Report(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);
        result.AssertSucceeded();
        Assert.Equal("", result.Error);
        return JsonNode.Parse(result.Out)!.AsObject();
    }

    internal static string WithoutWallSeconds(JsonObject report)
    {
        foreach (var method in report["methods"]!.AsArray()) Assert.True(method!.AsObject().Remove("wallSeconds"));
        return report.ToJsonString();
    }

    private static void AssertMethod(JsonObject method)
    {
        AssertMembers(method, ["name", .. Shares, .. Amounts, "latencySeconds"]);
        Assert.All(Shares, share => Assert.InRange((double)method[share]!, 0, 1));
        Assert.All(Amounts, amount => Assert.InRange((double)method[amount]!, 0, double.MaxValue));
        Assert.True((double)method["podHours"]! > 0);
        var latency = method["latencySeconds"]!.AsObject();
        AssertMembers(latency, "p50", "p95", "p99");
        Assert.True((double)latency["p50"]! > 0);
        Assert.True((double)latency["p50"]! <= (double)latency["p95"]! && (double)latency["p95"]! <= (double)latency["p99"]!);
    }

    private static void AssertMembers(JsonObject found, params string[] expected) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(m => m.Key).Order(StringComparer.Ordinal));
}

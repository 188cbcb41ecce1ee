using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ControlPlane.Cli.Tests;

/// <summary>Backtests over several traces and policies at once.</summary>
public sealed class BacktestManyTests
{
    [Fact]
    public async Task Backtest_TwoTracesTwoPolicies_ReportsEveryPairAndTheirSummary()
    {
        using var folder = new TempFolder();
        var (now, next) = (folder.Write("now.yaml", "maxReplicas: 60\n"), folder.Write("next.yaml", "maxReplicas: 60\npredictive: { violationCost: 1000 }\n"));
        string[] arguments = ["backtest", "--trace", folder.WriteTrace("one.csv"), "--trace", folder.WriteTrace("two.csv"), "--policy", now, "--policy", next, "--against", "hpa", "--method", "keda", "--format", "json"];

        var result = await CliProcess.RunAsync(arguments);

        result.AssertSucceeded();
        var json = JsonNode.Parse(result.Out)!;
        Assert.Equal(["one now", "one next", "two now", "two next"], json["reports"]!.AsArray().Select(r => $"{r!["report"]!["trace"]} {r["policyName"]}"));
        var summary = json["summary"]!.AsArray();
        Assert.Equal(["now controlplane", "now hpa", "now keda", "next controlplane", "next hpa", "next keda"], summary.Select(s => $"{s!["policy"]} {s["method"]}"));
        Assert.All(summary, row => Assert.Equal(2, (int)row!["traces"]!));
        var sum = json["reports"]!.AsArray().Where(r => (string?)r!["policyName"] == "now").Sum(r => (double)r!["report"]!["methods"]![1]!["podHours"]!);
        Assert.Equal(sum, (double)summary[1]!["podHours"]!, 9);
        Assert.Equal(1, (double)summary[1]!["podHoursToHpa"]!);
        Assert.True((double)summary[3]!["podHours"]! > (double)summary[0]!["podHours"]!, "a dearer violation buys more pods");
    }

    [Fact]
    public async Task Backtest_Report_IsOneFileThatNeedsNothingElse()
    {
        using var folder = new TempFolder();
        var report = folder.PathOf("out.html");

        var result = await CliProcess.RunAsync("backtest", "--trace", folder.WriteTrace("one.csv"), "--trace", folder.WriteTrace("two.csv"), "--report", report);

        result.AssertSucceeded();
        Assert.Contains("over 2 demands", result.Out, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(report);
        Assert.DoesNotMatch(new Regex("""(src|href)=|https?:|@import|url\("""), page);
        Assert.Equal(2, Regex.Count(page, "<svg "));
        Assert.Equal(8, Regex.Count(page, "class=\"pods "));
        Assert.Equal(2, Regex.Count(page, "<path class=\"fan\""));
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backtest_SeveralAsCsv_NamesTraceAndPolicyInEveryLine()
    {
        using var folder = new TempFolder();

        var result = await CliProcess.RunAsync("backtest", "--trace", folder.WriteTrace("one.csv"), "--trace", folder.WriteTrace("two.csv"), "--against", "hpa", "--format", "csv");

        result.AssertSucceeded();
        var lines = result.Out.TrimEnd('\n').Split('\n');
        Assert.StartsWith("trace,policy,name,", lines[0], StringComparison.Ordinal);
        Assert.Equal(["one,,controlplane", "one,,hpa", "two,,controlplane", "two,,hpa"], lines.Skip(1).Select(l => string.Join(',', l.Split(',')[..3])));
    }

    [Fact]
    public async Task Backtest_RecordsOfSeveral_AreRefused()
    {
        using var folder = new TempFolder();
        var trace = folder.WriteTrace();
        (await CliProcess.RunAsync("backtest", "--trace", trace, "--trace", trace, "--records", folder.PathOf("r.jsonl"))).AssertRefusedInOneLine("--records", "one trace");
    }
}

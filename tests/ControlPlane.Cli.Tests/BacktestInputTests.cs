namespace ControlPlane.Cli.Tests;

/// <summary>Policies and options that cannot be used.</summary>
public sealed class BacktestInputTests
{
    public static TheoryData<string, string[]> BadPolicies => new()
    {
        { "minReplicas: 5\nmaxReplicas: 2\n", [":2: maxReplicas: 2 is below minReplicas 5"] },
        { "minReplicas: 1\nmaxReplica: 9\n", [":2: maxReplica: unknown property", "maxReplicas"] },
        { "predictive:\n  horizon: 30s\n  leadTime: 2m\n", [":2: predictive.horizon: 30s does not reach past predictive.leadTime 2m"] },
        { "minReplicas: two\n", [":1: minReplicas: 'two' is not a whole number"] },
        { "minReplicas: 5\nmaxReplicas: 2\nstep: 0s\n", [":2: maxReplicas: 2", ":3: step: 0s"] },
        { "minReplicas: [\n", [":2: not YAML"] },
        { "", ["expected one policy, found 0 documents"] },
        { "- 1\n", [":1: expected a mapping"] },
        { "step: 7s\n", [": step: 7s", "divide the interval 1m"] },
        { "step: 1500ms\n", [": step: 1s500ms", "whole seconds"] },
        { "objective:\n  latency: 1ms\n", [": objective", "ObjectiveLatency"] },
    };

    public static TheoryData<string[], string[]> BadOptions => new()
    {
        { ["--against", "hpa,magic"], ["--against", "'magic'", "hpa, hpa-tuned, keda, predictive-hpa, hourly, static, oracle"] },
        { ["--method", "keda,spell"], ["--method", "'spell'", "keda"] },
        { ["--report", "/no/such/folder/out.html"], ["--report", "there is no folder"] },
        { ["--frontier", "--report", "out.html"], ["--report", "no meaning with --frontier"] },
        { ["--trace", "shape:square"], ["--trace", "'square'", "flash-crowd-daily"] },
        { ["--capacity", "0"], ["--capacity", "0 is not above 0"] },
        { ["--capacity", "-3"], ["--capacity", "-3 is not above 0"] },
        { ["--format", "xml"], ["'xml'", "json"] },
        { ["--interval", "soon"], ["--interval", "'soon' is not a duration"] },
        { ["--startup", "0s"], ["--startup", "'0s' is not a duration above 0"] },
        { ["--seed", "-1"], ["'-1'", "--seed"] },
        { ["--frobnicate"], ["--frobnicate"] },
    };

    [Theory]
    [MemberData(nameof(BadPolicies))]
    public async Task Backtest_BadPolicy_IsRefusedWithLinePropertyAndRule(string text, string[] parts)
    {
        using var folder = new TempFolder();
        var policy = folder.Write("policy.yaml", text);

        var result = await CliProcess.RunAsync("backtest", "--trace", folder.WriteTrace(), "--policy", policy, "--format", "json");

        result.AssertRefused([policy, .. parts]);
    }

    [Fact]
    public async Task Backtest_MissingPolicyFile_SaysSo()
    {
        using var folder = new TempFolder();
        var policy = folder.PathOf("nowhere.yaml");

        var result = await CliProcess.RunAsync("backtest", "--trace", folder.WriteTrace(), "--policy", policy);

        result.AssertRefusedInOneLine(policy, "there is no policy file");
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Backtest_BadOption_IsRefusedInOneLine(string[] options, string[] parts)
    {
        using var folder = new TempFolder();

        var result = await CliProcess.RunAsync(["backtest", "--trace", folder.WriteTrace(), .. options]);

        result.AssertRefusedInOneLine(parts);
    }

    [Fact]
    public async Task Backtest_WithoutTrace_SaysWhatIsMissing() =>
        (await CliProcess.RunAsync("backtest")).AssertRefusedInOneLine("--trace", "required");

    [Fact]
    public async Task Backtest_RecordsIntoMissingFolder_IsRefused()
    {
        using var folder = new TempFolder();
        var records = folder.PathOf("no/such/folder/records.jsonl");

        (await CliProcess.RunAsync("backtest", "--trace", folder.WriteTrace(), "--records", records)).AssertRefusedInOneLine(records);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ControlPlane.Cli.Tests;

public sealed class FaultsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Faults_OneOfThem_TellsTimesAndRatio()
    {
        var result = await CliProcess.RunAsync("faults", "--fault", "hung pod", "--seeds", "2", "--format", "json");
        result.AssertSucceeded();
        var row = JsonNode.Parse(result.Out)!["faults"]!.AsArray()[0]!;
        Assert.Equal(("hung pod", 2), (row["fault"]!.GetValue<string>(), row["detected"]!.GetValue<int>()));
        Assert.InRange(row["recoveryRatio"]!.GetValue<double>(), 0.001, 0.35);
        var table = await CliProcess.RunAsync("faults", "--fault", "hung pod", "--seeds", "2");
        table.AssertSucceeded();
        Assert.Contains("probes", table.Out, StringComparison.Ordinal);
        var story = await CliProcess.RunAsync("faults", "--fault", "hung pod", "--story", "--seed", "2");
        story.AssertSucceeded();
        Assert.Contains("evicts service-", story.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_HealthyDays_CountsActions()
    {
        var trace = _folder.PathOf("trace.csv");
        var text = new StringBuilder("time,requests\n");
        for (var i = 0; i < 288; i++) text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(5 * i):yyyy-MM-ddTHH:mm:ssZ},{60000 + 30000 * Math.Sin(2 * Math.PI * i / 288):0}\n");
        File.WriteAllText(trace, text.ToString());
        var result = await CliProcess.RunAsync("faults", "--trace", trace, "--days", "1", "--format", "json");
        result.AssertSucceeded();
        var row = JsonNode.Parse(result.Out)!["healthy"]!.AsArray()[0]!;
        Assert.Equal((1, 0), (row["days"]!.GetValue<double>(), row["evictions"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Faults_BadInput_SaysWhatIsWrong()
    {
        (await CliProcess.RunAsync("faults", "--fault", "gremlins")).AssertRefusedInOneLine("there is no fault 'gremlins'");
        (await CliProcess.RunAsync("faults", "--seeds", "0")).AssertRefusedInOneLine("--seeds: 0 is below 1");
        (await CliProcess.RunAsync("faults", "--story")).AssertRefusedInOneLine("name one fault");
    }
}

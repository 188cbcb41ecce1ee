namespace ControlPlane.Cli.Tests;

/// <summary>What <c>controlplane anomalies</c> refuses before it asks a silo, and what it says when there is none.</summary>
public sealed class AnomaliesCommandTests
{
    [Fact]
    public async Task Anomalies_ThatCannotBe_AreRefusedInOneLine()
    {
        (await CliProcess.RunAsync("anomalies", "c/n/deployment/web", "--silo", "http://127.0.0.1:9")).AssertRefusedInOneLine("http://127.0.0.1:9/ cannot be reached");
        (await CliProcess.RunAsync("anomalies", "c/n/deployment/web", "--confirm", "a", "--dismiss", "b")).AssertRefusedInOneLine("one of them at a time");
    }
}

using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Cli.Tests;

/// <summary>What <c>controlplane models</c> refuses before it asks a silo, and what it says when there is none.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("controlplane-test-");

    [Fact]
    public async Task Models_ThatCannotBe_AreRefusedInOneLine()
    {
        var damaged = Path.Combine(_folder.FullName, "damaged.model");
        var bytes = new ModelArtifact { Id = ModelId.Of("holt-winters", "1.0.0") }.Save();
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes);

        (await CliProcess.RunAsync("models", "list", "--silo", "http://127.0.0.1:9")).AssertRefusedInOneLine("http://127.0.0.1:9/ cannot be reached");
        (await CliProcess.RunAsync("models", "list", "--silo", "somewhere")).AssertRefusedInOneLine("'somewhere' is no address of a silo");
        (await CliProcess.RunAsync("models", "show", "latest")).AssertRefusedInOneLine("'latest' is no model version");
        (await CliProcess.RunAsync("models", "import", damaged)).AssertRefusedInOneLine(damaged, "checksum");
        (await CliProcess.RunAsync("models", "import", damaged + ".none")).AssertRefusedInOneLine("there is no file");
        (await CliProcess.RunAsync("models", "list", "--format", "xml")).AssertRefusedInOneLine("xml");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

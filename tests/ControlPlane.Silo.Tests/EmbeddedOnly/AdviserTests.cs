using System.Text.Json;
using ControlPlane.Core;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Learning;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>A silo that runs with an adviser's file.</summary>
public sealed class AdviserTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("controlplane-").FullName, "adviser.bin");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task Silo_WithAnAdviser_AsksItAndRecordsWhatItSays()
    {
        File.WriteAllBytes(_file, Trained().Save());
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 300);
        await using var silo = await TestSilo.StartAsync(cluster, adviserPath: _file);
        await silo.RegisterAsync("mode: Auto\nminReplicas: 2\nmaxReplicas: 30\nadviser: Shadow\n");

        var record = await Eventually.HoldsAsync(() => NewestAsync(silo), r => r?.Decision.Stages.Any(s => s.Name == AdviserMove.Stage) == true);

        Assert.Equal("not-released", record!.Decision.Stages.First(s => s.Name == AdviserMove.Stage).Rule);
        Assert.NotNull(record.Input.Advice);
        Assert.True(record.IsReproducible());
    }

    [Fact]
    public void Faults_FileThatIsMissingOrNoAdviser_AreNamedWithTheOthers()
    {
        Assert.Contains(Options("Two Words").Faults(), f => f.StartsWith($"ControlPlane:AdviserPath '{_file}': Could not find", StringComparison.Ordinal));
        File.WriteAllText(_file, "no artifact at all, but long enough to be looked at");
        Assert.Equal(2, Options("Two Words").Faults().Count(f => f.StartsWith("ControlPlane:AdviserPath", StringComparison.Ordinal) || f.StartsWith("ControlPlane:Cluster", StringComparison.Ordinal)));
    }

    [Fact]
    public void Adviser_FileThatIsGoneAfterTheCheck_IsTheOneThatWasChecked()
    {
        var artifact = Trained();
        File.WriteAllBytes(_file, artifact.Save());
        var options = Options("test");
        Assert.Empty(options.Faults());
        File.Delete(_file);
        Assert.Empty(options.Faults());
        Assert.Equal(artifact.Save(), options.Adviser!.Artifact!.Save());
    }

    private SiloOptions Options(string cluster) => new() { Storage = SiloStorage.Memory, AdviserPath = _file, Cluster = cluster };

    private static async Task<DecisionRecord?> NewestAsync(TestSilo silo)
    {
        var kept = await silo.Client.GetDecisionsAsync(TestCluster.Id, 1);
        return kept.Count == 0 ? null : JsonSerializer.Deserialize<DecisionRecord>(await silo.Client.GetDecisionRecordAsync(kept[0].Id), CoreJson.Options);
    }

    /// <summary>An adviser of six hours of waves; it knows little.</summary>
    private static ModelArtifact Trained()
    {
        var learning = new LearningOptions { Passes = 1, Updates = 20, Networks = 1, Caution = 0 };
        var options = new AdviserTrainingOptions { Id = ModelId.Of(AdviserKinds.Table, "1.0.0"), Courses = 2, Learning = learning };
        return new AdviserTrainer(TimeProvider.System).Train([Case("a", 40), Case("b", 70)], options, null, CancellationToken.None).Artifact;
    }

    private static BacktestCase Case(string name, double period)
    {
        var load = LoadSeries.FromRates(Enumerable.Range(0, 1440).Select(step => 600 + 400 * Math.Sin(step / period)));
        var profile = ServiceSizing.Profile(new PolicyDocument(), StartupTime.Constant(TimeSpan.FromSeconds(60)));
        return new BacktestCase { Trace = name, Start = TestCluster.Start, Load = load, Options = new BacktestOptions { Policy = ServiceSizing.DefaultPolicy(load, profile), Profile = profile } };
    }
}

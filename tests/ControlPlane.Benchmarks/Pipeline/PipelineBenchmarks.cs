using BenchmarkDotNet.Attributes;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>One step of a thousand services; figures are per observation.</summary>
// In this process, so that it runs from any folder without building a project of its own.
[InProcess]
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private const int Services = 1000;
    private PipelineHost _grains = null!;
    private PlainPipeline _loop = null!;

    [GlobalSetup(Target = nameof(Grains))]
    public async Task StartGrains() => _grains = await PipelineHost.StartAsync(Services);

    [GlobalCleanup(Target = nameof(Grains))]
    public async Task StopGrains() => await _grains.DisposeAsync();

    [GlobalSetup(Target = nameof(PlainLoop))]
    public void StartLoop() => _loop = new PlainPipeline(Services);

    [Benchmark(Baseline = true, OperationsPerInvoke = Services)]
    public void PlainLoop() => _loop.Step();

    [Benchmark(OperationsPerInvoke = Services)]
    public void Grains() => _grains.Step();
}

using BenchmarkDotNet.Running;
using ControlPlane.Benchmarks.Pipeline;

if (args is ["pipeline", .. var sizes]) return await PipelineRun.Run(sizes);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

using BenchmarkDotNet.Running;
using ControlPlane.Benchmarks.Lstm;
using ControlPlane.Benchmarks.Pipeline;
using ControlPlane.Benchmarks.Watch;

if (args is ["pipeline", .. var sizes]) return await PipelineRun.Run(sizes);
if (args is ["watch"]) return WatchRun.Run();
if (args is ["lstm"]) return LstmRun.Run();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

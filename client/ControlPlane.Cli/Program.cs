using System.CommandLine;
using ControlPlane.Cli;
using ControlPlane.Cli.Demo;

var root = new RootCommand("ControlPlane: scales services on Kubernetes from forecasts, and never worse than the HPA you would have run.")
{
    DemoCommand.Make(),
    BacktestCommand.Make(),
    ReplayCommand.Make(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });

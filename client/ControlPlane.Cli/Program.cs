using System.CommandLine;
using System.CommandLine.Invocation;
using ControlPlane.Cli;
using ControlPlane.Cli.Anomalies;
using ControlPlane.Cli.Backtests;
using ControlPlane.Cli.Decisions;
using ControlPlane.Cli.Demo;
using ControlPlane.Cli.Faults;
using ControlPlane.Cli.Models;
using ControlPlane.Cli.Policies;
using ControlPlane.Cli.Scoring;
using ControlPlane.Cli.Teams;
using ControlPlane.Cli.Training;

var root = new RootCommand("ControlPlane: scales services on Kubernetes from forecasts, with the exact HPA algorithm to fall back on.")
{
    DemoCommand.Make(),
    BacktestCommand.Make(),
    ExplainCommand.Make(),
    ReplayCommand.Make(),
    PolicyCommand.Make(),
    TeamsCommand.Make(),
    ScoreCommand.Make(),
    TrainCommand.Make(),
    FaultsCommand.Make(),
    StateCommand.Make(),
    ModelsCommand.Make(),
    AnomaliesCommand.Make(),
};
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction && args.Length > 0) return CommandRunner.Refuse(parsed);
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });

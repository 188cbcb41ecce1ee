using ControlPlane.Simulation.Backtest.Frontier;

namespace ControlPlane.Cli.Frontier;

/// <summary><c>controlplane backtest --no-regret</c>: ours against the HPA at the same target, with forecasts as they are and with useless ones.</summary>
internal static class NoRegretCommand
{
    private const int Broken = 1;

    /// <summary>Prints the comparison.</summary>
    /// <returns>0 when the promise is kept everywhere, 1 otherwise.</returns>
    public static int Execute(FrontierCommand.Request request, CancellationToken cancellationToken)
    {
        FrontierTrace[] traces = [.. request.Places.Select(place => FrontierCommand.Read(place, request))];
        var startups = request.Startup is { } one ? [one] : new FrontierOptions().Startups;
        var report = ProgressBar.Show("no regret", request.Format == "table", progress => NoRegretRunner.Run(traces, startups, progress, cancellationToken));
        if (request.Format == "json") Console.WriteLine(report.ToJson());
        else if (request.Format == "csv") Console.Write(NoRegretTable.ToCsv(report));
        else NoRegretTable.Print(report);
        return report.IsKept ? 0 : Broken;
    }
}

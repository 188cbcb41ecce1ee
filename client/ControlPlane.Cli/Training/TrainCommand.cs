using System.CommandLine;
using System.Globalization;
using ControlPlane.Cli.Scoring;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Cli.Training;

/// <summary><c>controlplane train network</c>: trains the networks that all workloads share on recorded demands.</summary>
internal static class TrainCommand
{
    private static readonly Option<string[]> TraceOption = new("--trace") { Description = "Recorded demand, CSV or CSV.gz with a header line, FILE or FILE:COLUMN; may be repeated.", HelpName = "FILE", Required = true };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File of the weights.", HelpName = "FILE", Required = true };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of everything that is drawn.", DefaultValueFactory = _ => 1 };

    public static Command Make()
    {
        var network = new Command("network", "Train the networks that correct the ensemble, at steps of a minute or more.") { TraceOption, Out, Seed };
        network.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return new Command("train", "Train models on recorded data.") { network, AdviserCommand.Make() };
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(Out)!;
        if (file.Directory is { Exists: false } folder) throw new CommandException($"there is no folder {folder}");
        TrainingTrace[] traces = [.. parsed.GetValue(TraceOption)!.Select(place => TraceSource.Read(place, null).ToTraining())];
        var options = new NetworkTrainingOptions { Seed = parsed.GetValue(Seed) };
        var weights = ProgressBar.Show("training", true, progress => Train(traces, options, progress, cancellationToken));
        File.WriteAllBytes(file.FullName, weights.Save());
        var header = weights.Header;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file}: {options.Networks} networks, {header.Examples} examples of {traces.Length} traces; loss on those kept aside: {header.ValidationLoss:0.000} of the ensemble's without them"));
        return 0;
    }

    private static CorrectionWeights Train(TrainingTrace[] traces, NetworkTrainingOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return NetworkTraining.Train(traces, options, NetworkProgress.Of(options, 1, progress), cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"--trace: {e.Message}");
        }
    }
}

using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Scoring;

/// <summary>A recorded demand on the grid that it is scored on, in the unit of its column.</summary>
/// <param name="Name">File and, where it was named, column.</param>
/// <param name="Start">End of the first step, UTC.</param>
/// <param name="Step">Length of a step.</param>
/// <param name="Values">One value a step: the mean of its known intervals; null where none is known.</param>
internal sealed record TraceSource(string Name, DateTimeOffset Start, TimeSpan Step, double?[] Values)
{
    /// <summary>Models go on after a gap; what is not known is not scored.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromDays(14);

    /// <summary>Reads one column.</summary>
    /// <param name="place"><c>FILE</c> or <c>FILE:COLUMN</c>.</param>
    /// <param name="step">Length of a step; null is the recorded interval.</param>
    public static TraceSource Read(string place, TimeSpan? step)
    {
        var (path, column) = Split(place);
        var trace = TraceReader.Read(path, new TraceOptions { Column = column, MaxGap = LongestGap });
        var length = step ?? trace.Interval;
        if (length.Ticks % trace.Interval.Ticks != 0)
            throw new CommandException($"--step: {DurationText.Format(length)} is not a multiple of the interval {DurationText.Format(trace.Interval)} of {path}");
        var each = (int)(length.Ticks / trace.Interval.Ticks);
        var values = new double?[trace.Length / each];
        for (var i = 0; i < values.Length; i++) values[i] = Enumerable.Range(i * each, each).Average(trace.Requests);
        return new TraceSource(column is null ? trace.Name : $"{trace.Name}:{column}", trace.Start + length, length, values);
    }

    /// <summary>The same, for networks to learn from.</summary>
    public TrainingTrace ToTraining() => new(Name, Name, Start, Step, Values.Select(value => value ?? double.NaN).ToArray());

    /// <summary>A colon may be part of the path: what exists wins.</summary>
    private static (string Path, string? Column) Split(string place)
    {
        var colon = place.LastIndexOf(':');
        return colon < 0 || File.Exists(place) ? (place, null) : (place[..colon], place[(colon + 1)..]);
    }
}

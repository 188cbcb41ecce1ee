namespace ControlPlane.Core.Forecasting.Network;

/// <summary>A recorded load to train on, or to evaluate on.</summary>
/// <param name="Name">Names it in reports.</param>
/// <param name="Group">Where it comes from; traces of one group are never split between training and evaluation.</param>
/// <param name="Start">End of the first step, UTC.</param>
/// <param name="Step">Length of a step, positive.</param>
/// <param name="Values">The load, oldest first, one a step; NaN, infinite or negative means unknown.</param>
public sealed record TrainingTrace(string Name, string Group, DateTimeOffset Start, TimeSpan Step, ReadOnlyMemory<double> Values)
{
    /// <summary>The same load in longer steps: means of the known values, unknown where none is known.</summary>
    /// <param name="factor">Steps of this trace in one of the new, at least 1.</param>
    public TrainingTrace Aggregate(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor == 1) return this;
        var values = new double[Values.Length / factor];
        for (var i = 0; i < values.Length; i++)
        {
            var (sum, known) = (0.0, 0);
            foreach (var value in Values.Span.Slice(i * factor, factor))
            {
                if (!IsKnown(value)) continue;
                sum += value;
                known++;
            }

            values[i] = known == 0 ? double.NaN : sum / known;
        }

        return this with { Start = Start + Step * (factor - 1), Step = Step * factor, Values = values };
    }

    internal static bool IsKnown(double value) => value is >= 0 and <= DemandForecaster.MaxDemand;
}

using ControlPlane.Core.Forecasting.Neural;

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

    /// <summary>
    /// The same load in shorter steps, for lack of recordings that are as fine: straight lines between the steps' middles, with noise as rough as the trace is
    /// from step to step.
    /// </summary>
    /// <param name="factor">New steps in one of this trace, at least 1.</param>
    /// <param name="seed">Draws the noise.</param>
    public TrainingTrace Refine(int factor, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor == 1 || Values.Length == 0) return this;
        var (random, roughness) = (new SeededNoise(seed), Roughness());
        var values = new double[Values.Length * factor];
        for (var i = 0; i < values.Length; i++)
        {
            var place = (i + 0.5) / factor - 0.5;
            var (left, right) = ((int)Math.Max(0, Math.Floor(place)), (int)Math.Min(Values.Length - 1, Math.Floor(place) + 1));
            var share = place - Math.Floor(place);
            values[i] = ((1 - share) * Values.Span[left] + share * Values.Span[right]) * Math.Exp(roughness * random.NextNormal());
        }

        return this with { Start = Start - Step + Step / factor, Step = Step / factor, Values = values };
    }

    /// <summary>Standard deviation of the noise in the logarithm, from the median change.</summary>
    private double Roughness()
    {
        var changes = new List<double>();
        var values = Values.Span;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > 0 && values[i - 1] > 0) changes.Add(Math.Abs(Math.Log(values[i] / values[i - 1])));
        }

        changes.Sort();
        return changes.Count == 0 ? 0 : changes[changes.Count / 2];
    }

    internal static bool IsKnown(double value) => value is >= 0 and <= DemandForecaster.MaxDemand;
}

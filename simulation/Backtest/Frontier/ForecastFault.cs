using System.Collections.Immutable;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>A way in which forecasts are no good, from a share of the run on. It changes the values of a forecast, or takes them away.</summary>
internal sealed class ForecastFault
{
    private const double NoiseSize = 1.5;
    private readonly double _from;
    private readonly Func<float, float>? _change;

    private ForecastFault(string name, double from, Func<float, float>? change) => (Name, _from, _change) = (name, from, change);

    /// <summary>What it is, in reports.</summary>
    public string Name { get; }

    /// <summary>Every way, the forecasts as they are first.</summary>
    /// <param name="seed">Seed of the noise.</param>
    public static ImmutableArray<ForecastFault> All(ulong seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            new("as they are", 0, v => v),
            new("noise", 0, v => (float)(v * Math.Exp(NoiseSize * random.NextNormal()))),
            new("zero", 0, _ => 0),
            new("tenfold", 0, v => 10 * v),
            new("nothing", 0, null),
            new("a tenth from the middle on", 0.5, v => v / 10),
            new("tenfold from the middle on", 0.5, v => 10 * v),
            new("nothing from the middle on", 0.5, null),
        ];
    }

    /// <summary>Changes the values; false: there is no forecast.</summary>
    /// <param name="done">Share of the run that is over.</param>
    /// <param name="levels">Values in a row.</param>
    /// <param name="values">Rows of values, ascending, before and after.</param>
    public bool Apply(double done, int levels, Span<float> values)
    {
        if (done < _from) return true;
        if (_change is null) return false;
        for (var start = 0; start < values.Length; start += levels)
        {
            var last = 0f;
            foreach (ref var value in values.Slice(start, levels)) value = last = Math.Max(last, _change(value));
        }

        return true;
    }
}

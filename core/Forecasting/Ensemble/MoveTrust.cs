using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// How far a forecast that moves another one is followed, by level: the logistic function of what moving would have saved, by the gradient of the pinball loss
/// where it was given, at a rate that falls as the savings vary. With two to choose from it starts slower than <see cref="LevelWeights"/>, which weighs many.
/// </summary>
internal sealed class MoveTrust
{
    /// <summary>Not to be moved until shown otherwise: ln of odds.</summary>
    private const double Prior = 1;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(7);
    private static readonly double LogTwo = Math.Log(2);
    private readonly double _keep;
    private readonly float[] _saved = new float[QuantileGrid.Count];
    private readonly float[] _squares = new float[QuantileGrid.Count];
    private readonly float[] _largest = new float[QuantileGrid.Count];

    /// <param name="interval">Time between two outcomes.</param>
    public MoveTrust(TimeSpan interval) => _keep = Math.Exp(-interval / Memory);

    /// <summary>What is given: between the two, ascending.</summary>
    /// <param name="row">The forecast as it was, by level.</param>
    /// <param name="moved">The moved one.</param>
    /// <param name="given">Filled; may be <paramref name="row"/>.</param>
    public void Blend(ReadOnlySpan<float> row, ReadOnlySpan<float> moved, Span<float> given)
    {
        var last = float.NegativeInfinity;
        for (var level = 0; level < row.Length; level++)
            given[level] = last = Math.Max(last, row[level] + (float)(1 / (1 + Math.Exp(Prior - 2 * Rate(level) * _saved[level]))) * (moved[level] - row[level]));
    }

    /// <summary>Learns an outcome.</summary>
    public void Learn(double outcome, ReadOnlySpan<float> row, ReadOnlySpan<float> moved, ReadOnlySpan<float> given)
    {
        for (var level = 0; level < row.Length; level++)
        {
            var saved = ((outcome < given[level] ? 1 : 0) - QuantileGrid.Levels[level]) * (row[level] - moved[level]);
            _largest[level] = Math.Max((float)(_keep * _largest[level]), (float)Math.Abs(saved));
            _saved[level] = (float)(_keep * _saved[level] + saved - Rate(level) * saved * saved);
            _squares[level] = (float)(_keep * _squares[level] + saved * saved);
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_saved);
        writer.Write(_squares);
        writer.Write(_largest);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_saved);
        reader.Read(_squares);
        reader.Read(_largest);
    }

    private double Rate(int level) =>
        _squares[level] <= 0 ? 0 : Math.Min(1 / (2 * Math.Max(_largest[level], float.Epsilon)), Math.Sqrt(LogTwo / _squares[level]));
}

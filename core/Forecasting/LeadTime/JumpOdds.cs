using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// How often what was held for possible came true, counted for each circumstance. As long as it never did, the odds fall with the square of the number of
/// trials: most likely there is nothing in it. One success is enough to believe the share that is counted.
/// </summary>
/// <param name="circumstances">Number of circumstances.</param>
internal sealed class JumpOdds(int circumstances)
{
    private const double MostTrials = 30;
    private readonly float[] _hits = new float[circumstances];
    private readonly float[] _trials = new float[circumstances];

    /// <summary>The probability.</summary>
    /// <param name="circumstance">The circumstance.</param>
    /// <param name="guess">What it is before the first trial, within 0..1.</param>
    public double Of(int circumstance, double guess)
    {
        var worth = _trials[circumstance] + 1.0;
        return Math.Min(1, (_hits[circumstance] + guess / worth) / worth);
    }

    /// <summary>Counts a step.</summary>
    /// <param name="circumstance">The circumstance.</param>
    /// <param name="isHit">Whether it came true.</param>
    /// <param name="weight">What the step is worth: the steps of a whole trial are worth 1 together.</param>
    public void Count(int circumstance, bool isHit, double weight)
    {
        var keep = 1 - weight / MostTrials;
        _trials[circumstance] = (float)(_trials[circumstance] * keep + weight);
        _hits[circumstance] = (float)(_hits[circumstance] * keep + (isHit ? weight : 0));
    }

    public void CopyFrom(JumpOdds other)
    {
        other._hits.CopyTo(_hits, 0);
        other._trials.CopyTo(_trials, 0);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_hits);
        writer.Write(_trials);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_hits);
        reader.Read(_trials);
    }
}

using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>Smoothing parameters, each for one step (the season's for one season).</summary>
/// <param name="Alpha">Weight of a new value in the level, (0, 1].</param>
/// <param name="Beta">Weight of a new change in the trend, [0, 1].</param>
/// <param name="Gamma">Weight of a new value in its season's term, [0, 1].</param>
/// <param name="Phi">What is left of the trend after a step, [0, 1].</param>
internal readonly record struct HoltWintersWeights(double Alpha, double Beta, double Gamma, double Phi);

/// <summary>
/// Additive damped-trend exponential smoothing (Holt 1957, Winters 1960, Gardner and McKenzie 1985):
/// l = α(y − s) + (1−α)(l' + φb'), b = β(l − l') + (1−β)φb', s = γ(y − l' − φb') + (1−γ)s'. The seasonal terms stand in bins of several steps
/// and are interpolated between bin centres; with one step a bin this is the textbook recursion. The seasonal terms start after two whole
/// seasons, from the mean of both; until then it is Holt's method.
/// </summary>
internal sealed class HoltWintersModel : IPointModel
{
    private const int SeasonsToStart = 2;
    private readonly HoltWintersWeights _weights;
    private readonly int _stepsPerBin;
    private readonly float[] _season;
    private float[] _first;
    private ushort[] _seen;
    private double _level;
    private double _trend;
    private bool _started;
    private bool _seasonal;
    private long _firstBin = -1;
    private long _openBin = -1;
    private double _binSum;
    private int _binCount;
    private double _mean;
    private long _meanCount;
    private (int Steps, double Sum)[] _dampedByKnot = [];

    /// <param name="weights">Smoothing parameters.</param>
    /// <param name="stepsPerBin">Steps of one seasonal bin.</param>
    /// <param name="bins">Bins of a season; 0: no season.</param>
    public HoltWintersModel(HoltWintersWeights weights, int stepsPerBin, int bins)
    {
        _weights = weights;
        _stepsPerBin = stepsPerBin;
        _season = new float[bins];
        _first = new float[bins];
        _seen = new ushort[bins];
    }

    public int FeatureCount => 0;

    public double Level => _level;

    public double Trend => _trend;

    public void Update(DemandState state)
    {
        var (step, z) = (state.Newest, state.Z);
        if (!_started)
        {
            (_started, _level, _trend) = (true, z, 0);
            CollectSeason(step, z);
            return;
        }

        var moved = _level + Damped(state.Gap) * _trend;
        var damping = state.Gap == 1 ? _weights.Phi : Math.Pow(_weights.Phi, state.Gap);
        var season = _seasonal ? SeasonAt(step) : 0;
        var level = _weights.Alpha * (z - season) + (1 - _weights.Alpha) * moved;
        _trend = _weights.Beta * (level - _level) / state.Gap + (1 - _weights.Beta) * damping * _trend;
        _level = level;
        if (_seasonal) LearnSeason(step, z - moved);
        else CollectSeason(step, z);
    }

    public double Predict(DemandState state, int knot, int steps, Span<float> features) => Predict(state.Newest, steps, DampedAt(knot, steps));

    public double Predict(long newest, int steps) => Predict(newest, steps, Damped(steps));

    private double Predict(long newest, int steps, double damped)
    {
        var value = _level + damped * _trend;
        return _seasonal ? value + SeasonAt(newest + steps) : value;
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double change)
    {
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_level);
        writer.Write(_trend);
        writer.Write(_started);
        writer.Write(_seasonal);
        writer.Write(_firstBin);
        writer.Write(_openBin);
        writer.Write(_binSum);
        writer.Write(_binCount);
        writer.Write(_mean);
        writer.Write(_meanCount);
        writer.Write(_season);
        if (_seasonal) return;
        writer.Write(_first);
        writer.Write(_seen);
    }

    public void Load(ref StateReader reader)
    {
        _level = reader.ReadDouble();
        _trend = reader.ReadDouble();
        _started = reader.ReadBoolean();
        _seasonal = reader.ReadBoolean();
        _firstBin = reader.ReadInt64();
        _openBin = reader.ReadInt64();
        _binSum = reader.ReadDouble();
        _binCount = reader.ReadInt32();
        _mean = reader.ReadDouble();
        _meanCount = reader.ReadInt64();
        reader.Read(_season);
        if (_seasonal)
        {
            (_first, _seen) = ([], []);
            return;
        }

        reader.Read(_first);
        reader.Read(_seen);
    }

    /// <summary>φ + φ² + … + φ^steps.</summary>
    private double Damped(int steps)
    {
        var phi = _weights.Phi;
        if (steps == 1) return phi;
        return phi >= 1 ? steps : phi * (1 - Math.Pow(phi, steps)) / (1 - phi);
    }

    /// <summary>The same for the horizon of a knot, remembered: a knot always asks for the same.</summary>
    private double DampedAt(int knot, int steps)
    {
        if (knot >= _dampedByKnot.Length) Array.Resize(ref _dampedByKnot, knot + 1);
        ref var damped = ref _dampedByKnot[knot];
        if (damped.Steps != steps) damped = (steps, Damped(steps));
        return damped.Sum;
    }

    private long BinOf(long step) => (step + _stepsPerBin - 1) / _stepsPerBin;

    private double SeasonAt(long step)
    {
        var position = (step - 0.5) / _stepsPerBin + 0.5;
        var bin = (long)Math.Floor(position);
        var left = _season[bin % _season.Length];
        if (_stepsPerBin == 1) return left;
        return left + (position - bin) * (_season[(bin + 1) % _season.Length] - left);
    }

    /// <summary>Moves a bin's term once the bin is closed, by the mean of what its steps said.</summary>
    private void LearnSeason(long step, double detrended)
    {
        if (BinOf(step) != _openBin) CloseBin(BinOf(step));
        _binSum += detrended;
        _binCount++;
        if (_stepsPerBin == 1) CloseBin(_openBin);
    }

    private void CloseBin(long next)
    {
        if (_binCount > 0)
        {
            ref var term = ref _season[_openBin % _season.Length];
            term = (float)(_weights.Gamma * (_binSum / _binCount) + (1 - _weights.Gamma) * term);
        }

        _openBin = next;
        _binSum = 0;
        _binCount = 0;
    }

    /// <summary>Gathers the means of two seasons; then starts the seasonal terms.</summary>
    private void CollectSeason(long step, double z)
    {
        if (_season.Length == 0) return;
        var bin = BinOf(step);
        if (_firstBin < 0) _firstBin = bin;
        if (bin - _firstBin >= (long)SeasonsToStart * _season.Length)
        {
            StartSeason(step);
            return;
        }

        var slot = (int)(bin % _season.Length);
        _first[slot] += (float)z;
        if (_seen[slot] < ushort.MaxValue) _seen[slot]++;
        _mean += z;
        _meanCount++;
    }

    private void StartSeason(long step)
    {
        var mean = _mean / _meanCount;
        for (var i = 0; i < _season.Length; i++) _season[i] = _seen[i] == 0 ? 0 : (float)(_first[i] / _seen[i] - mean);
        (_first, _seen) = ([], []);
        _seasonal = true;
        _openBin = BinOf(step);
        _level -= SeasonAt(step);
    }
}

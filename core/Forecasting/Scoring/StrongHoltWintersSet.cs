namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>One parameter set of <see cref="StrongHoltWinters"/>.</summary>
internal sealed class StrongHoltWintersSet
{
    private static readonly TimeSpan BinWidth = TimeSpan.FromMinutes(5);
    private static readonly double[] Alphas = [0.1, 0.3, 0.6, 0.9];
    private static readonly double[] Gammas = [0.05, 0.2, 0.5];
    private static readonly (double Beta, double Phi)[] Trends = [(0, 0), (0.1, 0.9)];
    private readonly double _alpha;
    private readonly double _gamma;
    private readonly double _beta;
    private readonly double _phi;
    private readonly int _stepsPerBin;
    private readonly double[] _season;
    private readonly double[] _sums;
    private readonly int[] _counts;
    private double _level = double.NaN;
    private double _trend;
    private bool _hasSeason;
    private int _step = -1;
    private int _first = -1;
    private int _open = -1;

    public StrongHoltWintersSet(TraceGrid grid, double alpha, double gamma, double beta, double phi)
    {
        (_alpha, _gamma, _beta, _phi) = (alpha, gamma, beta, phi);
        _stepsPerBin = (int)Math.Max(1, BinWidth.Ticks / grid.Step.Ticks);
        var bins = Math.Max(1, grid.StepsPerDay / _stepsPerBin);
        _season = new double[bins];
        _sums = new double[bins];
        _counts = new int[bins];
    }

    /// <summary>All sets.</summary>
    public static StrongHoltWintersSet[] Grid(TraceGrid grid)
    {
        var sets = new List<StrongHoltWintersSet>();
        foreach (var alpha in Alphas)
        {
            foreach (var gamma in Gammas)
            {
                foreach (var (beta, phi) in Trends) sets.Add(new StrongHoltWintersSet(grid, alpha, gamma, beta, phi));
            }
        }

        return [.. sets];
    }

    /// <summary>Learns a step; NaN only lets the trend fade.</summary>
    public void Update(int step, double value)
    {
        _step = step;
        if (_first >= 0 && !_hasSeason && (step - _first) / _stepsPerBin >= _season.Length) StartSeason(step);
        if (double.IsNaN(value))
        {
            if (!double.IsNaN(_level)) _level += _phi * _trend;
            _trend *= _phi;
            return;
        }

        if (double.IsNaN(_level))
        {
            (_level, _first) = (value, step);
            Collect(step, value);
            return;
        }

        var moved = _level + _phi * _trend;
        var level = _alpha * (value - SeasonAt(step)) + (1 - _alpha) * moved;
        _trend = _beta * (level - _level) + (1 - _beta) * _phi * _trend;
        _level = level;
        if (_hasSeason) Learn(step, value - moved);
        else Collect(step, value);
    }

    /// <summary>The forecast some steps ahead; NaN before the first value.</summary>
    public double Predict(int steps)
    {
        var damped = _phi > 0 ? _phi * (1 - Math.Pow(_phi, steps)) / (1 - _phi) : 0;
        return _level + damped * _trend + SeasonAt(_step + steps);
    }

    private int Bin(int step) => step / _stepsPerBin % _season.Length;

    /// <summary>The seasonal term, interpolated between the middles of the bins.</summary>
    private double SeasonAt(int step)
    {
        if (!_hasSeason) return 0;
        if (_stepsPerBin == 1) return _season[Bin(step)];
        var place = (step % (_stepsPerBin * _season.Length) + 0.5) / _stepsPerBin - 0.5;
        var left = (int)Math.Floor(place);
        var share = place - left;
        var n = _season.Length;
        return (1 - share) * _season[(left + n) % n] + share * _season[(left + 1) % n];
    }

    private void Collect(int step, double value)
    {
        _sums[Bin(step)] += value;
        _counts[Bin(step)]++;
    }

    private void StartSeason(int step)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < _season.Length; i++)
        {
            if (_counts[i] == 0) continue;
            sum += _sums[i] / _counts[i];
            count++;
        }

        for (var i = 0; i < _season.Length; i++) _season[i] = _counts[i] == 0 ? 0 : _sums[i] / _counts[i] - sum / count;
        Array.Clear(_sums);
        Array.Clear(_counts);
        _hasSeason = true;
        _level -= SeasonAt(step - 1);
    }

    private void Learn(int step, double detrended)
    {
        var bin = Bin(step);
        if (bin != _open && _open >= 0) Close();
        _open = bin;
        Collect(step, detrended);
        if (_stepsPerBin == 1) Close();
    }

    private void Close()
    {
        if (_counts[_open] > 0) _season[_open] += _gamma * (_sums[_open] / _counts[_open] - _season[_open]);
        (_sums[_open], _counts[_open], _open) = (0, 0, -1);
    }
}

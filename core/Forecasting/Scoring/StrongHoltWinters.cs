namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>
/// The opponent "HW*": <see cref="SetCount"/> parameter sets of Holt-Winters run side by side on the raw values, and at every horizon the set
/// speaks whose quantiles had the least pinball loss of late.
/// <para>
/// One set: l = α(y − s) + (1−α)(l' + φb'), b = β(l − l') + (1−β)φb', s = γ(y − l' − φb') + (1−γ)s', forecast l + (φ + … + φʰ)b + s; an additive
/// daily season in five-minute bins (bins of one step when steps are longer). Grid: α ∈ {0.1, 0.3, 0.6, 0.9} × γ ∈ {0.05, 0.2, 0.5} × (no trend |
/// β = 0.1, φ = 0.9). The season begins after the first whole day, with that day's deviations from its mean; until then it is 0.
/// Quantiles: forecast + empirical quantiles of the set's last 2016 errors at the horizon, one kept every five
/// minutes (<see cref="TraceResiduals"/>). Choice: the least mean pinball loss over all levels with a
/// memory of one day, judged with the quantiles as they were said.
/// </para>
/// </summary>
internal sealed class StrongHoltWinters : TraceModel
{
    public const int SetCount = 24;

    private static readonly TimeSpan ChoiceMemory = TimeSpan.FromDays(1);
    private readonly TraceGrid _grid;
    private readonly StrongHoltWintersSet[] _sets;
    private readonly TraceResiduals[] _residuals;
    private readonly float[] _open;
    private readonly double[] _losses;
    private readonly float[] _levels;
    private readonly double _keep;
    private readonly int _slots;
    private readonly int _perStep;
    private long _known;

    public StrongHoltWinters(TraceGrid grid, bool isScaled = false)
    {
        _grid = grid;
        _levels = [.. grid.Levels];
        _sets = StrongHoltWintersSet.Grid(grid);
        _slots = grid.Longest + 1;
        _perStep = SetCount * grid.Horizons.Length * (1 + _levels.Length);
        _open = new float[_slots * _perStep];
        Array.Fill(_open, float.NaN);
        _losses = new double[SetCount * grid.Horizons.Length];
        _residuals = [.. _losses.Select(_ => new TraceResiduals(grid.Step, isScaled))];
        _keep = Math.Exp(-grid.Step / ChoiceMemory);
    }

    public override string Name => "holt-winters-star";

    public override void Update(int step, double value)
    {
        if (!double.IsNaN(value)) Judge(step, value);
        foreach (var set in _sets) set.Update(step, value);
        if (!double.IsNaN(value)) _known++;
        Remember(step, isKnown: !double.IsNaN(value));
    }

    public override bool Forecast(Span<float> rows)
    {
        if (_known == 0) return false;
        for (var h = 0; h < _grid.Horizons.Length; h++)
        {
            var cell = Best(h);
            var point = _sets[cell / _grid.Horizons.Length].Predict(_grid.Horizons[h]);
            for (var q = 0; q < _levels.Length; q++) rows[h * _levels.Length + q] = (float)(point + _residuals[cell].Quantile(_levels[q]));
        }

        return true;
    }

    private int Best(int horizon)
    {
        var best = horizon;
        for (var cell = horizon; cell < _losses.Length; cell += _grid.Horizons.Length)
        {
            if (_losses[cell] < _losses[best]) best = cell;
        }

        return best;
    }

    private Span<float> Open(int step, int cell) => _open.AsSpan(step % _slots * _perStep + cell * (1 + _levels.Length), 1 + _levels.Length);

    private void Judge(int step, double value)
    {
        for (var cell = 0; cell < _losses.Length; cell++)
        {
            var origin = step - _grid.Horizons[cell % _grid.Horizons.Length];
            if (origin < 0) continue;
            var said = Open(origin, cell);
            if (float.IsNaN(said[0])) continue;
            _losses[cell] = _keep * _losses[cell] + PinballLoss.Mean(_levels, value, said[1..]);
            _residuals[cell].Add(value - said[0]);
        }
    }

    private void Remember(int step, bool isKnown)
    {
        for (var cell = 0; cell < _losses.Length; cell++)
        {
            var said = Open(step, cell);
            said[0] = float.NaN;
            if (!isKnown) continue;
            var point = _sets[cell / _grid.Horizons.Length].Predict(_grid.Horizons[cell % _grid.Horizons.Length]);
            said[0] = (float)point;
            for (var q = 0; q < _levels.Length; q++) said[1 + q] = (float)(point + _residuals[cell].Quantile(_levels[q]));
        }
    }
}

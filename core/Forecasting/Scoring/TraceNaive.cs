namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>The last value, or the value one season earlier (the last value until there is one), with quantiles of its own scaled errors.</summary>
internal sealed class TraceNaive : TraceModel
{
    private readonly TraceGrid _grid;
    private readonly int _season;
    private readonly double[] _values;
    private readonly double[] _points;
    private readonly TraceResiduals[] _residuals;
    private readonly int _slots;
    private int _step = -1;
    private double _last = double.NaN;

    /// <param name="grid">What is asked.</param>
    /// <param name="season">Length of the season in steps; 0: the last value.</param>
    public TraceNaive(TraceGrid grid, int season)
    {
        _grid = grid;
        _season = season;
        _values = new double[Math.Max(1, season)];
        Array.Fill(_values, double.NaN);
        _slots = grid.Longest + 1;
        _points = new double[_slots * grid.Horizons.Length];
        Array.Fill(_points, double.NaN);
        _residuals = [.. grid.Horizons.Select(_ => new TraceResiduals(grid.Step))];
    }

    public override string Name => _season == 0 ? "last-value" : "seasonal-naive";

    public override void Update(int step, double value)
    {
        _step = step;
        for (var h = 0; h < _residuals.Length; h++)
        {
            var slot = (step - _grid.Horizons[h] + _slots) % _slots;
            var point = step >= _grid.Horizons[h] ? _points[slot * _residuals.Length + h] : double.NaN;
            if (!double.IsNaN(point) && !double.IsNaN(value)) _residuals[h].Add(value - point);
        }

        if (!double.IsNaN(value)) _last = value;
        if (_season > 0) _values[step % _season] = value;
        for (var h = 0; h < _residuals.Length; h++)
            _points[step % _slots * _residuals.Length + h] = double.IsNaN(value) ? double.NaN : Point(_grid.Horizons[h]);
    }

    public override bool Forecast(Span<float> rows)
    {
        if (double.IsNaN(_last)) return false;
        var i = 0;
        for (var h = 0; h < _residuals.Length; h++)
        {
            var point = Point(_grid.Horizons[h]);
            foreach (var level in _grid.Levels) rows[i++] = (float)(point + _residuals[h].Quantile(level));
        }

        return true;
    }

    private double Point(int steps)
    {
        if (_season == 0) return _last;
        var ahead = steps % _season == 0 ? _season : steps % _season;
        var slot = (_step + ahead) % _season;
        return double.IsNaN(_values[slot]) ? _last : _values[slot];
    }
}

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>The open forecasts and the sums of one model.</summary>
internal sealed class TraceTally
{
    private readonly TraceGrid _grid;
    private readonly float[] _levels;
    private readonly float[] _open;
    private readonly long[] _below;
    private readonly double[] _byHorizon;
    private readonly long[] _pairs;
    private readonly int _median;
    private readonly int _low;
    private readonly int _high;
    private (double Sum, long Count) _firstDay;
    private double _absolute;
    private double _total;
    private long _within;

    public TraceTally(TraceGrid grid)
    {
        _grid = grid;
        _levels = [.. grid.Levels];
        _open = new float[(grid.Longest + 1) * grid.Cells];
        _below = new long[_levels.Length];
        _byHorizon = new double[grid.Horizons.Length];
        _pairs = new long[grid.Horizons.Length];
        (_low, _median, _high) = (IndexOf(0.025f), IndexOf(0.5f), IndexOf(0.975f));
    }

    /// <summary>Time spent in the model, in ticks of the provider's counter.</summary>
    public long Ticks { get; set; }

    public Span<float> Open(int step) => _open.AsSpan(step % (_grid.Longest + 1) * _grid.Cells, _grid.Cells);

    public void Add(int origin, int horizon, double outcome, bool isFirstDay)
    {
        var row = Open(origin).Slice(horizon * _levels.Length, _levels.Length);
        var loss = PinballLoss.Mean(_levels, outcome, row);
        _byHorizon[horizon] += loss;
        _pairs[horizon]++;
        if (isFirstDay) _firstDay = (_firstDay.Sum + loss, _firstDay.Count + 1);
        for (var q = 0; q < row.Length; q++) _below[q] += outcome <= row[q] ? 1 : 0;
        if (outcome >= row[_low] && outcome <= row[_high]) _within++;
        _absolute += Math.Abs(outcome - row[_median]);
        _total += Math.Abs(outcome);
    }

    public TraceScoreRow ToRow(string name, double seconds)
    {
        var pairs = _pairs.Sum();
        return new TraceScoreRow
        {
            Name = name,
            Pinball = _byHorizon.Sum() / pairs,
            FirstDayPinball = _firstDay.Count == 0 ? null : _firstDay.Sum / _firstDay.Count,
            Wape = _total > 0 ? _absolute / _total : null,
            Coverage = [.. _below.Select(below => (double)below / pairs)],
            Coverage95 = (double)_within / pairs,
            PinballByHorizon = [.. _byHorizon.Select((sum, h) => sum / Math.Max(1, _pairs[h]))],
            Seconds = seconds,
        };
    }

    private int IndexOf(float level)
    {
        var index = _grid.Levels.IndexOf(level);
        return index >= 0 ? index : throw new ArgumentException(FormattableString.Invariant($"The level {level} must be among the levels."));
    }
}

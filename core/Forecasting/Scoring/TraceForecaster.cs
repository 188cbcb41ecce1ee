namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>A forecaster of ours as a row of the table; until it is ready its stand-in speaks.</summary>
internal sealed class TraceForecaster : TraceModel
{
    private readonly TraceGrid _grid;
    private readonly IForecaster _forecaster;
    private readonly TraceModel? _standIn;
    private readonly DateTimeOffset _start;
    private readonly float[] _levels;
    private readonly float[] _values;

    /// <param name="name">Name of the row.</param>
    /// <param name="grid">What is asked.</param>
    /// <param name="start">Time of the first step's end.</param>
    /// <param name="forecaster">The forecaster, of the grid's step.</param>
    /// <param name="standIn">Speaks while the forecaster is not ready; null: nobody.</param>
    public TraceForecaster(string name, TraceGrid grid, DateTimeOffset start, IForecaster forecaster, TraceModel? standIn = null)
    {
        (Name, _grid, _start, _forecaster, _standIn) = (name, grid, start, forecaster, standIn);
        _levels = [.. grid.Levels];
        _values = new float[grid.Longest * _levels.Length];
    }

    public override string Name { get; }

    public override void Update(int step, double value)
    {
        _forecaster.Update(_start + step * _grid.Step, double.IsNaN(value) ? null : value);
        _standIn?.Update(step, value);
    }

    public override bool Forecast(Span<float> rows)
    {
        if (_forecaster.Forecast(_grid.Longest, _levels, _values) != ForecastStatus.Ready) return _standIn?.Forecast(rows) ?? false;
        for (var h = 0; h < _grid.Horizons.Length; h++)
            _values.AsSpan((_grid.Horizons[h] - 1) * _levels.Length, _levels.Length).CopyTo(rows[(h * _levels.Length)..]);
        return true;
    }
}

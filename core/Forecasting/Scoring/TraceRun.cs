namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>One run of several models over one trace.</summary>
internal sealed class TraceRun(TraceGrid grid, IReadOnlyList<TraceModel> models, TimeProvider clock, int firstOrigin, int firstDaySteps)
{
    private readonly TraceTally[] _tallies = [.. models.Select(_ => new TraceTally(grid))];
    private readonly bool[] _isOrigin = new bool[grid.Longest + 1];
    private long _pairs;
    private long _rejected;

    public void Advance(int step, double? given)
    {
        var isValid = given is >= 0 and <= DemandForecaster.MaxDemand;
        if (given is not null && !isValid) _rejected++;
        var value = isValid ? given!.Value : double.NaN;
        if (isValid) Score(step, value);
        var isOrigin = step >= firstOrigin && isValid;
        for (var m = 0; m < models.Count; m++)
        {
            var begun = clock.GetTimestamp();
            models[m].Update(step, value);
            if (isOrigin) isOrigin = models[m].Forecast(_tallies[m].Open(step));
            _tallies[m].Ticks += clock.GetTimestamp() - begun;
        }

        _isOrigin[step % _isOrigin.Length] = isOrigin;
    }

    public TraceScoreTable ToTable() => new()
    {
        Horizons = grid.Horizons,
        Levels = grid.Levels,
        Pairs = _pairs,
        Rejected = _rejected,
        Rows = _pairs == 0 ? [] : [.. models.Select((model, m) => _tallies[m].ToRow(model.Name, (double)_tallies[m].Ticks / clock.TimestampFrequency))],
        Problem = _pairs > 0 ? null : "no forecast could be scored: the trace has too few known values after the first that models learn from",
    };

    private void Score(int step, double value)
    {
        for (var h = 0; h < grid.Horizons.Length; h++)
        {
            var origin = step - grid.Horizons[h];
            if (origin < 0 || !_isOrigin[origin % _isOrigin.Length]) continue;
            _pairs++;
            foreach (var tally in _tallies) tally.Add(origin, h, value, origin < firstDaySteps);
        }
    }
}

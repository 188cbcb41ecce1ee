using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>Gathers a <see cref="RunSeries"/> over some of a run's ticks.</summary>
/// <param name="start">Time of the run's first tick's start, UTC.</param>
/// <param name="step">Length of a tick.</param>
/// <param name="from">First tick that is gathered.</param>
/// <param name="ticks">Ticks that are gathered.</param>
/// <param name="parts">Parts that are wanted at most.</param>
internal sealed class RunSeriesRecorder(DateTimeOffset start, TimeSpan step, int from, int ticks, int parts)
{
    private static readonly float[] WantedLevels = [0.1f, 0.5f, 0.9f];

    private readonly int _ticksPerPart = Math.Max(1, (ticks + parts - 1) / parts);
    private readonly List<float> _demand = [], _highest = [], _pods = [], _latency = [], _violated = [];
    private double _demandSum, _demandMax, _latencySum;
    private int _latencies;
    private (long ViolatedTicks, long PodTicks) _counts;
    private int[]? _levels;
    private ImmutableArray<float> _levelValues = [];
    private double[,]? _forecasts;
    private int[]? _forecastCounts;
    private int _tick = -from;

    /// <summary>Takes a tick that has run; to be called for every tick of the run.</summary>
    public void Add(SimulatedService service, DecisionRecord? record)
    {
        if (record?.Input is { Forecast: { Status: ForecastStatus.Ready, Horizon: > 0 } forecast } input) AddForecast(forecast, DecisionPipeline.LeadSteps(input.Observation, input.Policy));
        if (_tick >= 0 && _tick < ticks) Gather(service);
        _tick++;
        if (_tick == 0) _counts = service.Counts;
        else if (_tick > 0 && _tick <= ticks && (_tick % _ticksPerPart == 0 || _tick == ticks)) ClosePart(service);
    }

    private void Gather(SimulatedService service)
    {
        var demand = service.Load.DemandAt(from + _tick);
        _demandSum += demand;
        _demandMax = Math.Max(_demandMax, demand);
        foreach (var sample in service.Read().Samples)
        {
            if (sample is not { Signal: SignalNames.LatencyP95, Pod: null }) continue;
            _latencySum += sample.Value;
            _latencies++;
        }
    }

    /// <summary>What was gathered.</summary>
    public RunSeries ToSeries() => new()
    {
        Start = start + step * from,
        Part = step * _ticksPerPart,
        Demand = [.. _demand],
        HighestDemand = [.. _highest],
        Pods = [.. _pods],
        LatencyP95 = [.. _latency],
        Violated = [.. _violated],
        Levels = _levelValues,
        Forecasts = [.. Enumerable.Range(0, _levelValues.Length).Select(ForecastOf)],
    };

    private void ClosePart(SimulatedService service)
    {
        var count = (_tick - 1) % _ticksPerPart + 1;
        var (before, now) = (_counts, service.Counts);
        _demand.Add((float)(_demandSum / count));
        _highest.Add((float)_demandMax);
        _latency.Add(_latencies > 0 ? (float)(_latencySum / _latencies) : float.NaN);
        _pods.Add((float)(now.PodTicks - before.PodTicks) / count);
        _violated.Add((float)(now.ViolatedTicks - before.ViolatedTicks) / count);
        _counts = now;
        (_demandSum, _demandMax, _latencySum, _latencies) = (0, 0, 0, 0);
    }

    private void AddForecast(Forecast forecast, int lead)
    {
        var row = Math.Min(lead, forecast.Horizon);
        if (_tick + row < 0) return;
        var part = (_tick + row) / _ticksPerPart;
        _levels ??= ChooseLevels(forecast);
        _forecasts ??= new double[_levels.Length, ticks / _ticksPerPart + 1];
        _forecastCounts ??= new int[_forecasts.GetLength(1)];
        if (part >= _forecastCounts.Length) return;
        _forecastCounts[part]++;
        for (var i = 0; i < _levels.Length; i++) _forecasts[i, part] += forecast.At(row, _levels[i]);
    }

    /// <summary>Of the levels that the model has, those nearest to 10%, 50% and 90%.</summary>
    private int[] ChooseLevels(Forecast forecast)
    {
        int[] chosen = [.. WantedLevels.Select(wanted => Enumerable.Range(0, forecast.Quantiles.Length).MinBy(i => Math.Abs(forecast.Quantiles[i] - wanted))).Distinct()];
        _levelValues = [.. chosen.Select(i => forecast.Quantiles[i])];
        return chosen;
    }

    private ImmutableArray<float> ForecastOf(int level) =>
        [.. Enumerable.Range(0, _demand.Count).Select(part => _forecastCounts![part] == 0 ? float.NaN : (float)(_forecasts![level, part] / _forecastCounts[part]))];
}

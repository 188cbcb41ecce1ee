using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// One horizon of the <see cref="ResidualStage"/>: the predictions whose outcome is still open, and the weights of the newest demands in what is missed.
/// </summary>
internal sealed class ResidualTrack
{
    private const int Inputs = RecentDemands.LagCount + 1;
    private const float Rate = 0.02f;
    private readonly int _capacity;
    private readonly long[] _origins;
    private readonly float[] _medians;
    private readonly float[] _spreads;
    private readonly float[] _shifts;
    private readonly Half[] _levels;
    private readonly float[] _coefficients = new float[Inputs];
    private readonly float[] _squares = new float[Inputs];
    private readonly float[] _inputs = new float[Inputs];
    private int _head;
    private int _count;

    /// <param name="steps">Steps ahead.</param>
    /// <param name="step">Length of a step.</param>
    public ResidualTrack(int steps, TimeSpan step)
    {
        (Steps, Stride) = (steps, HorizonTrack.StrideOf(steps, step));
        _capacity = steps / Stride + 1;
        _origins = new long[_capacity];
        (_medians, _spreads, _shifts) = (new float[_capacity], new float[_capacity], new float[_capacity]);
        _levels = new Half[_capacity * QuantileGrid.Count];
        Array.Fill(_squares, 1f);
    }

    public int Steps { get; }

    /// <summary>A prediction is kept every so many steps.</summary>
    public int Stride { get; }

    /// <summary>How far the newest demands say that the forecast from an origin misses, in spreads.</summary>
    /// <param name="past">What is known.</param>
    /// <param name="origin">The step of the origin.</param>
    /// <param name="spread">The forecast's spread.</param>
    public float ShiftFrom(RecentDemands past, long origin, float spread)
    {
        FillInputs(past, origin, spread);
        return TensorPrimitives.Dot<float>(_coefficients, _inputs);
    }

    /// <summary>Keeps a prediction for scoring.</summary>
    /// <param name="origin">The step of its origin.</param>
    /// <param name="row">The quantiles before the stage, by level.</param>
    /// <param name="spread">Their spread.</param>
    /// <param name="shift">What <see cref="ShiftFrom"/> said.</param>
    public void Remember(long origin, ReadOnlySpan<float> row, float spread, float shift)
    {
        if (_count == _capacity) return;
        var slot = (_head + _count++) % _capacity;
        (_origins[slot], _medians[slot], _spreads[slot], _shifts[slot]) = (origin, row[QuantileGrid.Median], spread, shift);
        for (var level = 0; level < row.Length; level++)
            _levels[slot * QuantileGrid.Count + level] = (Half)Math.Clamp((row[level] - row[QuantileGrid.Median]) / spread, (float)Half.MinValue, (float)Half.MaxValue);
    }

    /// <summary>Takes the prediction for a step, if one is open; forgets those whose step passed unseen.</summary>
    /// <param name="step">The step whose outcome is known.</param>
    /// <param name="row">Filled with the quantiles as they were.</param>
    /// <param name="taken">What else was kept.</param>
    public bool Take(long step, Span<float> row, out Kept taken)
    {
        taken = default;
        var found = false;
        while (_count > 0 && _origins[_head] + Steps <= step)
        {
            if (_origins[_head] + Steps == step)
            {
                found = true;
                taken = new(_origins[_head], _spreads[_head], _shifts[_head]);
                for (var level = 0; level < row.Length; level++) row[level] = _medians[_head] + taken.Spread * (float)_levels[_head * QuantileGrid.Count + level];
            }

            _head = (_head + 1) % _capacity;
            _count--;
        }

        return found;
    }

    /// <summary>Learns on which side of the median the outcome lay: AdaGrad on the pinball loss, whose slope there is ±½.</summary>
    public void Learn(Kept taken, RecentDemands past, bool isBelow)
    {
        FillInputs(past, taken.Origin, taken.Spread);
        var slope = isBelow ? 0.5f : -0.5f;
        for (var i = 0; i < Inputs; i++)
        {
            var gradient = slope * _inputs[i];
            _squares[i] += gradient * gradient;
            _coefficients[i] -= Rate * gradient / MathF.Sqrt(_squares[i]);
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_head);
        writer.Write(_count);
        foreach (var origin in _origins) writer.Write(origin);
        writer.Write(_medians);
        writer.Write(_spreads);
        writer.Write(_shifts);
        writer.Write(MemoryMarshal.Cast<Half, ushort>(_levels));
        writer.Write(_coefficients);
        writer.Write(_squares);
    }

    public void Load(ref StateReader reader)
    {
        _head = reader.ReadInt32();
        _count = reader.ReadInt32();
        if (_head < 0 || _head >= _capacity || _count < 0 || _count > _capacity) throw reader.Flaw("its open predictions have no order");
        for (var i = 0; i < _capacity; i++) _origins[i] = reader.ReadInt64();
        reader.Read(_medians);
        reader.Read(_spreads);
        reader.Read(_shifts);
        reader.Read(MemoryMarshal.Cast<Half, ushort>(_levels.AsSpan()));
        reader.Read(_coefficients);
        reader.Read(_squares);
    }

    /// <summary>The demands before the origin less the origin's, in spreads as a "signed log", and 1; unknown is 0.</summary>
    private void FillInputs(RecentDemands past, long origin, float spread)
    {
        var differences = _inputs.AsSpan(0, RecentDemands.LagCount);
        past.CopyDifferences(origin, differences);
        TensorPrimitives.Divide(differences, spread, differences);
        CorrectionInputs.SignedLog(differences);
        _inputs[^1] = 1;
    }

    /// <summary>What was kept of a prediction besides its quantiles.</summary>
    public readonly record struct Kept(long Origin, float Spread, float Shift);
}

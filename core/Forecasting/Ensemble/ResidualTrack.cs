using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// One horizon of the <see cref="ResidualStage"/>: the predictions whose outcome is still open, and the weights of the newest demands and errors in what is missed.
/// </summary>
internal sealed class ResidualTrack
{
    private const int OwnErrors = 3;
    private const int KeptErrors = 2 * OwnErrors;
    private const int Inputs = RecentDemands.LagCount + KeptErrors + 1;
    private const float Rate = 0.02f;
    private readonly int _capacity;
    private readonly long[] _origins;
    private readonly float[] _shifts;
    private readonly KeptRows _rows;
    private readonly Half[] _keptErrors;
    private readonly float[] _errors = new float[OwnErrors];
    private readonly ResidualTrack _nearest;
    private readonly float[] _coefficients = new float[Inputs];
    private readonly float[] _squares = new float[Inputs];
    private readonly float[] _inputs = new float[Inputs];
    private int _head;
    private int _count;

    /// <param name="steps">Steps ahead.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="nearest">The nearest horizon; null: this one.</param>
    public ResidualTrack(int steps, TimeSpan step, ResidualTrack? nearest)
    {
        (Steps, Stride, _nearest) = (steps, HorizonTrack.StrideOf(steps, step), nearest ?? this);
        _capacity = steps / Stride + 1;
        _origins = new long[_capacity];
        (_shifts, _rows, _keptErrors) = (new float[_capacity], new KeptRows(_capacity), new Half[_capacity * KeptErrors]);
        Array.Fill(_squares, 1f);
    }

    public int Steps { get; }

    /// <summary>A prediction is kept every so many steps.</summary>
    public int Stride { get; }

    /// <summary>How far the newest demands and errors say that the forecast from the newest step misses, in spreads.</summary>
    /// <param name="past">What is known.</param>
    /// <param name="newest">The newest step.</param>
    /// <param name="spread">The forecast's spread.</param>
    public float ShiftFrom(RecentDemands past, long newest, float spread)
    {
        FillDemands(past, newest, spread);
        FillErrors(spread);
        return TensorPrimitives.Dot<float>(_coefficients, _inputs);
    }

    /// <summary>Keeps a prediction from the newest step for scoring.</summary>
    /// <param name="past">What is known.</param>
    /// <param name="newest">The newest step.</param>
    /// <param name="row">The quantiles before the stage, by level.</param>
    /// <param name="spread">Their spread.</param>
    public void Remember(RecentDemands past, long newest, ReadOnlySpan<float> row, float spread)
    {
        if (_count == _capacity) return;
        var slot = (_head + _count++) % _capacity;
        (_origins[slot], _shifts[slot]) = (newest, ShiftFrom(past, newest, spread));
        _rows.Keep(slot, row, spread);
        TensorPrimitives.ConvertToHalf(ErrorInputs, KeptErrorsOf(slot));
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
                taken = new(_head, _origins[_head], _rows.SpreadOf(_head), _shifts[_head]);
                _rows.Read(_head, row);
            }

            _head = (_head + 1) % _capacity;
            _count--;
        }

        return found;
    }

    /// <summary>Learns on which side of the moved median the outcome lay: AdaGrad on the pinball loss, whose slope there is ±½.</summary>
    /// <param name="taken">What <see cref="Take"/> gave.</param>
    /// <param name="past">What was known before the outcome.</param>
    /// <param name="isBelow">Whether the outcome lay below.</param>
    /// <param name="error">The outcome less the median before the stage.</param>
    public void Learn(Kept taken, RecentDemands past, bool isBelow, double error)
    {
        FillDemands(past, taken.Origin, taken.Spread);
        TensorPrimitives.ConvertToSingle(KeptErrorsOf(taken.Slot), ErrorInputs);
        var slope = isBelow ? 0.5f : -0.5f;
        for (var i = 0; i < Inputs; i++)
        {
            var gradient = slope * _inputs[i];
            _squares[i] += gradient * gradient;
            _coefficients[i] -= Rate * gradient / MathF.Sqrt(_squares[i]);
        }

        _errors.AsSpan(0, OwnErrors - 1).CopyTo(_errors.AsSpan(1));
        _errors[0] = (float)error;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_head);
        writer.Write(_count);
        foreach (var origin in _origins) writer.Write((int)origin);
        writer.Write(_shifts);
        _rows.Save(writer);
        writer.Write(MemoryMarshal.Cast<Half, ushort>(_keptErrors));
        writer.Write(_errors);
        writer.Write(_coefficients);
        writer.Write(_squares);
    }

    public void Load(ref StateReader reader)
    {
        _head = reader.ReadInt32();
        _count = reader.ReadInt32();
        if (_head < 0 || _head >= _capacity || _count < 0 || _count > _capacity) throw reader.Flaw("its open predictions have no order");
        for (var i = 0; i < _capacity; i++) _origins[i] = reader.ReadInt32();
        reader.Read(_shifts);
        _rows.Load(ref reader);
        reader.Read(MemoryMarshal.Cast<Half, ushort>(_keptErrors.AsSpan()));
        reader.Read(_errors);
        reader.Read(_coefficients);
        reader.Read(_squares);
    }

    private Span<float> ErrorInputs => _inputs.AsSpan(RecentDemands.LagCount, KeptErrors);

    private Span<Half> KeptErrorsOf(int slot) => _keptErrors.AsSpan(slot * KeptErrors, KeptErrors);

    /// <summary>The demands before the origin less the origin's, in spreads as a "signed log", and 1; unknown is 0.</summary>
    private void FillDemands(RecentDemands past, long origin, float spread)
    {
        var differences = _inputs.AsSpan(0, RecentDemands.LagCount);
        past.CopyDifferences(origin, differences);
        TensorPrimitives.Divide(differences, spread, differences);
        CorrectionInputs.SignedLog(differences);
        _inputs[^1] = 1;
    }

    /// <summary>The newest errors at this horizon and at the nearest, likewise.</summary>
    private void FillErrors(float spread)
    {
        _errors.CopyTo(ErrorInputs);
        _nearest._errors.CopyTo(ErrorInputs[OwnErrors..]);
        TensorPrimitives.Divide(ErrorInputs, spread, ErrorInputs);
        CorrectionInputs.SignedLog(ErrorInputs);
    }

    /// <summary>What was kept of a prediction besides its quantiles.</summary>
    public readonly record struct Kept(int Slot, long Origin, float Spread, float Shift);
}

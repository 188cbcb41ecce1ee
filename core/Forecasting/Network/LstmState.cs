namespace ControlPlane.Core.Forecasting.Network;

/// <summary>What a <see cref="QuantileLstm"/> carries from one observation of a series to the next.</summary>
/// <param name="hidden">Units of the network.</param>
internal sealed class LstmState(int hidden)
{
    private readonly float[] _values = new float[2 * hidden];

    /// <summary>The layer's output, <c>[hidden]</c>; zero at the start of a series.</summary>
    public Span<float> Output => _values.AsSpan(0, hidden);

    /// <summary>The layer's cells, <c>[hidden]</c>; zero at the start of a series.</summary>
    public Span<float> Cell => _values.AsSpan(hidden, hidden);

    /// <summary>Forgets the series.</summary>
    public void Clear() => Array.Clear(_values);

    /// <summary>Takes over another state.</summary>
    public void CopyFrom(LstmState other) => other._values.CopyTo(_values, 0);
}

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Order of a <see cref="SarimaModel"/>: autoregressive and moving average terms at 1, at the short season and at the long one.</summary>
/// <param name="P">Autoregressive terms.</param>
/// <param name="Q">Moving average terms.</param>
/// <param name="ShortP">0 or 1 seasonal autoregressive terms.</param>
/// <param name="ShortQ">0 or 1 seasonal moving average terms.</param>
/// <param name="LongP">0 or 1 autoregressive terms of the long season.</param>
/// <param name="LongQ">0 or 1 moving average terms of the long season.</param>
internal readonly record struct SarimaOrder(int P, int Q, int ShortP, int ShortQ, int LongP, int LongQ)
{
    private const int Most = 3;

    /// <summary>Number of coefficients.</summary>
    public int Count => P + Q + ShortP + ShortQ + LongP + LongQ;

    /// <summary>The orders that differ by one step (Hyndman and Khandakar, 2008).</summary>
    public IEnumerable<SarimaOrder> Neighbours(bool hasLong)
    {
        SarimaOrder[] all =
        [
            this with { P = P + 1 }, this with { P = P - 1 }, this with { Q = Q + 1 }, this with { Q = Q - 1 },
            this with { P = P + 1, Q = Q + 1 }, this with { P = P - 1, Q = Q - 1 },
            this with { ShortP = 1 - ShortP }, this with { ShortQ = 1 - ShortQ }, this with { LongP = 1 - LongP }, this with { LongQ = 1 - LongQ },
        ];
        foreach (var order in all)
            if (order.P is >= 0 and <= Most && order.Q is >= 0 and <= Most && (hasLong || order.LongP + order.LongQ == 0)) yield return order;
    }
}

using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>The modelled horizons of a <see cref="ForecastEngine"/>: learns demands and says quantiles at each of them.</summary>
internal abstract class HorizonBank
{
    /// <summary>Number of modelled horizons.</summary>
    public abstract int Count { get; }

    /// <summary>Number of the newest known step; −1 before the first.</summary>
    public abstract long Newest { get; }

    /// <summary>A modelled horizon in steps; they ascend.</summary>
    public abstract int StepsOf(int knot);

    /// <summary>The scale was chosen; comes once, before the first <see cref="Advance"/> and after a load.</summary>
    public abstract void Begin(DemandScale scale);

    /// <summary>Learns a known demand.</summary>
    public abstract void Advance(long step, double demand);

    /// <summary>Fills the quantiles at some places of <see cref="QuantileGrid"/> for steps ahead of the newest, as demands; false while no member can speak.</summary>
    /// <param name="age">Steps that have passed since the newest known one: the first row is for the step after them.</param>
    /// <param name="horizon">Number of rows.</param>
    /// <param name="places">The places of the levels that are asked for.</param>
    /// <param name="values">The answer, row-major, in no order within a row that is sure.</param>
    public abstract bool Predict(int age, int horizon, ReadOnlySpan<(int Index, double Share)> places, Span<float> values);

    /// <summary>Outcomes scored at a horizon.</summary>
    public abstract long Scored(int knot);

    /// <summary>Share of recent outcomes below what a horizon said at a level of the grid, before a stage that comes after all horizons.</summary>
    public abstract double Covered(int knot, int level);

    public abstract void Save(StateWriter writer);

    public abstract void Load(ref StateReader reader);
}

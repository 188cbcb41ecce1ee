using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>A member that reads everything from the shared state.</summary>
internal abstract class StatelessModel : IPointModel
{
    public int FeatureCount => 0;

    public void Update(DemandState state)
    {
    }

    public double Predict(DemandState state, int knot, int steps, Span<float> features) => Predict(state, steps);

    public void Learn(int knot, ReadOnlySpan<float> features, double change)
    {
    }

    public void Save(StateWriter writer)
    {
    }

    public void Load(ref StateReader reader)
    {
    }

    protected abstract double Predict(DemandState state, int steps);
}

/// <summary>Nothing changes.</summary>
internal sealed class LastValueModel : StatelessModel
{
    protected override double Predict(DemandState state, int steps) => state.Z;
}

/// <summary>A decaying mean; the index picks one of <see cref="DemandState.Means"/>.</summary>
internal sealed class SmoothedModel(int index) : StatelessModel
{
    protected override double Predict(DemandState state, int steps) => state.Means[index];
}

/// <summary>The value one day earlier, as it was.</summary>
internal sealed class SeasonalNaiveModel(int days) : StatelessModel
{
    protected override double Predict(DemandState state, int steps) => state.Season.Before(state.Newest + steps, days, smooth: false);
}

/// <summary>The present level moved by the change that the daily profile shows.</summary>
internal sealed class ProfileChangeModel(int index) : StatelessModel
{
    protected override double Predict(DemandState state, int steps) =>
        state.Means[index] + state.Season.Profile(state.Newest + steps) - state.SeasonNow.Profile;
}

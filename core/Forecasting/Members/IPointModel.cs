using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>A member of an ensemble: predicts the middle of the distribution, on the model scale, at a few horizons ("knots").</summary>
internal interface IPointModel
{
    /// <summary>Numbers that the model wants back when the outcome of a prediction is known.</summary>
    int FeatureCount { get; }

    /// <summary>Learns the newest step, which <paramref name="state"/> already holds.</summary>
    void Update(DemandState state);

    /// <summary>Predicts the value <paramref name="steps"/> after the newest; NaN while it cannot. Fills its features.</summary>
    double Predict(DemandState state, int knot, int steps, Span<float> features);

    /// <summary>Learns how the value changed over the horizon of a knot since a prediction.</summary>
    void Learn(int knot, ReadOnlySpan<float> features, double change);

    void Save(StateWriter writer);

    void Load(ref StateReader reader);
}

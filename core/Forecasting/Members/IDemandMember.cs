using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>A member of the ensemble at steps of a minute or more: predicts the middle of the distribution, as a demand, at a few horizons ("knots").</summary>
internal interface IDemandMember
{
    /// <summary>Whether its errors grow with the demand; if not they are taken as they are.</summary>
    bool IsRelative { get; }

    /// <summary>Numbers that the member wants back when the outcome of a prediction is known.</summary>
    int FeatureCount { get; }

    /// <summary>Predicts the demand <paramref name="steps"/> after the newest step; NaN while it cannot. Fills its features.</summary>
    double Predict(DemandHistory history, int knot, int steps, Span<float> features);

    /// <summary>Learns the outcome of a prediction.</summary>
    /// <param name="knot">The horizon.</param>
    /// <param name="features">What the member filled in when it predicted.</param>
    /// <param name="origin">The demand at the origin.</param>
    /// <param name="outcome">The demand that came.</param>
    /// <param name="scale">The logarithmic scale.</param>
    void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale);

    void Save(StateWriter writer);

    void Load(ref StateReader reader);
}

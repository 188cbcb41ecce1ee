using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>A member of the ensemble at steps of a minute or more: predicts the middle of the distribution, as a demand, at a few horizons ("knots").</summary>
internal interface IDemandMember
{
    /// <summary>Whether its errors grow with the demand; if not they are taken as they are.</summary>
    bool IsRelative { get; }

    /// <summary>Predicts the demand some steps after the newest; NaN while it cannot.</summary>
    /// <param name="history">What is known.</param>
    /// <param name="knot">The modelled horizon that lies next.</param>
    /// <param name="steps">Steps ahead: the knot's, or some between it and its neighbour.</param>
    /// <param name="features">What <see cref="DemandFeatures"/> says of that step.</param>
    double Predict(DemandHistory history, int knot, int steps, ReadOnlySpan<float> features);

    /// <summary>Learns the outcome of a prediction.</summary>
    /// <param name="knot">The horizon.</param>
    /// <param name="features">What the features were when it predicted.</param>
    /// <param name="origin">The demand at the origin.</param>
    /// <param name="outcome">The demand that came.</param>
    /// <param name="scale">The logarithmic scale.</param>
    void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale);

    void Save(StateWriter writer);

    void Load(ref StateReader reader);
}

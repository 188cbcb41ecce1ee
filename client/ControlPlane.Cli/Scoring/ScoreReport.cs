using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Cli.Scoring;

/// <summary>How well each model forecast; what does not apply is null and left out.</summary>
/// <param name="Models">One row a model.</param>
/// <param name="PeakMemoryBytes">Largest resident memory of this process.</param>
/// <param name="Traces">The same for each trace, when there are several.</param>
internal sealed record ScoreReport(IReadOnlyList<ModelScore> Models, long PeakMemoryBytes, IReadOnlyList<TraceReport>? Traces = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static ScoreReport Of(IReadOnlyList<ModelScore> models, IReadOnlyList<TraceReport>? traces = null)
    {
        using var process = Process.GetCurrentProcess();
        return new ScoreReport(models, process.PeakWorkingSet64, traces);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>One trace's rows.</summary>
/// <param name="Name">The trace.</param>
/// <param name="Models">One row a model.</param>
internal sealed record TraceReport(string Name, IReadOnlyList<ModelScore> Models);

/// <summary>One model's row.</summary>
internal sealed record ModelScore
{
    /// <summary>The model; the combination is <c>ensemble</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Symmetric mean absolute percentage error, 0 to 200.</summary>
    public double? Smape { get; init; }

    /// <summary>Mean absolute error in units of the history's seasonal change.</summary>
    public double? Mase { get; init; }

    /// <summary>Mean of both relative to M4's Naive2.</summary>
    public double? Owa { get; init; }

    /// <summary>Mean scaled interval score of 95% intervals.</summary>
    public double? Msis95 { get; init; }

    /// <summary>Percent of the outcomes within the 95% interval.</summary>
    public double? Coverage95 { get; init; }

    /// <summary>Mean pinball loss over levels, horizons and origins, in the unit of the trace.</summary>
    public double? Pinball { get; init; }

    /// <summary>Pinball loss by the lesser of seasonal naive's and the strong Holt-Winters'.</summary>
    public double? Ratio { get; init; }

    /// <summary>Pinball loss of the origins in the first 24 hours.</summary>
    public double? FirstDayPinball { get; init; }

    /// <summary>Sum of absolute errors of the median by the sum of the outcomes.</summary>
    public double? Wape { get; init; }

    /// <summary>Percent of the outcomes at or below each level, by level.</summary>
    public IReadOnlyDictionary<string, double>? Coverage { get; init; }

    /// <summary>Time it took, summed over cores.</summary>
    public double Seconds { get; init; }
}

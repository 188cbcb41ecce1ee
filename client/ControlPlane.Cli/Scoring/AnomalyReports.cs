using System.Text.Json;
using ControlPlane.Core.Anomalies.Scoring;

namespace ControlPlane.Cli.Scoring;

/// <summary>Scores by the Numenta Anomaly Benchmark's rule.</summary>
/// <param name="Rows">One row a variant, the one that counts first.</param>
/// <param name="Files">Files scored.</param>
/// <param name="Windows">Anomaly windows in them.</param>
internal sealed record NabReport(IReadOnlyList<NabRow> Rows, int Files, int Windows)
{
    public string ToJson() => AnomalyJson.Write(new { Standard = Rows[0].Best[0].Value, RewardLowFalsePositives = Rows[0].Best[1].Value, RewardLowFalseNegatives = Rows[0].Best[2].Value, Files });
}

/// <summary>One variant: standard, few false positives, few false negatives.</summary>
/// <param name="Name">The variant.</param>
/// <param name="Best">With the threshold that is best for each profile, as the benchmark chooses it.</param>
/// <param name="Fixed">With the detector's own threshold for all.</param>
internal sealed record NabRow(string Name, IReadOnlyList<NabScore> Best, IReadOnlyList<NabScore> Fixed);

/// <summary>How well one detector found labelled anomalies of servers; means over the servers.</summary>
/// <param name="Name">The detector.</param>
/// <param name="EventF1">Mean of the share of anomalies found and the share of detections within anomalies.</param>
/// <param name="F1">F1 over steps.</param>
/// <param name="VusPr">Volume under the surface of precision and recall.</param>
/// <param name="DelaySeconds">From an anomaly's start to its first detection; null when none was found.</param>
/// <param name="BlameTop3">Share of the three most blamed signals that explain the anomaly; null without blame.</param>
internal sealed record ServersRow(string Name, double EventF1, double F1, double VusPr, double? DelaySeconds, double? BlameTop3)
{
    public string ToJson() => AnomalyJson.Write(new { EventF1, F1, VusPr, DelaySeconds, BlameTop3 });
}

internal static class AnomalyJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write<T>(T report) => JsonSerializer.Serialize(report, Options);
}

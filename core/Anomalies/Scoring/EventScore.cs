namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>
/// How well scores of steps find labelled anomalies, with the threshold that serves each measure best. No point adjustment: a step
/// counts as it was judged, not as its anomaly was.
/// </summary>
/// <param name="EventF1">Harmonic mean of the share of anomalies with a detection and the share of detections within anomalies (Garg et al., 2021).</param>
/// <param name="F1">Harmonic mean of precision and recall over steps.</param>
/// <param name="AveragePrecision">Area under the precision-recall curve over steps.</param>
/// <param name="DelaySteps">Mean steps from an anomaly's start to its first detection at the threshold of <paramref name="EventF1"/>, the lowest that gives it; NaN when none was found.</param>
/// <param name="Threshold">The threshold of <paramref name="EventF1"/>.</param>
public sealed record EventScore(double EventF1, double F1, double AveragePrecision, double DelaySteps, double Threshold)
{
    /// <summary>Scores a series.</summary>
    /// <param name="scores">Score of every step, higher is stranger; NaN is never a detection.</param>
    /// <param name="segments">First and last step of every anomaly, both included, in order and disjoint.</param>
    public static EventScore Of(ReadOnlySpan<double> scores, IReadOnlyList<(int First, int Last)> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        var owner = new int[scores.Length];
        owner.AsSpan().Fill(-1);
        for (var s = 0; s < segments.Count; s++) owner.AsSpan(segments[s].First, segments[s].Last - segments[s].First + 1).Fill(s);
        var rows = new List<(double Score, int Row)>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i])) rows.Add((scores[i], i));
        }

        rows.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Row.CompareTo(b.Row));
        return Sweep(rows, owner, segments);
    }

    private static EventScore Sweep(List<(double Score, int Row)> rows, int[] owner, IReadOnlyList<(int First, int Last)> segments)
    {
        var positives = owner.Count(o => o >= 0);
        var firstHit = new int[segments.Count];
        firstHit.AsSpan().Fill(int.MaxValue);
        var best = new EventScore(0, 0, 0, double.NaN, double.PositiveInfinity);
        var (hits, found, area, before) = (0, 0, 0.0, 0.0);
        for (var i = 0; i < rows.Count;)
        {
            var threshold = rows[i].Score;
            for (; i < rows.Count && rows[i].Score == threshold; i++)
            {
                if (owner[rows[i].Row] is not (>= 0 and var s)) continue;
                hits++;
                if (firstHit[s] == int.MaxValue) found++;
                firstHit[s] = Math.Min(firstHit[s], rows[i].Row);
            }

            var (precision, recall) = ((double)hits / i, positives == 0 ? 0 : (double)hits / positives);
            area += (recall - before) * precision;
            before = recall;
            if (Mean(precision, recall) is var f1 && f1 > best.F1) best = best with { F1 = f1 };
            if (Mean(precision, segments.Count == 0 ? 0 : (double)found / segments.Count) is var eventF1 && eventF1 > 0 && eventF1 >= best.EventF1)
                best = best with { EventF1 = eventF1, Threshold = threshold, DelaySteps = Delay(firstHit, segments) };
        }

        return best with { AveragePrecision = area };
    }

    private static double Mean(double precision, double recall) => precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;

    private static double Delay(int[] firstHit, IReadOnlyList<(int First, int Last)> segments)
    {
        var (sum, found) = (0.0, 0);
        for (var s = 0; s < segments.Count; s++)
        {
            if (firstHit[s] == int.MaxValue) continue;
            sum += firstHit[s] - segments[s].First;
            found++;
        }

        return found == 0 ? double.NaN : sum / found;
    }
}

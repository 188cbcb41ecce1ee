namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>
/// VUS-PR: the area under the precision-recall curve for anomaly ranges, averaged over how far the labels are stretched (Paparrizos
/// et al., "Volume Under the Surface", PVLDB 2022). It needs no threshold, and a detection a little beside a label earns a part.
/// </summary>
public static class VolumeUnderSurface
{
    private const int Thresholds = 250;

    /// <summary>The volume.</summary>
    /// <param name="scores">Score of every step, higher is stranger.</param>
    /// <param name="segments">First and last step of every anomaly, both included, in order and disjoint.</param>
    /// <param name="widest">Widest stretch of a label in steps, half of it to each side; all widths from 0 count alike.</param>
    /// <returns>0 to 1; NaN without anomalies.</returns>
    public static double PrecisionRecall(ReadOnlySpan<double> scores, IReadOnlyList<(int First, int Last)> segments, int widest)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentOutOfRangeException.ThrowIfNegative(widest);
        if (segments.Count == 0 || scores.Length == 0) return double.NaN;
        // Rows in falling order of their score: a threshold takes all rows at or above it.
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = scores.ToArray();
        for (var i = 0; i < keys.Length; i++) keys[i] = double.IsNaN(keys[i]) ? double.PositiveInfinity : -keys[i];
        Array.Sort(keys, order);
        var cuts = Cuts(keys);
        var sum = 0.0;
        for (var width = 0; width <= widest; width++) sum += Area(order, cuts, segments, width);
        return sum / (widest + 1);
    }

    /// <summary>Numbers of rows that the thresholds take: evenly spaced ranks, ties included.</summary>
    private static int[] Cuts(double[] keys)
    {
        var cuts = new List<int>(Thresholds);
        for (var t = 0; t < Thresholds; t++)
        {
            var cut = (int)((long)t * (keys.Length - 1) / (Thresholds - 1)) + 1;
            while (cut < keys.Length && keys[cut] == keys[cut - 1]) cut++;
            if (cuts.Count == 0 || cut > cuts[^1]) cuts.Add(cut);
        }

        return [.. cuts];
    }

    private static double Area(int[] order, int[] cuts, IReadOnlyList<(int First, int Last)> segments, int width)
    {
        var (labels, owner) = Stretch(order.Length, segments, width);
        var (plain, stretched) = (segments.Sum(s => s.Last - s.First + 1.0), labels.Sum());
        var positives = (plain + stretched) / 2;
        var found = new bool[segments.Count];
        var (taken, caught, existing, area, before) = (0, 0.0, 0, 0.0, 0.0);
        foreach (var cut in cuts)
        {
            for (; taken < cut; taken++)
            {
                var row = order[taken];
                caught += labels[row];
                if (owner[row] < 0 || found[owner[row]]) continue;
                found[owner[row]] = true;
                existing++;
            }

            var recall = Math.Min(caught / positives, 1) * existing / segments.Count;
            area += (recall - before) * caught / taken;
            before = recall;
        }

        return area;
    }

    /// <summary>Labels that fall off with the root of the distance, and the segment that each row belongs to (-1 for none).</summary>
    private static (double[] Labels, int[] Owner) Stretch(int rows, IReadOnlyList<(int First, int Last)> segments, int width)
    {
        var (labels, owner) = (new double[rows], new int[rows]);
        owner.AsSpan().Fill(-1);
        for (var s = 0; s < segments.Count; s++)
        {
            var (first, last) = segments[s];
            for (var i = Math.Max(0, first - width / 2); i <= Math.Min(rows - 1, last + width / 2); i++)
            {
                var distance = i < first ? first - i : i > last ? i - last : 0;
                labels[i] = Math.Min(1, labels[i] + (distance == 0 ? 1 : Math.Sqrt(1 - (double)distance / width)));
                if (owner[i] < 0 || distance == 0) owner[i] = s;
            }
        }

        return (labels, owner);
    }
}

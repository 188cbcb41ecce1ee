namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>
/// DBSCAN (Ester, Kriegel, Sander, Xu, KDD 1996): groups points that have enough neighbours within a radius; what is in no group is
/// noise. Groups are numbered in the order of their first core point, so that the same points give the same answer.
/// </summary>
internal static class DensityClusters
{
    /// <summary>Group of a point that is in none.</summary>
    public const int Noise = -1;
    private const int Unseen = -2;

    /// <summary>Groups points.</summary>
    /// <param name="points">Row-major <c>[count, dimensions]</c>.</param>
    /// <param name="dimensions">Numbers in a point.</param>
    /// <param name="radius">Euclidean distance within which points are neighbours.</param>
    /// <param name="fewest">Neighbours, itself included, that make a point a core point.</param>
    /// <param name="groups">Filled with the group of every point.</param>
    /// <returns>Number of groups.</returns>
    public static int Find(ReadOnlySpan<double> points, int dimensions, double radius, int fewest, Span<int> groups)
    {
        var count = points.Length / dimensions;
        groups[..count].Fill(Unseen);
        var (found, waiting, near) = (0, new Queue<int>(), new List<int>(count));
        for (var i = 0; i < count; i++)
        {
            if (groups[i] != Unseen) continue;
            Neighbours(points, dimensions, radius, i, near);
            if (near.Count < fewest)
            {
                groups[i] = Noise;
                continue;
            }

            groups[i] = found;
            foreach (var n in near) waiting.Enqueue(n);
            while (waiting.TryDequeue(out var p))
            {
                var isNew = groups[p] == Unseen;
                if (groups[p] is Unseen or Noise) groups[p] = found;
                if (!isNew) continue;
                Neighbours(points, dimensions, radius, p, near);
                if (near.Count < fewest) continue;
                foreach (var n in near) waiting.Enqueue(n);
            }

            found++;
        }

        return found;
    }

    private static void Neighbours(ReadOnlySpan<double> points, int dimensions, double radius, int of, List<int> near)
    {
        near.Clear();
        var centre = points.Slice(of * dimensions, dimensions);
        for (var i = 0; i < points.Length / dimensions; i++)
        {
            if (Squared(centre, points.Slice(i * dimensions, dimensions)) <= radius * radius) near.Add(i);
        }
    }

    private static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}

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
        var isCentral = Central(points, dimensions, radius / 2);
        var (found, waiting, near) = (0, new Queue<int>(), new List<int>(count));
        for (var i = 0; i < count; i++)
        {
            if (groups[i] != Unseen) continue;
            Neighbours(points, dimensions, radius, i, isCentral, near);
            if (near.Count < fewest)
            {
                groups[i] = Noise;
                continue;
            }

            Join(near, found, groups, waiting);
            while (waiting.TryDequeue(out var p))
            {
                Neighbours(points, dimensions, radius, p, isCentral, near);
                if (near.Count >= fewest) Join(near, found, groups, waiting);
            }

            found++;
        }

        return found;
    }

    /// <summary>Takes points into a group; those that nobody has asked yet wait for it.</summary>
    private static void Join(List<int> near, int group, Span<int> groups, Queue<int> waiting)
    {
        foreach (var n in near)
        {
            if (groups[n] == Unseen) waiting.Enqueue(n);
            if (groups[n] is Unseen or Noise) groups[n] = group;
        }
    }

    /// <summary>Points so near to the origin that they are neighbours of each other: of vectors in robust units nearly all.</summary>
    private static bool[] Central(ReadOnlySpan<double> points, int dimensions, double radius)
    {
        var isCentral = new bool[points.Length / dimensions];
        for (var i = 0; i < isCentral.Length; i++)
        {
            var squared = 0.0;
            foreach (var x in points.Slice(i * dimensions, dimensions)) squared += x * x;
            isCentral[i] = squared <= radius * radius;
        }

        return isCentral;
    }

    private static void Neighbours(ReadOnlySpan<double> points, int dimensions, double radius, int of, bool[] isCentral, List<int> near)
    {
        near.Clear();
        var centre = points.Slice(of * dimensions, dimensions);
        for (var i = 0; i < isCentral.Length; i++)
        {
            if (isCentral[of] && isCentral[i] || Squared(centre, points.Slice(i * dimensions, dimensions)) <= radius * radius) near.Add(i);
        }
    }

    private static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}

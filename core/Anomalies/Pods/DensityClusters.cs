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
        var search = new Search(points, dimensions, radius, fewest);
        var (found, waiting, near) = (0, new Queue<int>(), new List<int>(count));
        for (var i = 0; i < count; i++)
        {
            if (groups[i] != Unseen) continue;
            if (!search.Reach(i, near))
            {
                groups[i] = Noise;
                continue;
            }

            Join(near, found, groups, waiting);
            while (waiting.TryDequeue(out var p))
                if (search.Reach(p, near)) Join(near, found, groups, waiting);
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

    /// <summary>
    /// Finds neighbours. Points within half a radius of the origin are neighbours of each other: of vectors in robust units nearly all are.
    /// Where they are enough for core points, they are one group, and only the others need be compared.
    /// </summary>
    private ref struct Search
    {
        private readonly ReadOnlySpan<double> _points;
        private readonly int _dimensions;
        private readonly double _squaredRadius;
        private readonly int _fewest;
        private readonly bool[] _isCentral;
        private bool _isGathered;

        public Search(ReadOnlySpan<double> points, int dimensions, double radius, int fewest)
        {
            (_dimensions, _squaredRadius, _fewest) = (dimensions, radius * radius, fewest);
            _points = points;
            _isCentral = new bool[points.Length / dimensions];
            var central = 0;
            for (var i = 0; i < _isCentral.Length; i++)
            {
                var squared = 0.0;
                foreach (var x in Point(i)) squared += x * x;
                _isCentral[i] = squared <= _squaredRadius / 4;
                central += _isCentral[i] ? 1 : 0;
            }

            if (central < fewest) _isCentral.AsSpan().Clear();
        }

        /// <summary>Gives what is next to a point, or to the central points that it is one of.</summary>
        /// <returns>Whether it is a core point.</returns>
        public bool Reach(int of, List<int> near)
        {
            near.Clear();
            if (!_isCentral[of])
            {
                for (var i = 0; i < _isCentral.Length; i++)
                    if (AreNear(of, i)) near.Add(i);
                return near.Count >= _fewest;
            }

            if (_isGathered) return true;
            _isGathered = true;
            for (var i = 0; i < _isCentral.Length; i++)
                if (_isCentral[i] || IsNearCentral(i)) near.Add(i);
            return true;
        }

        private readonly bool IsNearCentral(int point)
        {
            for (var i = 0; i < _isCentral.Length; i++)
                if (_isCentral[i] && AreNear(point, i)) return true;
            return false;
        }

        private readonly bool AreNear(int one, int other)
        {
            var a = Point(one);
            var b = Point(other);
            var sum = 0.0;
            for (var j = 0; j < a.Length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
            return sum <= _squaredRadius;
        }

        private readonly ReadOnlySpan<double> Point(int place) => _points.Slice(place * _dimensions, _dimensions);
    }
}

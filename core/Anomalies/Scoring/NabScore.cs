namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>
/// The Numenta Anomaly Benchmark's rule (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", 2015): early
/// detections within a window earn more, false ones cost, by a scaled sigmoid; 100 is perfect and 0 a detector that is silent.
/// </summary>
/// <param name="Value">The normalised score.</param>
/// <param name="Threshold">The threshold it was reached with: a row whose score is at or above it is a detection.</param>
/// <param name="Found">Windows with a detection.</param>
/// <param name="False">Detections outside of windows.</param>
public sealed record NabScore(double Value, double Threshold, int Found, int False)
{
    private const double Steepness = 5;
    private const double FarAway = 3;

    /// <summary>The best score over all thresholds: one threshold for all files, as the benchmark chooses it.</summary>
    /// <param name="files">All files.</param>
    /// <param name="profile">The application profile.</param>
    public static NabScore Best(IReadOnlyList<NabFile> files, NabProfile profile)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(profile);
        var tally = new Tally(files, profile);
        var best = tally.At(double.PositiveInfinity);
        var rows = tally.Rows;
        for (var i = 0; i < rows.Length;)
        {
            var threshold = rows[i].Score;
            for (; i < rows.Length && rows[i].Score == threshold; i++) tally.Detect(rows[i]);
            var here = tally.At(threshold);
            if (here.Value > best.Value) best = here;
        }

        return best;
    }

    /// <summary>The score with a given threshold.</summary>
    /// <param name="files">All files.</param>
    /// <param name="profile">The application profile.</param>
    /// <param name="threshold">A row whose score is at or above it is a detection.</param>
    public static NabScore At(IReadOnlyList<NabFile> files, NabProfile profile, double threshold)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(profile);
        var tally = new Tally(files, profile);
        foreach (var row in tally.Rows)
        {
            if (row.Score >= threshold) tally.Detect(row);
        }

        return tally.At(threshold);
    }

    /// <summary>What a detection at a place relative to a window is worth, from 1 (far before its end) to -1 (far after it).</summary>
    internal static double Worth(double place) => place > FarAway ? -1 : 2 / (1 + Math.Exp(Steepness * place)) - 1;

    /// <summary>A row that can be a detection: in a window (by its number) or with the cost of a false one.</summary>
    private readonly record struct Row(double Score, int Window, double Worth);

    private sealed class Tally
    {
        private readonly NabProfile _profile;
        private readonly double[] _best;
        private int _found;
        private int _false;
        private double _total;

        public Tally(IReadOnlyList<NabFile> files, NabProfile profile)
        {
            _profile = profile;
            var rows = new List<Row>();
            var windows = 0;
            foreach (var file in files) windows = Add(rows, file, windows);
            Rows = [.. rows.OrderByDescending(r => r.Score)];
            _best = new double[windows];
            _best.AsSpan().Fill(double.NegativeInfinity);
            _total = -windows * profile.FalseNegative;
        }

        /// <summary>All rows with a score, highest first.</summary>
        public Row[] Rows { get; }

        public void Detect(Row row)
        {
            if (row.Window < 0)
            {
                _false++;
                _total += row.Worth * _profile.FalsePositive;
                return;
            }

            var before = _best[row.Window];
            if (row.Worth <= before) return;
            _best[row.Window] = row.Worth;
            if (double.IsNegativeInfinity(before)) _found++;
            _total += row.Worth * _profile.TruePositive - (double.IsNegativeInfinity(before) ? -_profile.FalseNegative : before * _profile.TruePositive);
        }

        public NabScore At(double threshold)
        {
            var (silent, perfect) = (-_best.Length * _profile.FalseNegative, _best.Length * _profile.TruePositive);
            return new NabScore(perfect > silent ? 100 * (_total - silent) / (perfect - silent) : 0, threshold, _found, _false);
        }

        /// <summary>Adds a file's rows; gives the number of windows so far.</summary>
        private static int Add(List<Row> rows, NabFile file, int windows)
        {
            var (next, last) = (0, -1);
            for (var i = 0; i < file.Scores.Length; i++)
            {
                while (next < file.Windows.Count && i > file.Windows[next].Last) last = next++;
                if (i < file.Probation || double.IsNaN(file.Scores[i])) continue;
                var inside = next < file.Windows.Count && i >= file.Windows[next].First;
                rows.Add(inside ? new Row(file.Scores[i], windows + next, Inside(file.Windows[next], i)) : new Row(file.Scores[i], -1, last < 0 ? -1 : After(file.Windows[last], i)));
            }

            return windows + file.Windows.Count;
        }

        private static double Inside((int First, int Last) window, int row) => Worth(-(window.Last - row + 1.0) / (window.Last - window.First + 1)) / Worth(-1);

        private static double After((int First, int Last) window, int row) => Worth((row - window.Last) / (double)Math.Max(1, window.Last - window.First));
    }
}

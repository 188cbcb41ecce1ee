using ControlPlane.Core.Anomalies.Scoring;
using ControlPlane.Core.Anomalies.Scoring.Baselines;
using ControlPlane.Core.Anomalies.Signals;

namespace ControlPlane.Cli.Scoring;

/// <summary>Scores detectors on labelled signals of servers.</summary>
internal static class AnomalyServers
{
    /// <summary>The detector that counts.</summary>
    public const string Combination = "combination";

    /// <summary>Widest stretch of the labels in the volume under the surface, in steps.</summary>
    private const int WidestStretch = 100;

    /// <summary>All detectors; what counts is last.</summary>
    public static IReadOnlyList<string> Detectors { get; } = ["robust z", "change points", "DSPOT", "k-means", "PCA", "autoencoder", Combination];

    /// <summary>Scores every detector on every server, several at a time.</summary>
    public static IReadOnlyList<ServersRow> Score(IReadOnlyList<AnomalyServer> servers, TimeSpan step, string[] detectors, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var scores = new ServerScore[detectors.Length * servers.Count];
        var done = 0;
        Parallel.For(0, scores.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            scores[i] = ScoreOne(servers[i % servers.Count], step, detectors[i / servers.Count]);
            progress?.Report((double)Interlocked.Increment(ref done) / scores.Length);
        });
        return [.. detectors.Select((d, i) => Mean(d, scores.AsSpan(i * servers.Count, servers.Count).ToArray(), step))];
    }

    private static ServerScore ScoreOne(AnomalyServer server, TimeSpan step, string detector)
    {
        var (scores, blame) = detector switch
        {
            "robust z" => (StreamBaselines.RobustZ(server.Train, server.Test), null),
            "change points" => (StreamBaselines.ChangePoints(server.Train, server.Test), null),
            "DSPOT" => (StreamBaselines.DriftingThresholds(server.Train, server.Test), null),
            "k-means" => (KMeansBaseline.Score(Filled(server.Train), Filled(server.Test)), null),
            "PCA" => (PrincipalComponents.Score(Filled(server.Train), Filled(server.Test)), null),
            "autoencoder" => (StreamBaselines.Autoencoder(server.Train, server.Test), null),
            _ => Detect(server, step),
        };
        var blamed = blame is null ? [] : server.Culprits.Select(c => BlameScore.PrecisionAtThree(Sum(blame, c.First, c.End), c.Signals)).ToArray();
        return new ServerScore(EventScore.Of(scores, server.Segments), VolumeUnderSurface.PrecisionRecall(scores, server.Segments, WidestStretch), blamed);
    }

    /// <summary>Streams both parts through the detector; the scores and the blame are those of the test part.</summary>
    private static (double[] Scores, double[][]? Blame) Detect(AnomalyServer server, TimeSpan step)
    {
        var detector = new SignalsDetector(new SignalsDetectorOptions { Signals = [.. Enumerable.Range(1, server.Signals).Select(i => $"m{i}")], Step = step });
        var (scores, blame) = (new double[server.Test.Length], new double[server.Test.Length][]);
        var time = DateTimeOffset.UnixEpoch;
        foreach (var row in server.Train)
        {
            detector.Update(time, row);
            time += step;
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = detector.Update(time, server.Test[i]).Score;
            blame[i] = detector.Blame.ToArray();
            time += step;
        }

        return (scores, blame);
    }

    private static double[] Sum(double[][] blame, int first, int end)
    {
        var sum = new double[blame[0].Length];
        for (var i = Math.Max(0, first); i < Math.Min(end, blame.Length); i++)
        {
            for (var k = 0; k < sum.Length; k++) sum[k] += blame[i][k];
        }

        return sum;
    }

    /// <summary>The simple ones cannot skip a missing value: they see the last one.</summary>
    private static double[][] Filled(double[][] rows)
    {
        var last = new double[rows[0].Length];
        return [.. rows.Select(row => (last = [.. row.Select((x, k) => double.IsFinite(x) ? x : last[k])]))];
    }

    private static ServersRow Mean(string detector, ServerScore[] scores, TimeSpan step)
    {
        double[] blamed = [.. scores.SelectMany(s => s.Blamed).Where(double.IsFinite)];
        double[] delays = [.. scores.Select(s => s.Events.DelaySteps).Where(double.IsFinite)];
        double[] volumes = [.. scores.Select(s => s.Volume).Where(double.IsFinite)];
        return new ServersRow(
            detector,
            scores.Average(s => s.Events.EventF1),
            scores.Average(s => s.Events.F1),
            volumes.Length == 0 ? 0 : volumes.Average(),
            delays.Length == 0 ? null : delays.Average() * step.TotalSeconds,
            blamed.Length == 0 ? null : blamed.Average());
    }

    private sealed record ServerScore(EventScore Events, double Volume, double[] Blamed);
}

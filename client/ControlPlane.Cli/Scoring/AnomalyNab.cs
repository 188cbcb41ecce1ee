using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Anomalies.Scoring;
using ControlPlane.Core.Anomalies.Scoring.Baselines;
using ControlPlane.Core.Anomalies.Series;

namespace ControlPlane.Cli.Scoring;

/// <summary>The Numenta Anomaly Benchmark's series, windows and profiles, and how the detector scores on them.</summary>
internal sealed class AnomalyNab
{
    private const string StandardName = "standard";
    private const string LowFalsePositivesName = "reward_low_FP_rate";
    private const string LowFalseNegativesName = "reward_low_FN_rate";

    /// <summary>Between the two values of p at which the detections of the published scores change.</summary>
    private const double GaussianThreshold = 1 - 5e-13;
    private readonly List<Series> _series;
    private readonly NabProfile[] _profiles;

    private AnomalyNab(List<Series> series, NabProfile[] profiles, int missing) => (_series, _profiles, Missing) = (series, profiles, missing);

    /// <summary>Files with windows that are not there.</summary>
    public int Missing { get; }

    public static AnomalyNab Read(DirectoryInfo folder, FileInfo windows, FileInfo profiles)
    {
        if (!folder.Exists) throw new CommandException($"--nab: there is no folder {folder.FullName}");
        var series = new List<Series>();
        var missing = 0;
        using var labels = Parse(windows, "--windows");
        foreach (var file in labels.RootElement.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder.FullName, file.Name);
            if (File.Exists(path)) series.Add(Series.Read(path, file));
            else missing++;
        }

        if (series.Count == 0) throw new CommandException($"--nab: none of the files that {windows.Name} names is in {folder.FullName}");
        using var costs = Parse(profiles, "--profiles");
        return new AnomalyNab(series, [.. ((string[])[StandardName, LowFalsePositivesName, LowFalseNegativesName]).Select(name => Profile(costs.RootElement, name, profiles))], missing);
    }

    /// <summary>Runs the detector over all files.</summary>
    /// <param name="withVariant">Whether also with scales that do not need the length of the file.</param>
    /// <param name="progress">Where to report; null for nowhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public NabReport Score(bool withVariant, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var rows = new List<NabRow> { Row("ensemble, warm-up 15% of the file", s => new SeriesDetectorOptions { WarmUpSteps = NabFile.ProbationOf(s.Values.Length) }, p => progress?.Report(withVariant ? p / 2 : p), cancellationToken) };
        if (withVariant) rows.Add(Row("ensemble, warm-up by the step alone", s => SeriesDetectorOptions.ForStep(s.Step), p => progress?.Report(0.5 + p / 2), cancellationToken));
        if (withVariant) rows.Add(Check());
        return new NabReport(rows, _series.Count, _series.Sum(s => s.Windows.Count));
    }

    /// <summary>A published detector with one threshold near its own: its published scores on these files check the scorer.</summary>
    private NabRow Check()
    {
        NabFile[] files = [.. _series.Select(s => s.DetectByGaussian())];
        return new NabRow("windowed Gaussian, to check the scorer", [.. _profiles.Select(p => NabScore.Best(files, p))], [.. _profiles.Select(p => NabScore.At(files, p, GaussianThreshold))]);
    }

    private static JsonDocument Parse(FileInfo file, string option)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"{option}: {file.FullName} cannot be read: {failure.Message}");
        }
    }

    private static NabProfile Profile(JsonElement all, string name, FileInfo file)
    {
        if (!all.TryGetProperty(name, out var profile) || !profile.TryGetProperty("CostMatrix", out var costs))
            throw new CommandException($"--profiles: {file.Name} has no profile '{name}' with a CostMatrix");
        double Weight(string weight) => costs.TryGetProperty(weight, out var value) ? value.GetDouble() : throw new CommandException($"--profiles: '{name}' of {file.Name} has no {weight}");
        return new NabProfile(Weight("tpWeight"), Weight("fnWeight"), Weight("fpWeight"));
    }

    private NabRow Row(string name, Func<Series, SeriesDetectorOptions> options, Action<double> report, CancellationToken cancellationToken)
    {
        var files = new NabFile[_series.Count];
        var done = 0;
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            files[i] = _series[i].Detect(options(_series[i]));
            report((double)Interlocked.Increment(ref done) / files.Length);
        });
        return new NabRow(name, [.. _profiles.Select(p => NabScore.Best(files, p))], [.. _profiles.Select(p => NabScore.At(files, p, double.Epsilon))]);
    }

    /// <summary>One file.</summary>
    private sealed record Series(DateTimeOffset[] Times, double?[] Values, List<(int First, int Last)> Windows)
    {
        /// <summary>The usual distance of two rows.</summary>
        public TimeSpan Step
        {
            get
            {
                TimeSpan[] steps = [.. Times.Zip(Times.Skip(1), (a, b) => b - a).Order()];
                return steps.Length > 0 && steps[steps.Length / 2] > TimeSpan.Zero ? steps[steps.Length / 2] : TimeSpan.FromMinutes(5);
            }
        }

        public static Series Read(string path, JsonProperty windows)
        {
            var (times, values) = (new List<DateTimeOffset>(), new List<double?>());
            foreach (var line in File.ReadLines(path).Skip(1).Where(l => l.Length > 0))
            {
                var cells = line.Split(',');
                if (cells.Length < 2) throw new CommandException($"{path}: row {times.Count + 2} has no value");
                times.Add(Time(cells[0], path));
                values.Add(double.TryParse(cells[1], CultureInfo.InvariantCulture, out var value) ? value : null);
            }

            var spans = windows.Value.EnumerateArray().Select(w => (Time(w[0].GetString(), windows.Name), Time(w[1].GetString(), windows.Name)));
            return new Series([.. times], [.. values], [.. spans.Select(w => (times.FindIndex(t => t >= w.Item1), times.FindLastIndex(t => t <= w.Item2))).Where(w => w.Item1 >= 0 && w.Item2 >= w.Item1)]);
        }

        /// <summary>Gives each row the strength of its alarm, 0 for none.</summary>
        public NabFile Detect(SeriesDetectorOptions options)
        {
            var detector = new SeriesDetector(options);
            var scores = new double[Values.Length];
            for (var i = 0; i < scores.Length; i++) scores[i] = detector.Update(Times[i], Values[i]).Strength(options.Threshold);
            return new NabFile(scores, Windows);
        }

        /// <summary>The same by the benchmark's windowed Gaussian.</summary>
        public NabFile DetectByGaussian()
        {
            var detector = new WindowedGaussian();
            return new NabFile([.. Values.Select(v => v is { } value ? detector.Next(value) : 0)], Windows);
        }

        private static DateTimeOffset Time(string? text, string where) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandException($"{where}: '{text}' is no time");
    }
}

using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary><see cref="HoltWintersOptions"/> as hyper-parameters of an artifact.</summary>
internal static class HoltWintersParameters
{
    private const string LevelSeconds = "levelSeconds";
    private const string TrendSeconds = "trendSeconds";
    private const string SeasonWeight = "seasonWeight";
    private const string SeasonSeconds = "seasonSeconds";
    private const string SeasonBinSeconds = "seasonBinSeconds";
    private static readonly double LongestSeconds = TimeSpan.FromDays(28).TotalSeconds;

    public static ImmutableArray<NamedValue> Write(HoltWintersOptions options) =>
    [
        new(LevelSeconds, options.LevelTime.TotalSeconds),
        new(TrendSeconds, options.TrendTime.TotalSeconds),
        new(SeasonWeight, options.SeasonWeight),
        new(SeasonSeconds, options.Season.TotalSeconds),
        new(SeasonBinSeconds, options.SeasonBin.TotalSeconds),
    ];

    /// <exception cref="InvalidDataException">A parameter is missing or out of its range.</exception>
    public static HoltWintersOptions Read(ModelArtifact artifact)
    {
        if (!artifact.Payload.IsEmpty) throw new InvalidDataException($"The artifact of {artifact.Id} has weights; a Holt-Winters model has none.");
        return new HoltWintersOptions
        {
            LevelTime = TimeSpan.FromSeconds(Within(artifact, LevelSeconds, 1, LongestSeconds)),
            TrendTime = TimeSpan.FromSeconds(Within(artifact, TrendSeconds, 1, LongestSeconds)),
            SeasonWeight = Within(artifact, SeasonWeight, 0, 1),
            Season = TimeSpan.FromSeconds(Within(artifact, SeasonSeconds, 0, LongestSeconds)),
            SeasonBin = TimeSpan.FromSeconds(Within(artifact, SeasonBinSeconds, 60, LongestSeconds)),
        };
    }

    private static double Within(ModelArtifact artifact, string name, double least, double most)
    {
        var value = artifact.Parameter(name);
        return value >= least && value <= most ? value : throw new InvalidDataException($"The artifact of {artifact.Id}: {name} {value} is not within {least} to {most}.");
    }
}

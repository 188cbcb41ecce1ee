using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Ensemble;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>Makes the models of <see cref="TraceScore"/> by name.</summary>
internal static class TraceModels
{
    public static readonly ImmutableArray<string> Names =
        [TraceScore.LastValue, TraceScore.SeasonalNaive, TraceScore.HoltWintersStar, .. MemberSet.Names, TraceScore.Ensemble];

    public static TraceModel[] Create(TraceGrid grid, DateTimeOffset start, ImmutableArray<string> wanted)
    {
        if (wanted.IsDefaultOrEmpty) wanted = Names;
        return [.. wanted.Select(name => Create(grid, start, name))];
    }

    private static TraceModel Create(TraceGrid grid, DateTimeOffset start, string name) => name switch
    {
        TraceScore.LastValue => new TraceNaive(grid, season: 0),
        TraceScore.SeasonalNaive => new TraceNaive(grid, grid.StepsPerDay),
        TraceScore.HoltWintersStar => new StrongHoltWinters(grid),
        TraceScore.Ensemble => new TraceForecaster(name, grid, start, new DemandForecaster(grid.Step), new TraceNaive(grid, season: 0)),
        _ when Array.IndexOf(MemberSet.Names, name) is var index and >= 0 =>
            new TraceForecaster(name, grid, start, new MemberForecaster(grid.Step, index), new TraceNaive(grid, season: 0)),
        _ => throw new ArgumentException($"There is no model '{name}'; there are {string.Join(", ", Names)}."),
    };
}

using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>Makes the models of <see cref="TraceScore"/> by name.</summary>
internal static class TraceModels
{
    public static readonly ImmutableArray<string> Names =
        [TraceScore.LastValue, TraceScore.SeasonalNaive, TraceScore.HoltWintersStar, .. MemberSet.Names, TraceScore.Uncorrected, TraceScore.Ensemble];

    public static TraceModel[] Create(TraceGrid grid, TraceScoreOptions options)
    {
        var wanted = options.Models.IsDefaultOrEmpty ? Names : options.Models;
        return [.. wanted.Select(name => Create(grid, options.Start, options.Networks, name))];
    }

    private static TraceModel Create(TraceGrid grid, DateTimeOffset start, CorrectionWeights? networks, string name) => name switch
    {
        TraceScore.LastValue => new TraceNaive(grid, season: 0),
        TraceScore.SeasonalNaive => new TraceNaive(grid, grid.StepsPerDay),
        TraceScore.HoltWintersStar => new StrongHoltWinters(grid),
        TraceScore.Uncorrected => new TraceForecaster(name, grid, start, PartForecaster.WithoutNetwork(grid.Step, name), new TraceNaive(grid, season: 0)),
        TraceScore.Ensemble => new TraceForecaster(
            name, grid, start, networks is null ? new DemandForecaster(grid.Step) : new NetworkForecaster(grid.Step, networks), new TraceNaive(grid, season: 0)),
        _ when Array.IndexOf(MemberSet.Names, name) is var index and >= 0 =>
            new TraceForecaster(name, grid, start, PartForecaster.OfMember(grid.Step, index), new TraceNaive(grid, season: 0)),
        _ => throw new ArgumentException($"There is no model '{name}'; there are {string.Join(", ", Names)}."),
    };
}

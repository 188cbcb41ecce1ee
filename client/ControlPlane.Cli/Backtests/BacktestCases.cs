using ControlPlane.Cli.Frontier;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Backtests;

/// <summary>What the command line asks a backtest to run on.</summary>
/// <param name="Places">Traces, <c>FILE</c>, <c>FILE:COLUMN</c> or <c>shape:NAME</c>.</param>
/// <param name="Trace">How they are read.</param>
/// <param name="Policies">Policy files; none: the default policy.</param>
/// <param name="Against">Baselines.</param>
/// <param name="Seed">Seed of every random choice.</param>
/// <param name="IsSplit">Whether an interval's count is split at random.</param>
/// <param name="Startup">Time from a pod's creation to readiness.</param>
/// <param name="Capacity">Requests per second of one pod at full CPU; null: as the policy says, else by the trace.</param>
/// <param name="Adviser">Adviser of our own method; null: none.</param>
internal sealed record BacktestRequest(
    string[] Places, TraceOptions Trace, FileInfo[] Policies, string[] Against, ulong Seed, bool IsSplit, TimeSpan Startup, double? Capacity,
    ModelArtifact? Adviser = null);

/// <summary>Makes the cases of a backtest: every trace under every policy.</summary>
internal static class BacktestCases
{
    public static IReadOnlyList<BacktestCase> Make(BacktestRequest request, Action<string> note)
    {
        var policies = request.Policies.Select(file => (File: (FileInfo?)file, Policy: (PolicyDocument?)PolicyFile.Read(file))).ToList();
        if (policies.Count == 0) policies.Add((null, null));
        var cases = new List<BacktestCase>();
        foreach (var place in request.Places)
        {
            var (trace, column) = TracePlace.Read(place, request.Trace, request.Seed);
            var name = column is null || request.Places.Length == 1 ? trace.Name : $"{trace.Name}:{column}";
            if (trace.UnknownIntervals > 0) note($"{Of(name, request)}{trace.UnknownIntervals} of {trace.Length} intervals are not recorded; the load holds its last value there and the demand is unknown to every method");
            cases.AddRange(policies.Select(p => Make(request, trace, name, p.File, p.Policy)));
        }
        return cases;
    }

    private static string Of(string name, BacktestRequest request) => request.Places.Length == 1 ? "" : $"{name}: ";

    private static BacktestCase Make(BacktestRequest request, Trace trace, string name, FileInfo? file, PolicyDocument? policy)
    {
        CheckStep(trace, file, policy);
        var load = Load(request, trace, policy);
        return new BacktestCase { Trace = name, PolicyName = NameOf(file, request), Start = trace.Start, Load = load, Options = Options(request, load, file, policy) };
    }

    /// <summary>Policies are told apart by their file names, where that is enough.</summary>
    private static string NameOf(FileInfo? file, BacktestRequest request)
    {
        if (file is null || request.Policies.Length == 1) return "";
        var name = Path.GetFileNameWithoutExtension(file.Name);
        return request.Policies.Count(p => Path.GetFileNameWithoutExtension(p.Name) == name) == 1 ? name : file.ToString();
    }

    /// <summary>A recorded interval falls on whole steps, or whole intervals on a step.</summary>
    private static void CheckStep(Trace trace, FileInfo? file, PolicyDocument? policy)
    {
        var step = policy?.Step ?? PolicyDocument.DefaultStep;
        if (step.Ticks % TimeSpan.TicksPerSecond == 0 && (trace.Interval.Ticks % step.Ticks == 0 || step.Ticks % trace.Interval.Ticks == 0)) return;
        throw new CommandException($"{Source(file)}: step: {DurationText.Format(step)} must be whole seconds that divide the interval {DurationText.Format(trace.Interval)} of {trace.Name}, or a multiple of it");
    }

    /// <summary>The demand; of a service that nothing is known of, scaled to pods of the reference capacity.</summary>
    private static LoadSeries Load(BacktestRequest request, Trace trace, PolicyDocument? policy)
    {
        var options = new LoadOptions { Step = policy?.Step ?? PolicyDocument.DefaultStep, SplitSeed = request.IsSplit ? request.Seed : null };
        if (request.Capacity is not null || policy?.Objective.RequestsPerSecondPerReplica is not null) return LoadSeries.FromTrace(trace, options);
        var scale = ServiceSizing.Scale(LoadSeries.FromTrace(trace, options));
        return LoadSeries.FromTrace(trace, options with { Scale = scale });
    }

    private static BacktestOptions Options(BacktestRequest request, LoadSeries load, FileInfo? file, PolicyDocument? policy)
    {
        var profile = Profile(request, file, policy ?? new PolicyDocument());
        return new BacktestOptions { Policy = policy ?? ServiceSizing.DefaultPolicy(load, profile), Profile = profile, Seed = request.Seed, Against = request.Against, Adviser = request.Adviser };
    }

    /// <summary>Pods that keep the policy's objective at least when they are idle.</summary>
    private static ServiceProfile Profile(BacktestRequest request, FileInfo? file, PolicyDocument policy)
    {
        try
        {
            var profile = ServiceSizing.Profile(policy, StartupTime.Constant(request.Startup), request.Capacity);
            profile.Validate();
            return profile;
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"{Source(file)}: objective: no pod can be simulated for it: {e.Message}");
        }
    }

    private static string Source(FileInfo? file) => file?.ToString() ?? "the default policy";
}

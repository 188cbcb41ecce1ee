using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>
/// Tries random moves beside a run of the pipeline: the demand does not depend on the replicas, so that any number of courses can follow the same run. What a move brought is
/// what the same steps cost a course without moves less what they cost its own: what no move could have changed cancels.
/// </summary>
public sealed class AdviserExplorer
{
    private const double KeepShare = 0.5;
    private readonly SeededNoise _random;
    private readonly Trial[] _trials;
    private AdviserCourse? _without;
    private double? _demand;
    private double _noise;
    private int _steps;

    /// <summary>Starts courses.</summary>
    /// <param name="courses">How many.</param>
    /// <param name="seed">Seed of the moves.</param>
    public AdviserExplorer(int courses, ulong seed)
    {
        _random = new SeededNoise(seed);
        _trials = [.. Enumerable.Range(0, courses).Select(_ => new Trial())];
    }

    /// <summary>What was found out so far.</summary>
    public Experience Experience { get; } = new(AdviserFeatures.Names.Length);

    /// <summary>Follows a decision.</summary>
    /// <param name="before">The state before it.</param>
    /// <param name="input">What it was made from.</param>
    /// <param name="after">The state after it.</param>
    public void Follow(DecisionState before, DecisionInput input, DecisionState after)
    {
        if (after.Ledger is null || before.Ledger is null || input.Observation.CurrentReplicas is not { } current) return;
        Span<float> room = stackalloc float[RiskCurve.Room(input.Forecast?.Quantiles.Length ?? 0)];
        var isUsable = DecisionPipeline.IsUsable(input.Forecast, input.Observation, input.Policy);
        if (_steps++ % AdviserState.MoveSteps == 0 && _without is not null) Turn(AdviserScene.Of(input, before.Ledger, before.SaturationPerReplica, isUsable, room));

        var scene = AdviserScene.Of(input, after.Ledger, after.SaturationPerReplica, isUsable, room);
        _noise = AdviserState.NoiseAfter(_noise, _demand, input.Observation.Demand);
        _demand = input.Observation.Demand;
        var isFirst = _without is null;
        _without = isFirst ? AdviserCourse.Begin(scene, current) : _without!.Step(scene, AdviserMove.None);
        foreach (var trial in _trials)
        {
            if (isFirst) trial.Course = _without;
            else trial.Step(scene, _without);
        }
    }

    /// <summary>Closes the moves of all courses and draws the next ones.</summary>
    private void Turn(AdviserScene scene)
    {
        Span<float> features = stackalloc float[AdviserFeatures.Names.Length];
        foreach (var trial in _trials)
        {
            var isKnown = AdviserFeatures.Fill(scene, trial.Course!, _noise, features);
            if (trial.HasMove) Experience.Add(trial.Features, trial.Move, trial.Saved / AdviserState.MoveSteps, isKnown ? features : []);
            trial.HasMove = isKnown;
            if (!isKnown) continue;
            features.CopyTo(trial.Features);
            trial.Saved = 0;
            if (_random.NextDouble() >= KeepShare) trial.Move = _random.NextInt(AdviserMove.All.Length);
        }
    }

    private sealed class Trial
    {
        public AdviserCourse? Course { get; set; }

        public bool HasMove { get; set; }

        public int Move { get; set; }

        public double Saved { get; set; }

        public float[] Features { get; } = new float[AdviserFeatures.Names.Length];

        public void Step(AdviserScene scene, AdviserCourse without)
        {
            Course = Course!.Step(scene, HasMove ? AdviserMove.All[Move] : AdviserMove.None);
            Saved += (without.StepCost - Course.StepCost) / scene.UsualPods;
        }
    }
}

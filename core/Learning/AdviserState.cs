namespace ControlPlane.Core.Learning;

/// <summary>What a workload remembers of its adviser; bounded.</summary>
[GenerateSerializer, Immutable, Alias("cp.AdviserState")]
public sealed record AdviserState
{
    /// <summary>Steps for which a move holds: 3 min of 15 s steps.</summary>
    public const int MoveSteps = 12;

    private const double NoiseGain = 1 / 40.0;

    /// <summary>The adviser as <c>name/version</c>.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>What it said last.</summary>
    [Id(1)] public AdviserMove Move { get; init; } = AdviserMove.None;

    /// <summary>What it expected that to save, a fraction of the usual pods of a step.</summary>
    [Id(2)] public double Advantage { get; init; }

    /// <summary>Steps for which that has held.</summary>
    [Id(3)] public int HeldSteps { get; init; }

    /// <summary>The pipeline without it, on pods of its own.</summary>
    [Id(4)] public required AdviserCourse Without { get; init; }

    /// <summary>The pipeline with it, whether it acts or not.</summary>
    [Id(5)] public required AdviserCourse With { get; init; }

    /// <summary>The newest demand, requests per second.</summary>
    [Id(6)] public double? Demand { get; init; }

    /// <summary>Running mean of the demand's relative change from step to step, over about 10 min of 15 s steps.</summary>
    [Id(7)] public double Noise { get; init; }

    /// <summary>What both have cost, and what follows from it.</summary>
    [Id(8)] public AdviserTrial Trial { get; init; } = AdviserTrial.Empty;

    internal static AdviserState Begin(string model, AdviserScene scene, int current)
    {
        var course = AdviserCourse.Begin(scene, current);
        return new() { Model = model, Without = course, With = course };
    }

    internal AdviserState Step(AdviserScene scene, Advice advice)
    {
        var (without, with) = (Without.Step(scene, AdviserMove.None), With.Step(scene, advice.Move));
        var trial = scene.IsPredicted ? Trial.Add(without, with, scene.Observation.Step) : Trial;
        return this with
        {
            Move = advice.Move,
            Advantage = advice.Advantage,
            HeldSteps = advice.IsNew ? 1 : HeldSteps + 1,
            Without = without,
            With = with,
            Demand = scene.Observation.Demand,
            Noise = NoiseAfter(Noise, Demand, scene.Observation.Demand),
            Trial = trial,
        };
    }

    internal static double NoiseAfter(double noise, double? before, double? now) =>
        before is > 0 and var old && now is > 0 and var seen ? noise + NoiseGain * (Math.Min(Math.Abs(Math.Log(seen / old)), 1) - noise) : noise;
}

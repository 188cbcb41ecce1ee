using ControlPlane.Core.Scaling;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Actuation;

/// <summary>What must hold whatever happens to the requests.</summary>
public sealed class ScaleActuatorProperties
{
    private const int Seeds = 3000;
    private static readonly Trouble[] Troubles = Enum.GetValues<Trouble>();
    private static readonly Trouble[] FenceTroubles = [Trouble.None, Trouble.LandsLate, Trouble.SomebodyElse];

    [Fact]
    public void Apply_RandomTrouble_KeepsTheFence()
    {
        var outcomes = new Dictionary<ActuationOutcome, int>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var outcome = RunSeed(seed);
            if (outcome is { } o) outcomes[o] = outcomes.GetValueOrDefault(o) + 1;
        }

        // The scripts reach every outcome, so that none of the properties holds for lack of cases.
        Assert.All(Enum.GetValues<ActuationOutcome>(), o => Assert.True(outcomes.GetValueOrDefault(o) > 20, $"{o}: {outcomes.GetValueOrDefault(o)}"));
    }

    private static ActuationOutcome? RunSeed(int seed)
    {
        var random = new Random(seed);
        var scene = new ActuationScene(null, request => Draw(seed, request, random));
        scene.Api.LandsNow = () => random.Next(2) == 0;
        scene.Api.SomebodySets = random.Next(2) == 0 ? 4 : 9; // 4: our write is taken back.
        var threw = false;
        var putsWhenThrown = 0;
        scene.BeforeWrite = intent =>
        {
            Check(seed, scene.Puts == 0 || scene.Api.PutVersions[^1] != intent.ResourceVersion, "an intent is stored once for a version");
            if (random.NextDouble() >= 0.1) return Task.CompletedTask;
            (threw, putsWhenThrown) = (true, scene.Puts);
            throw new InvalidDataException("etag");
        };

        ActuationResult? result = null;
        try
        {
            result = scene.Apply(ActuationScene.Decision(current: random.NextDouble() < 0.8 ? 4 : null));
        }
        catch (InvalidDataException)
        {
            Check(seed, threw, "only a failing intent is thrown");
        }

        scene.Api.LandLate();
        Check(seed, scene.Handler.Threads.Count == 1, "nothing leaves the thread");
        Check(seed, scene.Api.Landed <= 1, "at most one write lands");
        Check(seed, !threw || scene.Puts == putsWhenThrown, "no write after the intent could not be stored");
        Check(seed, !threw || result is null, "a failing intent passes through");
        var stored = scene.Intents.Select(i => i.ResourceVersion).ToHashSet();
        Check(seed, scene.Api.PutVersions.All(stored.Contains), "no write without a stored intent for its version");
        if (result is not null) CheckResult(seed, scene, result);
        return result?.Outcome;
    }

    private static void CheckResult(int seed, ActuationScene scene, ActuationResult result)
    {
        var isUnknown = result.Error?.StartsWith("outcome unknown", StringComparison.Ordinal) == true;
        Check(seed, !isUnknown || result.Outcome == ActuationOutcome.Failed, "unknown is a failure");
        Check(seed, result.Outcome == ActuationOutcome.Applied || isUnknown || scene.Api.Landed == 0, $"{result.Outcome} ({result.Error}) must not have landed");
        Check(seed, result.Outcome != ActuationOutcome.Applied || result.ReplicasSeen == 7, "applied means that the target asks for the desired replicas");
        Check(seed, result.Outcome is ActuationOutcome.Applied or ActuationOutcome.Skipped == (result.Error is null), "a failure says why");
        Check(seed, scene.Puts <= 4 * 6, "tries are bounded");
    }

    /// <summary>Every third script keeps to what is hardest for the fence: slow writes, and others who write meanwhile.</summary>
    private static Trouble Draw(int seed, Received request, Random random)
    {
        if (seed % 3 == 0) return request.Method == "PUT" ? FenceTroubles[random.Next(FenceTroubles.Length)] : Trouble.None;
        return random.NextDouble() < 0.55 ? Trouble.None : Troubles[random.Next(Troubles.Length)];
    }

    private static void Check(int seed, bool holds, string rule) => Assert.True(holds, $"seed {seed}: {rule}");
}

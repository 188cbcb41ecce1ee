using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Simulation.Tests.Backtest;

/// <summary>Steps of 15 s that were worked out by hand from KEDA's specification.</summary>
public sealed class KedaRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly KedaOptions Options = new() { Threshold = 40, FallbackReplicas = 6 };

    /// <summary>«?» is a reading that failed, «–» no metric for the HPA; a number with «=» is set by KEDA itself.</summary>
    [Theory]
    [InlineData("80 ? 90", 2, "80 – 90")] // one failure: the HPA holds
    [InlineData("80 ? ? ? ? ? 90", 2, "80 – – – 240 240 90")] // past three failures: 6 replicas of 40
    [InlineData("? ? ? 80 ? ? ? ?", 2, "– – – 80 – – – 240")] // a reading starts the count anew
    [InlineData("? ? ? ?", 9, "– – – 360")] // more than the fallback stay
    public void Poll_Readings_TellTheHpa(string readings, int current, string expected) => Assert.Equal(expected, Run(Options, readings, current));

    [Fact]
    public void Poll_StaticFallback_TakesAwayAsWell() => Assert.Equal("– – – 240", Run(Options with { KeepsMore = false }, "? ? ? ?", 9));

    [Theory]
    [InlineData(30, "10 10 30 30 50 50")]
    [InlineData(45, "10 10 10 40 40 40")]
    public void Poll_CachedMetrics_AreThoseOfTheLastPoll(int seconds, string expected) =>
        Assert.Equal(expected, Run(Options with { UsesCachedMetrics = true, PollingInterval = TimeSpan.FromSeconds(seconds) }, "10 20 30 40 50 60", 3));

    [Fact]
    public void Poll_NoDemandForTheCooldown_GoesToZeroAndComesBackAtThePoll()
    {
        var options = Options with { ScalesToZero = true, Cooldown = TimeSpan.FromSeconds(45) };
        Assert.Equal("10 0 0 =0", Run(options, "10 0 0 0", 1));
        Assert.Equal("=0 =0 =1", Run(options, "0 7 7", 0)); // polls at 0 s and 30 s
        Assert.Equal("10 0 0 0 0", Run(options with { ScalesToZero = false }, "10 0 0 0 0", 1));
    }

    [Fact]
    public void Poll_FailuresWhileIdle_AreNoInactivity() =>
        Assert.Equal("10 – – – 240", Run(Options with { ScalesToZero = true, Cooldown = TimeSpan.FromSeconds(30) }, "10 ? ? ? ?", 1));

    private static string Run(KedaOptions options, string readings, int current)
    {
        var (state, now, answers) = (new KedaState(), Start, new List<string>());
        foreach (var reading in readings.Split(' '))
        {
            (state, var answer) = KedaRules.Poll(state, options, now, reading == "?" ? null : double.Parse(reading, System.Globalization.CultureInfo.InvariantCulture), current);
            answers.Add(answer.Replicas is { } set ? $"={set}" : answer.Metric?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–");
            now += TimeSpan.FromSeconds(15);
        }
        return string.Join(' ', answers);
    }
}

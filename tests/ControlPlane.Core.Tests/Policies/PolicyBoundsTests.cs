using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Policies;

public sealed class PolicyBoundsTests
{
    private static readonly PolicyDocument Policy = new()
    {
        MinReplicas = 2,
        MaxReplicas = 20,
        Schedule =
        [
            new ScheduleWindow { Days = [DayOfWeek.Friday], From = new(22, 0), To = new(2, 0), MinReplicas = 8 },
            new ScheduleWindow { From = new(9, 0), To = new(10, 0), MaxReplicas = 5 },
        ],
    };

    [Theory]
    [InlineData("2026-01-02T21:59:59Z", 2, 20)] // a Friday
    [InlineData("2026-01-02T22:00:00Z", 8, 20)]
    [InlineData("2026-01-03T01:59:59Z", 8, 20)] // the window that started on Friday
    [InlineData("2026-01-03T02:00:00Z", 2, 20)]
    [InlineData("2026-01-03T23:00:00Z", 2, 20)] // Saturday's own night has none
    [InlineData("2026-01-05T09:30:00+00:00", 2, 5)]
    [InlineData("2026-01-05T11:30:00+02:00", 2, 5)] // bounds go by UTC
    public void At_Moment_TakesTheFirstWindowThatHoldsIt(string time, int min, int max) =>
        Assert.Equal(new PolicyBounds(min, max), PolicyBounds.At(Policy, DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-01-05T12:00:00Z", 30, 20)]
    [InlineData("2026-01-05T09:30:00Z", 5, 5)] // a window's own maximum holds
    [InlineData("2026-01-02T22:00:00Z", 30, 20)] // a window without one does not
    public void At_BreachLimit_ReplacesTheMaximumOutsideWindowsThatHaveOne(string time, int max, int usual)
    {
        var bounds = PolicyBounds.At(Policy with { BreachLimit = 30 }, DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((max, usual), (bounds.Max, bounds.UsualMax));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("prod", true)]
    [InlineData("pro", false)]
    [InlineData("prod/shop", true)]
    [InlineData("prod/sho", false)]
    [InlineData("prod/shop/deployment/web", true)]
    [InlineData("prod/shop/deployment/web2", false)]
    public void Contains_Scope_GoesByWholeParts(string scope, bool expected) =>
        Assert.Equal(expected, PolicyScope.Contains(scope, WorkloadId.Parse("prod/shop/deployment/web")));

    [Theory]
    [InlineData("prod/shop/deployment/web", "prod/shop")]
    [InlineData("prod/shop", "prod")]
    [InlineData("prod", null)]
    public void Parent_Scope_IsTheNextWider(string scope, string? parent) => Assert.Equal(parent, PolicyScope.Parent(scope));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("15s", 15_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2d", 172_800_000)]
    public void TryParse_Duration_RoundTrips(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.2.3s")]
    [InlineData("99999999d")]
    public void TryParse_NoDuration_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));
}

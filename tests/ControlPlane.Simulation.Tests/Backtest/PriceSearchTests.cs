using ControlPlane.Simulation.Backtest.Frontier;

namespace ControlPlane.Simulation.Tests.Backtest;

public sealed class PriceSearchTests
{
    private const int Steps = 10_000;

    /// <summary>All that can be gained lies at prices of 90 to 110.</summary>
    [Fact]
    public void Run_AllHappensBetweenTwoPrices_TheOthersGoThere()
    {
        FrontierOutcome At(double price)
        {
            var place = Math.Clamp((price - 90) / 20, 0, 1);
            return Outcome(0.05 * (1 - place), 100 + 50 * place);
        }

        var found = PriceSearch.Run([2, 60, 150, 60_000], 20, [], prices => [.. prices.Select(At)]);
        Assert.Equal(20, found.Count);
        Assert.Equal(16, found.Keys.Count(price => price is > 60 and < 150));
        var widest = found.Values.Zip(found.Values.Skip(1), (low, high) => Math.Abs(high.PodHours - low.PodHours)).Max();
        Assert.InRange(widest, 0, 10);
    }

    [Fact]
    public void Run_EveryOutcomeEqual_StopsWithTheFirst()
    {
        var found = PriceSearch.Run([2, 60_000], 40, [], prices => [.. prices.Select(_ => Outcome(0.01, 100))]);
        Assert.Equal([2, 60_000], found.Keys);
    }

    [Fact]
    public void Run_AStepThatNoPriceDivides_NoPriceTwice()
    {
        var found = PriceSearch.Run([1, 4], 40, [], prices => [.. prices.Select(price => price < 2.5 ? Outcome(0.02, 100) : Outcome(0, 120))]);
        Assert.InRange(found.Count, 3, 39);
        Assert.Equal(0.01, found.Keys.Zip(found.Keys.Skip(1), (low, high) => high - low).Min(), 6);
    }

    [Fact]
    public void Run_ComparedAtPodHours_TheLastPricesCloseInOnThem()
    {
        static FrontierOutcome At(double price) => Outcome(1 / price, 100 + price);
        double[] compared = [119, 777];
        var found = PriceSearch.Run([1, 10, 100, 1000, 10_000], 20, compared, prices => [.. prices.Select(At)]);
        var without = PriceSearch.Run([1, 10, 100, 1000, 10_000], 14, [], prices => [.. prices.Select(At)]);
        Assert.Equal(20, found.Count);
        Assert.Subset(found.Keys.ToHashSet(), without.Keys.ToHashSet());
        foreach (var podHours in compared)
            Assert.True(Width(found, podHours) < 0.2 * Width(without, podHours), $"{podHours}: {Width(found, podHours)}, {Width(without, podHours)}");

        static double Width(SortedList<double, FrontierOutcome> tried, double podHours)
        {
            var hours = tried.Values.Select(outcome => outcome.PodHours).ToArray();
            return hours.Where(h => h > podHours).Min() - hours.Where(h => h <= podHours).Max();
        }
    }

    [Fact]
    public void Run_MostIsReached_NoMoreAreTried()
    {
        var tried = 0;
        PriceSearch.Run([2, 20, 200], 10, [], prices =>
        {
            tried += prices.Count;
            return [.. prices.Select(price => Outcome(1 / price, 100 + price))];
        });
        Assert.Equal(10, tried);
    }

    private static FrontierOutcome Outcome(double violations, double podHours) => new(violations, violations / 2, podHours, 1, Steps);
}

using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Anomalies.Thresholds;

public sealed class ChangePointTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public void Next_LevelShift_IsFoundSoonWithItsDirectionAndStart(double shift)
    {
        var (noise, detector) = (new SeededNoise(3), new ChangePoint(10));
        var found = new List<(int At, int Direction, int Start)>();
        for (var i = 0; i < 1_000; i++)
        {
            var direction = detector.Next(noise.NextNormal() + (i >= 600 ? shift : 0), out var ago);
            if (direction != 0) found.Add((i, direction, i - ago));
        }

        var change = Assert.Single(found);
        Assert.Equal(Math.Sign(shift), change.Direction);
        Assert.InRange(change.At, 600, 612);
        Assert.InRange(change.Start, 596, 602);
    }

    [Fact]
    public void Next_FrozenThenMoved_FindsTheMoveAndNothingBefore()
    {
        var detector = new ChangePoint(10);
        for (var i = 0; i < 200; i++) Assert.Equal(0, detector.Next(7, out _));
        var moves = Enumerable.Range(0, 10).Select(_ => detector.Next(8, out var _)).ToArray();
        Assert.Equal(1, moves.Sum());
    }

    [Fact]
    public void Next_NotFinite_ChangesNothing()
    {
        var detector = new ChangePoint(5);
        for (var i = 0; i < 500; i++) Assert.Equal(0, detector.Next((i % 3) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => 4 }, out _));
        Assert.Equal(0, new ChangePoint(5).Next(double.MaxValue, out _));
    }

    [Fact]
    public void SaveLoad_Midway_FindsTheSameChanges()
    {
        var (noise, first) = (new SeededNoise(4), new ChangePoint(10));
        for (var i = 0; i < 300; i++) first.Next(noise.NextNormal(), out _);
        var writer = new StateWriter("TEST", 1);
        first.Save(writer);
        var second = new ChangePoint(10);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "a test");
        second.Load(ref reader);
        reader.End();
        for (var i = 0; i < 300; i++)
        {
            var value = noise.NextNormal() + (i > 100 ? 4 : 0);
            Assert.Equal((first.Next(value, out var a), a), (second.Next(value, out var b), b));
        }
    }

    [Fact]
    public void RobustZ_OutliersInTheWindow_DoNotHideTheNext()
    {
        var detector = new RobustZScore(16, 0.01);
        for (var i = 0; i < 16; i++) detector.Next(i % 3 == 0 ? 1_000 : i % 2);
        Assert.True(detector.Next(1_000) > 50);
    }

    [Fact]
    public void RobustZ_MedianOfAnyValues_IsThatOfTheirOrder()
    {
        var noise = new SeededNoise(4);
        for (var round = 0; round < 500; round++)
        {
            // Few different values, so that many are equal.
            double[] values = [.. Enumerable.Range(0, 1 + round % 23).Select(_ => round % 2 == 0 ? noise.NextNormal() : Math.Floor(3 * noise.NextDouble()))];
            double[] sorted = [.. values.Order()];
            var (half, isOdd) = (sorted.Length / 2, sorted.Length % 2 == 1);
            Assert.Equal(isOdd ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, RobustZScore.Median(values));
        }
    }

    [Fact]
    public void RobustZ_KnownWindow_IsMedianAndScaledDeviation()
    {
        var detector = new RobustZScore(9, 1e-6);
        foreach (var value in (double[])[1, 2, 3, 4, 5, 6, 7, 8, 100]) detector.Next(value);
        // Median 5, absolute deviations 0 1 1 2 2 3 3 4 95: their median is 2.
        Assert.Equal((11 - 5) / (1.4826 * 2), detector.Next(11), 12);
    }

    [Fact]
    public void RobustZ_SavedAndLoaded_GivesTheSameScores()
    {
        var (noise, first, second) = (new SeededNoise(5), new RobustZScore(32, 0.01), new RobustZScore(32, 0.01));
        for (var i = 0; i < 50; i++) first.Next(noise.NextNormal());
        var writer = new StateWriter("TEST", 1);
        first.Save(writer);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "a test");
        second.Load(ref reader);
        reader.End();
        for (var i = 0; i < 50; i++) Assert.Equal(first.Next(i), second.Next(i));
    }

    [Fact]
    public void RobustZ_FrozenAndUnknown_IsZeroAndUnknown()
    {
        var detector = new RobustZScore(16, 0.5);
        for (var i = 0; i < 40; i++) Assert.Equal(0, detector.Next(3));
        Assert.True(double.IsNaN(detector.Next(double.NaN)));
        Assert.Equal(2, detector.Next(4), 12);
    }
}

using ControlPlane.Core.Forecasting.Ensemble;

namespace ControlPlane.Core.Tests.Forecasting;

public sealed class HourShiftsTests
{
    private const int StepsPerHour = 12;
    private static readonly float[] Row = [.. QuantileGrid.Levels.Select(level => (float)QuantileGrid.NormalQuantile(level))];

    /// <summary>A forecast made within the hour before must be judged by what it was given, not by what was learnt since.</summary>
    [Fact]
    public void At_WithinTheHourThatIsLearnt_IsWhatItWasBefore()
    {
        var shifts = new HourShifts(TimeSpan.FromMinutes(5));
        for (var step = 9 * StepsPerHour; step < 10 * StepsPerHour; step++)
        {
            shifts.Learn(step, 5, Row);
            Assert.All(shifts.At(step).ToArray(), shift => Assert.Equal(0, shift));
        }

        shifts.Learn(10 * StepsPerHour, 0, Row);
        Assert.All(shifts.At(9 * StepsPerHour).ToArray(), shift => Assert.True(shift > 0));
        Assert.All(shifts.At(10 * StepsPerHour).ToArray(), shift => Assert.Equal(0, shift));
    }
}

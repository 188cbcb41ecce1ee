using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Forecasting.Members;

/// <summary>Loads that repeat a shape at no fixed time.</summary>
public sealed class AnalogsTests
{
    /// <summary>80 stretches of 24 bins, the newest 14 bins back; the first bin's value holds for the one before it.</summary>
    private const int LeastBins = 12 + 24 + 80;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    [Fact]
    public void After_AJobThatBegan_TellsHowJobsGoOn()
    {
        var (memory, analogs, noise) = Empty(Step);
        double[] job = [3, 3, 2, 2, 1, 1];
        var (step, begun) = (0L, 0L);
        double Next()
        {
            if (step - begun > 12 && noise.NextDouble() < 0.05) begun = step;
            var z = (step - begun < job.Length ? job[step - begun] : 0) + 0.02 * noise.NextNormal();
            memory.Add(++step, z);
            return z;
        }

        while (step < 5 * 288) Next();
        var errors = new List<double>();
        while (errors.Count < 30)
        {
            var z = Next();
            if (step - 1 - begun != 1) continue;
            errors.Add(Math.Abs(analogs.After(step, z, 3).Middle - (job[4] - job[1])));
        }

        // Nothing changes: 2; the mean of what comes after any step: about 2.5.
        Assert.InRange(errors.Average(), 0, 0.3);
    }

    [Fact]
    public void After_PastTooShort_IsUnknownUntilThereAreEnoughStretches()
    {
        var (memory, analogs, noise) = Empty(Step);
        for (var step = 1; step < LeastBins + 50; step++)
        {
            var z = noise.NextNormal();
            memory.Add(step, z);
            Assert.Equal(step >= LeastBins, !double.IsNaN(analogs.After(step, z, 1).Middle));
        }
    }

    [Fact]
    public void After_ConstantLoad_IsNoChange()
    {
        var (memory, analogs, _) = Empty(Step);
        for (var step = 1; step < 600; step++) memory.Add(step, 4);
        Assert.Equal(new Analog(0, 0, 0), analogs.After(599, 4, 12));
    }

    [Fact]
    public void After_WithGaps_UsesWhatIsWholeAlone()
    {
        var (memory, analogs, _) = Empty(Step);
        for (var step = 1; step < 3 * 288; step++)
        {
            if (step % 100 is > 10 and < 20) continue;
            memory.Add(step, Math.Sin(step * 0.3));
        }

        var change = analogs.After(3 * 288 - 1, Math.Sin((3 * 288 - 1) * 0.3), 4);
        Assert.Equal(Math.Sin((3 * 288 + 3) * 0.3) - Math.Sin((3 * 288 - 1) * 0.3), change.Middle, 0.1);
        Assert.InRange(change.Middle, change.Low, change.High);
    }

    [Fact]
    public void After_StepsOfAMinute_FindsTheShapeBetweenBins()
    {
        var (memory, analogs, _) = Empty(TimeSpan.FromMinutes(1));
        const int Last = 4 * 1440 + 2;
        static double Wave(int step) => Math.Sin(2 * Math.PI * step / 170);
        for (var step = 1; step <= Last; step++) memory.Add(step, Wave(step));
        Assert.Equal(Wave(Last + 30) - Wave(Last), analogs.After(Last, Wave(Last), 30).Middle, 0.15);
    }

    [Fact]
    public void Analog_OfAHistoryThatWasLoaded_IsTheSame()
    {
        var (history, noise) = (NewHistory(), new SeededNoise(9));
        for (var step = 1; step < 900; step++) history.Update(step, 100 + 30 * Math.Sin(step * 0.2) + noise.NextNormal());
        var writer = new StateWriter("TEST", 1);
        history.Save(writer);
        var loaded = NewHistory();
        for (var step = 1; step < 900; step++) loaded.Update(step, 50);
        loaded.Analog(3);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "the history");
        loaded.Load(ref reader);
        Assert.Equal(history.Analog(3), loaded.Analog(3));
        Assert.NotEqual(0, loaded.Analog(3).Middle);
    }

    private static DemandHistory NewHistory() => new(Step) { Scale = DemandScale.From([100.0]) };

    private static (SeasonalMemory Memory, Analogs Analogs, SeededNoise Noise) Empty(TimeSpan step)
    {
        var memory = new SeasonalMemory(step, Step);
        return (memory, new Analogs(memory), new SeededNoise(7));
    }
}

using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Workloads;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Forecasting;

public sealed class DemandForecasterTests
{
    private const int Horizon = 40;
    private static readonly WorkloadId Id = WorkloadId.Parse("c/n/deployment/w");
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<float> Levels = [0.1f, 0.5f, 0.9f, 0.95f, 0.99f];

    [Fact]
    public void Issue_BeforeThreeHours_IsWarmingUp()
    {
        var forecaster = Fed(Minute, 179, i => 100 + i % 5);
        var forecast = forecaster.Issue(Id, forecaster.Newest!.Value, Minute, 10, Levels);
        Assert.Equal((ForecastStatus.WarmingUp, 0, 0), (forecast.Status, forecast.Horizon, forecast.Values.Length));
        forecaster.Update(Start + 180 * Minute, 100);
        forecast = forecaster.Issue(Id, forecaster.Newest!.Value, Minute, 10, Levels);
        Assert.Equal((ForecastStatus.Ready, 10, 50), (forecast.Status, forecast.Horizon, forecast.Values.Length));
        Assert.Equal(("online-ensemble", "0.6.0", Start + 180 * Minute), (forecast.Model, forecast.ModelVersion, forecast.IssuedAt));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-9)]
    [InlineData(250.0)]
    [InlineData(1e12)]
    public void Issue_ConstantDemand_PredictsIt(double demand)
    {
        var forecast = Issue(Fed(Minute, 2000, _ => demand), Horizon);
        for (var h = 1; h <= Horizon; h++)
        {
            for (var q = 0; q < Levels.Length; q++) Assert.InRange(forecast.At(h, q), 0.999 * demand - 1e-6, 1.001 * demand + 1e-6);
        }
    }

    [Fact]
    public void Issue_DailyCycle_ForeseesTheRise()
    {
        var forecaster = Fed(Minute, 6 * 1440 + 6 * 60, i => Daily(i / 1440.0));
        var forecast = forecaster.Issue(Id, forecaster.Newest!.Value, Minute, 30, Levels);
        var (now, then) = (Daily(6.25), Daily(6.25 + 30 / 1440.0));
        Assert.InRange(forecast.At(30, 1), then - 0.2 * (then - now), then + 0.2 * (then - now));
    }

    [Fact]
    public void Issue_NothingKnown_NeverReady()
    {
        var forecaster = Fed(Minute, 3000, _ => null);
        Assert.Equal(ForecastStatus.WarmingUp, Issue(forecaster, 5).Status);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    [InlineData(1e300)]
    public void Update_ImpossibleValue_IsRejectedAndCountsAsUnknown(double bad)
    {
        var (forecaster, other) = (Fed(Minute, 400, Wave), Fed(Minute, 400, Wave));
        Assert.Equal(UpdateOutcome.Rejected, forecaster.Update(Start + 401 * Minute, bad));
        Assert.Equal(UpdateOutcome.Missing, other.Update(Start + 401 * Minute, null));
        Assert.Equal(1, forecaster.Rejected);
        Assert.Equal(Issue(other, 20).Values.AsEnumerable(), Issue(forecaster, 20).Values);
    }

    [Fact]
    public void Update_NotNewer_ChangesNothing()
    {
        var forecaster = Fed(Minute, 400, Wave);
        var before = forecaster.Save();
        Assert.Equal(UpdateOutcome.Stale, forecaster.Update(Start + 400 * Minute, 9e9));
        Assert.Equal(UpdateOutcome.Stale, forecaster.Update(Start + 3 * Minute, null));
        Assert.Equal(before, forecaster.Save());
    }

    [Fact]
    public void Update_MissingStepsOrSkippedSteps_GiveTheSameForecast()
    {
        var (told, skipped) = (Fed(Minute, 600, i => i % 3 == 1 ? null : Wave(i)), new DemandForecaster(Minute));
        for (var i = 1; i <= 600; i++)
        {
            if (i % 3 != 1) skipped.Update(Start + i * Minute, Wave(i));
        }

        Assert.Equal(Issue(told, 20).Values.AsEnumerable(), Issue(skipped, 20).Values);
    }

    [Fact]
    public void Issue_DemandUnknownForLong_WidensThenFails()
    {
        var (random, walk) = (new Random(5), new double[1001]);
        for (var i = 1; i < walk.Length; i++) walk[i] = walk[i - 1] + 0.02 * Normal(random);
        var forecaster = Fed(Minute, 1000, i => 100 * Math.Exp(walk[i]));
        var newest = forecaster.Newest!.Value;
        var fresh = forecaster.Issue(Id, newest, Minute, 5, Levels);
        var stale = forecaster.Issue(Id, newest + 20 * Minute, Minute, 5, Levels);
        Assert.Equal(newest + 20 * Minute, stale.IssuedAt);
        Assert.True(stale.At(1, 4) - stale.At(1, 0) > fresh.At(1, 4) - fresh.At(1, 0));
        Assert.Equal(ForecastStatus.Failed, forecaster.Issue(Id, newest + 31 * Minute, Minute, 5, Levels).Status);
        Assert.Equal(fresh.Values.AsEnumerable(), forecaster.Issue(Id, newest, Minute, 5, Levels).Values);
    }

    [Fact]
    public void Issue_DemandBackAfterAGap_IsReadyAtOnce()
    {
        var forecaster = Fed(Minute, 1000, Wave);
        forecaster.Update(Start.AddDays(40), 120);
        Assert.Equal(ForecastStatus.Ready, Issue(forecaster, 5).Status);
        AssertSane(Issue(forecaster, Horizon));
    }

    [Fact]
    public void Issue_AnyHistory_IsFiniteOrderedAndNotNegative() =>
        Prop.ForAll<double[], byte>((seeds, choice) =>
        {
            if (seeds.Length == 0) return;
            var magnitude = Math.Pow(10, choice % 14 - 2);
            var forecaster = Fed(Minute, 700, i => seeds[i % seeds.Length] * magnitude);
            var forecast = Issue(forecaster, 70);
            if (forecast.Status == ForecastStatus.Ready) AssertSane(forecast);
        }).Holds();

    [Fact]
    public void Issue_ValuesOfEveryMagnitude_KeepsTheOrderBetweenTheModelledHorizons()
    {
        double[] values = [1.730508074, double.MaxValue, 0.0, -0.0, 4.940656458e-324];

        AssertSane(Issue(Fed(Minute, 700, i => values[i % values.Length] * 1e9), 70));
    }

    [Fact]
    public void Load_OfSavedState_GoesOnBitIdentically()
    {
        foreach (var saveAt in (int[])[0, 100, 500, 3000, 4500])
        {
            var original = Fed(Minute, saveAt, Wave);
            var loaded = DemandForecaster.Load(original.Save());
            for (var i = saveAt + 1; i <= saveAt + 300; i++)
            {
                original.Update(Start + i * Minute, Wave(i));
                loaded.Update(Start + i * Minute, Wave(i));
            }

            Assert.Equal(original.Save(), loaded.Save());
            Assert.Equal(Issue(original, Horizon).Values.AsEnumerable(), Issue(loaded, Horizon).Values);
        }
    }

    [Fact]
    public void Update_TheSameTwice_GivesTheSameBits() =>
        Assert.Equal(Fed(Step, 3000, Wave).Save(), Fed(Step, 3000, Wave).Save());

    [Fact]
    public void Load_StateOfAnEarlierModel_SaysWhich()
    {
        var writer = new Core.Metrics.State.StateWriter("CPDF", 1);
        writer.Write("0.1.0");
        writer.Write(Minute.Ticks);

        Assert.Contains("of model version 0.1.0", Assert.Throws<InvalidDataException>(() => DemandForecaster.Load(writer.ToBytes())).Message);
    }

    [Fact]
    public void Load_DamagedOrForeignBytes_SaysSo()
    {
        var bytes = Fed(Minute, 300, Wave).Save();
        bytes[bytes.Length / 2] ^= 1;
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => DemandForecaster.Load(bytes)).Message);
        Assert.Contains("not the state of a demand forecaster", Assert.Throws<InvalidDataException>(() => DemandForecaster.Load("{}"u8)).Message);
        var window = new Core.Metrics.MetricWindow(Step).Save();
        Assert.Throws<InvalidDataException>(() => DemandForecaster.Load(window.AsSpan()));
    }

    [Theory]
    [InlineData(15, 8 * 5760)]
    [InlineData(60, 9 * 1440)]
    [InlineData(300, 9 * 288)]
    public void Save_FullOfHistory_StaysWithinItsBound(int seconds, int count)
    {
        var forecaster = Fed(TimeSpan.FromSeconds(seconds), count, Wave);
        Assert.InRange(forecaster.Save().Length, 10_000, 64 * 1024);
    }

    [Theory]
    [InlineData(15, 3 * 5760)]
    [InlineData(60, 3 * 1440)]
    [InlineData(300, 3 * 288)]
    public void Forecast_AfterWarmUp_AllocatesNothing(int seconds, int count)
    {
        var step = TimeSpan.FromSeconds(seconds);
        var forecaster = Fed(step, count, Wave);
        var values = new float[Horizon * Levels.Length];
        forecaster.Forecast(Horizon, Levels.AsSpan(), values);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i <= 200; i++)
        {
            forecaster.Update(Start + (count + i) * step, Wave(i));
            forecaster.Forecast(Horizon, Levels.AsSpan(), values);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Issue_NoisyDemand_CoversWhatItSays()
    {
        var random = new Random(7);
        var forecaster = new DemandForecaster(Minute);
        var (below, scored) = (new int[Levels.Length], 0);
        var values = new float[8 * Levels.Length];
        for (var i = 1; i <= 6 * 1440; i++)
        {
            var demand = Daily(i / 1440.0) * (1 + 0.1 * Normal(random));
            if (i > 1440)
            {
                forecaster.Forecast(8, Levels.AsSpan(), values);
                scored++;
                for (var q = 0; q < Levels.Length; q++) below[q] += demand <= values[q] ? 1 : 0;
            }

            forecaster.Update(Start + i * Minute, demand);
        }

        for (var q = 0; q < Levels.Length; q++) Assert.Equal(Levels[q], (double)below[q] / scored, 0.02);
        Assert.Equal(0.9, forecaster.Coverage(1, 0.9)!.Value, 0.03);
    }

    [Theory]
    [InlineData(0, "0.5")]
    [InlineData(1, "0.9;0.5")]
    [InlineData(1, "0;0.5")]
    [InlineData(1, "0.5;1")]
    [InlineData(1, "")]
    public void Issue_ImpossibleRequest_Throws(int horizon, string levels)
    {
        ImmutableArray<float> parsed = [.. levels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(float.Parse)];
        Assert.ThrowsAny<ArgumentException>(() => new DemandForecaster(Minute).Issue(Id, Start, Minute, horizon, parsed));
        Assert.Throws<ArgumentException>(() => new DemandForecaster(Minute).Issue(Id, Start, Step, 1, Levels));
    }

    [Fact]
    public void Issue_BeyondTheLongestHorizon_RepeatsTheLastRow()
    {
        var forecast = Issue(Fed(Minute, 400, Wave), 200);
        Assert.Equal(forecast.At(100, 2), forecast.At(200, 2));
    }

    [Fact]
    public void Members_OnTheirOwn_PredictADailyCycle()
    {
        foreach (IForecaster forecaster in (IForecaster[])[new SeasonalNaiveForecaster(Minute), new HoltWintersForecaster(Minute)])
        {
            var history = Enumerable.Range(1, 4 * 1440).Select(i => (double?)Daily(i / 1440.0)).ToArray();
            forecaster.Fit(Start + Minute, history);
            var values = new float[30];
            Assert.Equal(ForecastStatus.Ready, forecaster.Forecast(30, [0.5f], values));
            Assert.Equal(Daily(4 + 30 / 1440.0), values[29], 10.0);
        }
    }

    private static double Daily(double days) => 300 - 200 * Math.Cos(2 * Math.PI * days);

    private static double? Wave(int i) => 100 + 40 * Math.Sin(i / 90.0) + i * 37 % 11;

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static DemandForecaster Fed(TimeSpan step, int count, Func<int, double?> demand)
    {
        var forecaster = new DemandForecaster(step);
        for (var i = 1; i <= count; i++) forecaster.Update(Start + i * step, demand(i));
        return forecaster;
    }

    private static Forecast Issue(DemandForecaster forecaster, int horizon) =>
        forecaster.Issue(Id, forecaster.Newest!.Value, forecaster.Step, horizon, Levels);

    private static void AssertSane(Forecast forecast)
    {
        for (var i = 0; i < forecast.Values.Length; i++)
        {
            Assert.True(float.IsFinite(forecast.Values[i]) && forecast.Values[i] >= 0, $"value {i} is {forecast.Values[i]}");
            if (i % Levels.Length > 0) Assert.True(forecast.Values[i] >= forecast.Values[i - 1], $"value {i} is out of order");
        }
    }
}

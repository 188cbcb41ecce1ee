using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Forecasting.Models;

public sealed class ForecasterCatalogTests
{
    private static readonly WorkloadId Web = WorkloadId.Parse("c/n/deployment/web");
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly ForecasterCatalog Catalog = ForecasterCatalog.OfProgram();

    private static readonly ModelArtifact Trained = new()
    {
        Id = ModelId.Of("holt-winters", "1.4.0"),
        Parameters = HoltWintersParameters.Write(new HoltWintersOptions { LevelTime = TimeSpan.FromMinutes(20), SeasonWeight = 0.6 }),
    };

    public static TheoryData<string> Names => [.. Catalog.BuiltIns.Select(id => id.Name)];

    [Fact]
    public void BuiltIns_OfTheProgram_AreNamedAsTheirForecasters()
    {
        var own = new DemandForecaster(Step);
        Assert.Equal(ModelId.Of(own.Name, own.Version), Catalog.BuiltIns[0]);
        Assert.Equal(["network-ensemble", "holt-winters", "seasonal-naive", "lead-time"], Catalog.BuiltIns.Skip(1).Select(id => id.Name));
    }

    [Theory, MemberData(nameof(Names))]
    public void Load_WhatSaveGave_GoesOnBitIdentically(string name)
    {
        var id = Catalog.BuiltIns.First(b => b.Name == name);
        AssertGoesOn(Catalog.Create(id, null, Step), null);
    }

    [Fact]
    public void Load_OfATrainedVersion_GoesOnWithItsParameters()
    {
        AssertGoesOn(Catalog.Create(Trained.Id, Trained, Step), Trained);
        Assert.NotEqual(Text(Fed(Catalog.Create(Trained.Id, Trained, Step), 600)), Text(Fed(Catalog.Create(Catalog.BuiltIns.First(b => b.Name == "holt-winters"), null, Step), 600)));
    }

    [Fact]
    public void Step_OfATrainedVersion_SaysWhoSpoke()
    {
        var forecast = Fed(Catalog.Create(Trained.Id, Trained, Step), 600);

        Assert.Equal((ForecastStatus.Ready, "holt-winters", "1.4.0", 6), (forecast.Status, forecast.Model, forecast.ModelVersion, forecast.Horizon));
        Assert.Equal(6 * ForecastSettings.Quantiles.Length, forecast.Values.Length);
        Assert.NotNull(forecast.Coverage);
    }

    [Fact]
    public void Save_OfTheDefault_IsItsOwnBytes()
    {
        var model = Catalog.CreateDefault(Step);
        Fed(model, 100);
        Assert.Null(ForecasterCatalog.WriterOf(Catalog.Save(model)));
        Assert.Equal(DemandForecaster.Load(Catalog.Save(model)).Save(), Catalog.Save(model));
    }

    [Fact]
    public void CreateDefault_BelowAMinute_ForetellsTheLeadTimeFromTheDemandAsMeasured()
    {
        var step = TimeSpan.FromSeconds(15);
        var model = Catalog.CreateDefault(step);
        Assert.Equal((model.Id, Catalog.BuiltIns[0]), (Catalog.At(Catalog.BuiltIns[0], step), Catalog.At(Catalog.BuiltIns[0], TimeSpan.FromMinutes(1))));
        model.Follow(8);
        var plain = new LeadTimeForecaster(step, 8);
        var forecast = model.Failed(Observe(1));
        for (var i = 1; i <= 800; i++)
        {
            forecast = model.Step(Observe(i), 20);
            plain.Update(Start + i * step, Measured(i));
        }

        Assert.Equal((ForecastStatus.Ready, "lead-time"), (forecast.Status, forecast.Model));
        Assert.Equal(plain.Issue(Web, 9, LeadTimeSettings.Quantiles).Values.AsEnumerable(), forecast.Values.AsEnumerable());
        Assert.All(ForecastSettings.Quantiles, level => Assert.Contains(level, forecast.Quantiles));

        double Measured(int i) => 100 + i % 7;
        Observation Observe(int i) => new() { Workload = Web, Time = Start + i * step, Step = step, Demand = Measured(i), FilteredDemand = 50 };
    }

    [Fact]
    public void At_ATrainedVersionOrAnotherModel_IsItself() =>
        Assert.All((ModelId[])[Trained.Id, .. Catalog.BuiltIns.Skip(1)], id => Assert.Equal(id, Catalog.At(id, TimeSpan.FromSeconds(15))));

    [Fact]
    public void Create_WhatCannotBe_IsRefused()
    {
        AssertRefused("does not run the model 'none'", () => Catalog.Create(ModelId.Of("none", "1.0.0"), null, Step));
        AssertRefused("is of holt-winters/1.4.0, not of holt-winters/1.5.0", () => Catalog.Create(ModelId.Of("holt-winters", "1.5.0"), Trained, Step));
        AssertRefused("has no artifacts", () => Catalog.Create(Catalog.BuiltIns[0], new ModelArtifact { Id = Catalog.BuiltIns[0] }, Step));
        AssertRefused("lacks the parameter 'levelSeconds'", () => Catalog.Create(Trained.Id, Trained with { Parameters = [] }, Step));
        AssertRefused("seasonWeight 2 is not within", () => Catalog.Create(Trained.Id, Trained with { Parameters = HoltWintersParameters.Write(new HoltWintersOptions { SeasonWeight = 2 }) }, Step));
        AssertRefused("has weights", () => Catalog.Create(Trained.Id, Trained with { Payload = [1] }, Step));
    }

    [Fact]
    public void Load_DamagedForeignOrOfAnotherVersion_IsRefused()
    {
        var model = Catalog.Create(Trained.Id, Trained, Step);
        Fed(model, 100);
        var bytes = Catalog.Save(model);

        Assert.Equal(Trained.Id, ForecasterCatalog.WriterOf(bytes));
        AssertRefused("this program runs holt-winters/0", () => Catalog.Load(bytes, null));
        for (var length = 0; length < bytes.Length; length += 17) Assert.Throws<InvalidDataException>(() => Catalog.Load(bytes.AsSpan(0, length), Trained));
        bytes[bytes.Length / 2] ^= 4;
        AssertRefused("checksum", () => Catalog.Load(bytes, Trained));
    }

    [Fact]
    public void Step_ValueNotFinite_IsAFailureWithTheModelsName()
    {
        var catalog = new ForecasterCatalog([.. ForecasterCatalog.OwnKinds(), new BrokenKind()]);
        var model = catalog.Create(ModelId.Of("broken", "1.0.0"), new ModelArtifact { Id = ModelId.Of("broken", "1.0.0") }, Step);
        Assert.Contains("broken/1.0.0 gave the forecast NaN", Assert.Throws<InvalidOperationException>(() => Fed(model, 1)).Message, StringComparison.Ordinal);
        AssertRefused("needs an artifact", () => catalog.Create(ModelId.Of("broken", "1.0.0"), null, Step));
    }

    private static void AssertRefused(string part, Action act) => Assert.Contains(part, Assert.Throws<InvalidDataException>(act).Message, StringComparison.Ordinal);

    private static void AssertGoesOn(ServedModel model, ModelArtifact? artifact)
    {
        Fed(model, 600);
        var loaded = Catalog.Load(Catalog.Save(model), artifact);
        Assert.Equal((model.Id, model.StepTime), (loaded.Id, loaded.StepTime));
        Assert.Equal(Text(Fed(model, 50, 600)), Text(Fed(loaded, 50, 600)));
        Assert.Equal(Catalog.Save(model), Catalog.Save(loaded));
    }

    private static string Text(Forecast forecast) => System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(forecast));

    private static Forecast Fed(ServedModel model, int count, int from = 0)
    {
        Forecast? last = null;
        for (var i = from; i < from + count; i++)
        {
            var demand = 100 + 50 * Math.Sin(i / 288.0 * 2 * Math.PI) + 5 * Math.Sin(i * 12.9898);
            last = model.Step(new Observation { Workload = Web, Time = Start + (i + 1) * Step, Step = Step, Demand = demand, FilteredDemand = demand }, 6);
        }
        return last!;
    }

    private sealed class BrokenKind : IModelKind
    {
        public string Name => "broken";

        public string? OwnVersion => null;

        public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => new Broken();

        public byte[] Save(IForecaster forecaster) => [];

        public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact) => new Broken();

        public double? Coverage(IForecaster forecaster, int steps, double quantile) => null;
    }

    private sealed class Broken : IForecaster
    {
        public string Name => "broken";

        public string Version => "1.0.0";

        public ForecastStatus Status => ForecastStatus.Ready;

        public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
        {
        }

        public UpdateOutcome Update(DateTimeOffset time, double? value) => UpdateOutcome.Learnt;

        public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values)
        {
            values.Fill(float.NaN);
            return ForecastStatus.Ready;
        }
    }
}

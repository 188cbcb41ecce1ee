using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Client;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Silo.Tests.Support;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Silo.Tests.Models;

/// <summary>Model versions over HTTP, on the engine of the build.</summary>
public sealed class ModelApiTests
{
    private const string Token = "0123456789abcdef";
    private static readonly string Default = ForecasterCatalog.OfProgram().BuiltIns[0].ToString();

    [Fact]
    public async Task Models_OfANewSilo_AreTheProgramsOwn()
    {
        await using var silo = await StartAsync(isAdmin: false);
        var models = await silo.Client.GetModelsAsync();

        Assert.Equal(Default, models.Champion);
        Assert.Null(models.Trial);
        Assert.Equal(["Champion", .. models.Models.Skip(1).Select(_ => "Available")], models.Models.Select(m => m.Status));
        Assert.All(models.Models, m => Assert.Equal(0, m.ArtifactBytes));
        Assert.Equal("Champion", (await silo.Client.GetModelAsync(Default)).Model.Status);
    }

    [Fact]
    public async Task Import_Export_Promote_RollBack_DoAsTheySay()
    {
        await using var silo = await StartAsync(isAdmin: true);
        var bytes = Artifact("1.0.0").Save();

        Assert.Equal("holt-winters/1.0.0", await silo.Client.ImportModelAsync(bytes));
        Assert.Equal(bytes, await silo.Client.ExportModelAsync("holt-winters/1.0.0"));
        var trial = (await silo.Client.GetModelsAsync()).Trial!;
        Assert.Equal(("Challenge", "holt-winters/1.0.0", Default), (trial.Purpose, trial.Shadow, trial.Champion));

        Assert.Equal("holt-winters/1.0.0", await silo.Client.PromoteModelAsync("holt-winters/1.0.0", "to see"));
        var promoted = await silo.Client.GetModelsAsync();
        Assert.Equal(("holt-winters/1.0.0", "Probation"), (promoted.Champion, promoted.Trial!.Purpose));
        Assert.Equal(("Promoted", "to see"), (promoted.Changes[0].Kind, promoted.Changes[0].Reason));

        Assert.Equal(Default, await silo.Client.RollBackModelAsync("enough"));
        var details = await silo.Client.GetModelAsync("holt-winters/1.0.0");
        Assert.Equal(("RolledBack", "enough"), (details.Model.Status, details.Model.LastReason));
        Assert.Equal(300, details.Parameters["levelSeconds"]);
        Assert.Equal("holt-winters/1.0.0", await silo.Client.ChallengeModelAsync("holt-winters/1.0.0"));
    }

    [Fact]
    public async Task Change_WithoutTheToken_IsRefused()
    {
        await using var silo = await StartAsync(isAdmin: false);
        await AssertRefused(HttpStatusCode.Unauthorized, "admin token", () => silo.Client.ImportModelAsync(Artifact("1.0.0").Save()));
        await AssertRefused(HttpStatusCode.Unauthorized, "admin token", () => silo.Client.PromoteModelAsync(Default, ""));
        await AssertRefused(HttpStatusCode.Unauthorized, "admin token", () => silo.Client.RollBackModelAsync(""));
        await AssertRefused(HttpStatusCode.Unauthorized, "admin token", () => silo.Client.TrainModelAsync("holt-winters"));
    }

    [Fact]
    public async Task Wishes_ThatCannotBe_AreRefusedWithASentence()
    {
        await using var silo = await StartAsync(isAdmin: true);
        await AssertRefused(HttpStatusCode.UnprocessableEntity, "not the state of a model artifact", () => silo.Client.ImportModelAsync([1, 2, 3]));
        await AssertRefused(HttpStatusCode.UnprocessableEntity, "does not run the model 'other'", () => silo.Client.ImportModelAsync((Artifact("1.0.0") with { Id = ModelId.Of("other", "1.0.0") }).Save()));
        await AssertRefused(HttpStatusCode.BadRequest, "at most 4194304", () => silo.Client.ImportModelAsync(new byte[ModelArtifact.MaxBytes + 1]));
        await AssertRefused(HttpStatusCode.UnprocessableEntity, "holt-winters/9.0.0 is not registered", () => silo.Client.PromoteModelAsync("holt-winters/9.0.0", ""));
        await AssertRefused(HttpStatusCode.UnprocessableEntity, "has no predecessor", () => silo.Client.RollBackModelAsync(""));
        await AssertRefused(HttpStatusCode.Conflict, "part of the program", () => silo.Client.ExportModelAsync(Default));
        await AssertRefused(HttpStatusCode.NotFound, "not registered", () => silo.Client.GetModelAsync("holt-winters/9.0.0"));
        await AssertRefused(HttpStatusCode.BadRequest, "not a model id", () => silo.Client.GetModelAsync("holt-winters/latest"));
        Assert.Equal(("Failed", "no service has a history yet"), Of(await silo.Client.TrainModelAsync("holt-winters")));
        Assert.Equal("Failed", Of(await silo.Client.GetTrainingAsync("holt-winters")).State);
    }

    private static (string State, string? Message) Of(TrainingReport report) => (report.State, report.Message);

    private static ModelArtifact Artifact(string version) =>
        new() { Id = ModelId.Of("holt-winters", version), Parameters = HoltWinters(new HoltWintersOptions()), Scores = [new("lossToDefault", 1)] };

    private static System.Collections.Immutable.ImmutableArray<NamedValue> HoltWinters(HoltWintersOptions options) =>
    [
        new("levelSeconds", options.LevelTime.TotalSeconds), new("trendSeconds", options.TrendTime.TotalSeconds), new("seasonWeight", options.SeasonWeight),
        new("seasonSeconds", options.Season.TotalSeconds), new("seasonBinSeconds", options.SeasonBin.TotalSeconds),
    ];

    private static async Task<RunningSilo> StartAsync(bool isAdmin)
    {
        var silo = await RunningSilo.StartAsync(
            new SimulatedCluster(RunningSilo.ClusterName, TimeProvider.System.GetUtcNow()), RunningSilo.Settings() with { AdminToken = Token });
        if (isAdmin) silo.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return silo;
    }

    private static async Task AssertRefused(HttpStatusCode status, string part, Func<Task> act)
    {
        var e = await Assert.ThrowsAsync<ControlPlaneException>(act);
        Assert.Equal(status, e.StatusCode);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }
}

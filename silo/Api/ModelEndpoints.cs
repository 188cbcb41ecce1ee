using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Model versions under <c>/api/v1/models</c>. Reading is open; what changes who forecasts needs the admin token.</summary>
internal static class ModelEndpoints
{
    private const string Id = "/{name}/{version}";
    private const string DefaultReason = "an operator asked for it";

    public static void MapModels(this IEndpointRouteBuilder app)
    {
        var models = app.MapGroup("/api/v1/models");
        models.MapGet("", async (IGrainFactory grains) => Results.Ok(ModelsResponse.From(await Registry(grains).GetState())));
        models.MapGet(Id, Show);
        models.MapGet($"{Id}/artifact", Export);
        models.MapGet("/{name}/training", async (IGrainFactory grains, string name) => Results.Ok(await grains.GetGrain<IModelTrainerGrain>(name).GetStatus()));
        var changes = app.MapGroup("/api/v1/models").WithMetadata(new AdminOnly(AllowsBasic: false));
        changes.MapPost("", Import);
        changes.MapPost("/rollback", async (IGrainFactory grains, string? reason) => Answer(await Registry(grains).RollBack(reason ?? DefaultReason)));
        changes.MapPost($"{Id}/promote", (IGrainFactory grains, string name, string version, string? reason) =>
            With(name, version, async id => Answer(await Registry(grains).Promote(id, reason ?? DefaultReason))));
        changes.MapPost($"{Id}/challenge", (IGrainFactory grains, string name, string version) =>
            With(name, version, async id => Answer(await Registry(grains).Challenge(id))));
        changes.MapPost("/{name}/training", async (IGrainFactory grains, string name) => Results.Ok(await grains.GetGrain<IModelTrainerGrain>(name).Start([])));
        changes.MapDelete("/{name}/training", async (IGrainFactory grains, string name) => Results.Ok(await grains.GetGrain<IModelTrainerGrain>(name).Cancel()));
    }

    private static IModelRegistryGrain Registry(IGrainFactory grains) => grains.GetGrain<IModelRegistryGrain>(ModelSlots.Demand);

    private static Task<IResult> Show(IGrainFactory grains, string name, string version) => With(name, version, async id =>
    {
        var state = await Registry(grains).GetState();
        return state.Find(id) is { } record ? Results.Ok(ModelDetail.From(state, record)) : ApiErrors.NotFound(id.ToString());
    });

    private static Task<IResult> Export(IGrainFactory grains, string name, string version) => With(name, version, async id =>
    {
        if ((await Registry(grains).GetState()).Find(id) is not { } record) return ApiErrors.NotFound(id.ToString());
        if (record.IsBuiltIn) return Results.Problem($"{id} is part of the program and has no artifact", statusCode: StatusCodes.Status409Conflict);
        var bytes = await grains.GetGrain<IModelArtifactGrain>(id.ToString()).Get();
        return Results.Bytes(ImmutableCollectionsMarshal.AsArray(bytes)!, "application/octet-stream", $"{name}-{version}.model");
    });

    private static async Task<IResult> Import(IGrainFactory grains, HttpRequest request, bool? challenge, CancellationToken cancellationToken)
    {
        if (request.ContentLength > ModelArtifact.MaxBytes) return ApiErrors.Invalid($"an artifact of {request.ContentLength} bytes; at most {ModelArtifact.MaxBytes} are taken");
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > ModelArtifact.MaxBytes) return ApiErrors.Invalid($"an artifact of more than {ModelArtifact.MaxBytes} bytes is not taken");
            body.Write(buffer, 0, read);
        }
        return Answer(await Registry(grains).Register(ImmutableCollectionsMarshal.AsImmutableArray(body.ToArray()), challenge ?? true));
    }

    private static Task<IResult> With(string name, string version, Func<ModelId, Task<IResult>> handle) => ModelId.TryParse($"{name}/{version}", out var id)
        ? handle(id)
        : Task.FromResult(ApiErrors.Invalid($"'{name}/{version}' is not a model id: name/major.minor.patch"));

    private static IResult Answer(ModelAdmission admission) => admission.Refusal is { } refusal
        ? Results.Problem(refusal, statusCode: StatusCodes.Status422UnprocessableEntity)
        : Results.Ok(new { Model = admission.Model!.ToString() });
}

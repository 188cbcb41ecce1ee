using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Services, their samples and their decisions under <c>/api/v1</c>.</summary>
internal static class ServiceEndpoints
{
    private const string Id = "{cluster}/{ns}/{kind}/{name}";
    private const int MaxSamples = 10_000;

    public static void MapServices(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapPost("/services", Register);
        api.MapGet("/services", async (IGrainFactory grains, string? scope) => Results.Ok((await grains.ListWorkloads(scope ?? "")).Select(w => w.ToString())));
        api.MapGet($"/services/{Id}", ForWorkload(GetStatus));
        api.MapDelete($"/services/{Id}", ForWorkload(Unregister));
        api.MapPost($"/samples/{Id}", (IGrainFactory grains, string cluster, string ns, string kind, string name, SampleRequest[] samples) =>
            With(cluster, ns, kind, name, workload => Push(grains, workload, samples)));
        api.MapGet($"/decisions/{Id}", (IGrainFactory grains, string cluster, string ns, string kind, string name, int? count) =>
            With(cluster, ns, kind, name, workload => GetDecisions(grains, workload, count ?? 10)));
        api.MapGet($"/records/{Id}", GetRecord);
    }

    private static Delegate ForWorkload(Func<IGrainFactory, WorkloadId, Task<IResult>> handle) =>
        (IGrainFactory grains, string cluster, string ns, string kind, string name) => With(cluster, ns, kind, name, workload => handle(grains, workload));

    /// <summary>Handles a call about the workload that an address names.</summary>
    internal static Task<IResult> With(string cluster, string ns, string kind, string name, Func<WorkloadId, Task<IResult>> handle)
    {
        var text = $"{cluster}/{ns}/{kind}/{name}";
        return WorkloadId.TryParse(text, out var workload) ? handle(workload) : Task.FromResult(ApiErrors.Invalid($"'{text}' is not a workload id"));
    }

    private static async Task<IResult> Register(IGrainFactory grains, RegistrationRequest request)
    {
        if (!WorkloadId.TryParse(request.Id, out var workload)) return ApiErrors.Invalid($"id: '{request.Id}' is not cluster/namespace/kind/name in lower case");
        if (!request.ApiVersion.Contains('/')) return ApiErrors.Invalid($"apiVersion: '{request.ApiVersion}' is not group/version");
        await grains.Catalog(workload).Register(new WorkloadSpec
        {
            Id = workload,
            ApiVersion = request.ApiVersion,
            Resource = request.Resource,
            DemandMetric = request.DemandMetric,
            Labels = [.. request.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new WorkloadLabel { Key = l.Key, Value = l.Value })],
        });
        return Results.Created($"/api/v1/services/{workload}", null);
    }

    private static async Task<IResult> Unregister(IGrainFactory grains, WorkloadId workload) =>
        await grains.Catalog(workload).Unregister(workload) ? Results.NoContent() : ApiErrors.NotFound(workload.ToString());

    private static async Task<IResult> GetStatus(IGrainFactory grains, WorkloadId workload)
    {
        var key = workload.ToString();
        var snapshot = await grains.GetGrain<IServiceGrain>(key).GetSnapshot();
        if (snapshot.Spec is null) return ApiErrors.NotFound(key);
        var decision = await grains.GetGrain<IDecisionGrain>(key).GetLatest();
        var forecast = await grains.GetGrain<IPredictorGrain>(key).GetForecast();
        return Results.Ok(StatusResponse.From(workload, snapshot, decision, forecast));
    }

    private static async Task<IResult> Push(IGrainFactory grains, WorkloadId workload, SampleRequest[] samples)
    {
        if (samples.Length > MaxSamples) return ApiErrors.Invalid($"{samples.Length} samples in one call; at most {MaxSamples} are taken");
        if (Array.IndexOf(samples, null) is var empty and >= 0) return ApiErrors.Invalid($"sample {empty} (the first is 0) is null");
        var service = grains.GetGrain<IServiceGrain>(workload.ToString());
        if (!await service.EnsureActive()) return ApiErrors.NotFound(workload.ToString());
        return Results.Ok(await service.Ingest([.. samples.Select(s => s.ToSample())]));
    }

    private static async Task<IResult> GetDecisions(IGrainFactory grains, WorkloadId workload, int count)
    {
        var records = await grains.GetGrain<IDecisionGrain>(workload.ToString()).GetRecords(Math.Clamp(count, 1, 1000));
        return Results.Ok(records.Select(r => DecisionResponse.From(r.Decision)));
    }

    private static async Task<IResult> GetRecord(IGrainFactory grains, string cluster, string ns, string kind, string name)
    {
        var decisionId = $"{cluster}/{ns}/{kind}/{name}";
        var at = decisionId.IndexOf('@');
        if (at < 0 || !WorkloadId.TryParse(decisionId[..at], out var workload)) return ApiErrors.Invalid($"'{decisionId}' is not a decision id");
        var record = await grains.GetGrain<IDecisionGrain>(workload.ToString()).GetRecord(decisionId);
        return record is null ? Results.Problem($"{decisionId} is not kept any more", statusCode: StatusCodes.Status404NotFound) : Results.Ok(record);
    }
}

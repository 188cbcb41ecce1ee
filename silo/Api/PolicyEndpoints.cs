using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Policies by scope under <c>/api/v1/policies</c>.</summary>
internal static class PolicyEndpoints
{
    private const int MaxBytes = 256 * 1024;

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var policies = app.MapGroup("/api/v1/policies/{**scope}");
        policies.MapGet("", async (IGrainFactory grains, string scope) => Results.Ok(await grains.GetGrain<IPolicyGrain>(scope).GetEffective()));
        policies.MapPut("", Put);
        policies.MapDelete("", async (IGrainFactory grains, string scope) =>
        {
            await grains.GetGrain<IPolicyGrain>(scope).Remove();
            return Results.NoContent();
        });
    }

    private static async Task<IResult> Put(IGrainFactory grains, string scope, HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes) return ApiErrors.Invalid($"a policy of {request.ContentLength} bytes; at most {MaxBytes} are taken");
        using var body = new StreamReader(request.Body);
        var read = PolicyReader.Read(await body.ReadToEndAsync(cancellationToken), "policy");
        if (read.Policy is not { } policy) return Refused(read.Errors);
        if (policy.Scope.Length > 0 && policy.Scope != scope) return Refused([$"policy: scope: '{policy.Scope}' is not the scope '{scope}' that it is put to"]);
        var admission = await grains.GetGrain<IPolicyGrain>(scope).Put(policy);
        return admission.Faults.IsEmpty ? Results.Ok(admission.InForce) : Refused(admission.Faults);
    }

    private static IResult Refused(IEnumerable<string> faults) =>
        Results.Problem("the policy is refused, the last good one stays in force:\n" + string.Join('\n', faults.Select(f => $"  {f}")), statusCode: StatusCodes.Status422UnprocessableEntity);
}

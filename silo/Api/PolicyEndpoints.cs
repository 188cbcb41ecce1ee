using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Policies by scope under <c>/api/v1/policies</c>, their changes under <c>/api/v1/policy-changes</c>.</summary>
internal static class PolicyEndpoints
{
    private const int MaxBytes = 256 * 1024;

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var policies = app.MapGroup("/api/v1/policies/{**scope}");
        policies.MapGet("", async (IGrainFactory grains, string scope) => Results.Ok(await grains.GetGrain<IPolicyGrain>(scope).GetEffective()));
        policies.MapPut("", Put);
        policies.MapDelete("", async (IGrainFactory grains, string scope, HttpContext context) =>
        {
            var answer = await grains.GetGrain<IPolicyGrain>(scope).Withdraw(Caller(context));
            return answer.Faults.IsEmpty ? Results.NoContent() : Refused(answer.Faults);
        });
        app.MapGet("/api/v1/policy-changes/{**scope}", async (IGrainFactory grains, string scope) => Results.Ok(await grains.GetGrain<IPolicyGrain>(scope).GetChanges()));
    }

    /// <summary>Reads the text on top of what the scope inherits, so that faults are named by line; the grain checks again what it admits.</summary>
    private static async Task<IResult> Put(IGrainFactory grains, string scope, bool? dryRun, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength > MaxBytes) return ApiErrors.Invalid($"a policy of {context.Request.ContentLength} bytes; at most {MaxBytes} are taken");
        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync(cancellationToken);
        var wider = PolicyScope.Parent(scope) is { } parent ? await grains.GetGrain<IPolicyGrain>(parent).GetEffective() : null;
        var read = PolicyReader.Read(text, "policy", wider, scope);
        if (read.Policy is not { } policy) return Refused(read.Errors);
        if (policy.Scope.Length > 0 && policy.Scope != scope) return Refused([$"policy: scope: '{policy.Scope}' is not the scope '{scope}' that it is put to"]);
        var proposal = new PolicyProposal { Document = policy, Written = read.Written };
        var grain = grains.GetGrain<IPolicyGrain>(scope);
        var admission = dryRun == true ? await grain.Check(proposal) : await grain.Propose(proposal, Caller(context));
        return admission.Faults.IsEmpty ? Results.Ok(admission.InForce) : Refused(admission.Faults);
    }

    /// <summary>The API knows no users yet: the address is all that is known of who asks.</summary>
    private static string Caller(HttpContext context) => context.User.Identity?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static IResult Refused(IEnumerable<string> faults) =>
        Results.Problem("the policy is refused, the last good one stays in force:\n" + string.Join('\n', faults.Select(f => $"  {f}")), statusCode: StatusCodes.Status422UnprocessableEntity);
}

using ControlPlane.Silo.State;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Silo.Api;

/// <summary>Every grain's state as a file under <c>/api/v1/state</c>, for back-up and for moving to another store; only with the admin token.</summary>
internal static class StateEndpoints
{
    public const string Path = "/api/v1/state";

    public static void MapState(this IEndpointRouteBuilder app)
    {
        var state = app.MapGroup(Path).WithMetadata(new AdminOnly(AllowsBasic: false));
        state.MapGet("", Export);
        state.MapPost("", Import);
    }

    private static IResult Export(IStateStore store, TimeProvider time) => store.ExportFault is { } fault
        ? Results.Problem(fault, statusCode: StatusCodes.Status409Conflict)
        : Results.Stream(target => StateFile.WriteAsync(target, store.ExportAsync(CancellationToken.None), time.GetUtcNow(), CancellationToken.None), "application/jsonl");

    private static async Task<IResult> Import(IStateStore store, HttpContext context, bool? force, CancellationToken cancellationToken)
    {
        if (store.ImportFault is { } fault) return Results.Problem(fault, statusCode: StatusCodes.Status409Conflict);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        // First to disk: nothing may be written before the checksum at its end is known to fit.
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await using (var target = File.Create(file)) await context.Request.Body.CopyToAsync(target, cancellationToken);
            return Results.Ok(await StateImport.RunAsync(store, file, force ?? false, cancellationToken));
        }
        catch (InvalidDataException e)
        {
            return ApiErrors.Invalid($"the file is refused: {e.Message}");
        }
        catch (StateConflictException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

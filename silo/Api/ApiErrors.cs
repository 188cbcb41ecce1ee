using ControlPlane.Silo.Wiring;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Silo.Api;

/// <summary>Turns failures into answers that say what is wrong and what to do.</summary>
internal static class ApiErrors
{
    /// <summary>Seconds after which a call that found no silo or no store is worth repeating.</summary>
    private const string RetryAfterSeconds = "5";

    /// <summary>Answers what handlers throw; only what is not foreseen is logged as an error.</summary>
    public static void UseApiErrors(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = Answer,
        SuppressDiagnosticsCallback = failed => Describe(failed.Exception).Status != StatusCodes.Status500InternalServerError,
    });

    public static IResult NotFound(string what) => Results.Problem($"{what} is not registered", statusCode: StatusCodes.Status404NotFound);

    public static IResult Invalid(string message) => Results.Problem(message, statusCode: StatusCodes.Status400BadRequest);

    private static Task Answer(HttpContext context)
    {
        var (status, detail) = Describe(context.Features.Get<IExceptionHandlerFeature>()?.Error);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Results.Problem(detail, statusCode: status).ExecuteAsync(context);
    }

    /// <summary>Status and sentence for a failure.</summary>
    internal static (int Status, string Detail) Describe(Exception? error) => error switch
    {
        BadHttpRequestException bad => (bad.StatusCode, bad.InnerException?.Message ?? bad.Message),
        TimeoutException => (StatusCodes.Status504GatewayTimeout, "the control plane did not answer in time; whether the call took effect is unknown"),
        InconsistentStateException => Unavailable("somebody else changed the same state at the same moment; nothing was stored"),
        { } e when CallFailures.IsUnavailable(e) => Unavailable("the silo that holds this is stopping or lost; whether the call took effect is unknown"),
        OrleansException or System.Data.Common.DbException or IOException => Unavailable($"the store of the state does not answer; nothing was acknowledged as stored ({FirstLine(error)})"),
        _ => (StatusCodes.Status500InternalServerError, "an unexpected error; the log has it"),
    };

    private static (int Status, string Detail) Unavailable(string what) => (StatusCodes.Status503ServiceUnavailable, $"{what}; repeat the call in a few seconds");

    /// <summary>Orleans' messages hold whole stack traces.</summary>
    private static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].Trim();
}

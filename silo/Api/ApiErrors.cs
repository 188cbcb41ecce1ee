using Microsoft.AspNetCore.Diagnostics;

namespace ControlPlane.Silo.Api;

/// <summary>Turns failures into answers that say what is wrong and what to do.</summary>
internal static class ApiErrors
{
    public static void Handle(IApplicationBuilder app) => app.Run(async context =>
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, detail) = error switch
        {
            BadHttpRequestException bad => (bad.StatusCode, bad.InnerException?.Message ?? bad.Message),
            TimeoutException => (StatusCodes.Status504GatewayTimeout, "the control plane did not answer in time; whether the call took effect is unknown"),
            Orleans.Runtime.OrleansException e => (StatusCodes.Status503ServiceUnavailable, $"the change was not stored: {e.Message}"),
            _ => (StatusCodes.Status500InternalServerError, "an unexpected error; the log has it"),
        };
        await Results.Problem(detail, statusCode: status).ExecuteAsync(context);
    });

    public static IResult NotFound(string what) => Results.Problem($"{what} is not registered", statusCode: StatusCodes.Status404NotFound);

    public static IResult Invalid(string message) => Results.Problem(message, statusCode: StatusCodes.Status400BadRequest);
}

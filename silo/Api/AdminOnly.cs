using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Silo.Api;

/// <summary>Marks an endpoint that only <see cref="SiloOptions.AdminToken"/> opens; without a token it is off.</summary>
/// <param name="AllowsBasic">
/// Whether a browser may ask its user for the token, as the password of any name. Only for what changes nothing: a browser sends it by itself
/// to whatever page asks for it.
/// </param>
internal sealed record AdminOnly(bool AllowsBasic);

/// <summary>Lets calls to <see cref="AdminOnly"/> endpoints through only with the token.</summary>
internal static class AdminGate
{
    public static void UseAdminGate(this WebApplication app, string token) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AdminOnly>() is not { } admin) return next(context);
        if (token.Length == 0) return Refuse(context, StatusCodes.Status404NotFound, $"this is off: {SiloOptions.Section}:AdminToken is not set");
        if (Offered(context.Request, admin) is { } offered && IsSame(offered, token)) return next(context);
        context.Response.Headers.WWWAuthenticate = admin.AllowsBasic ? "Basic realm=\"controlplane\", charset=\"UTF-8\"" : "Bearer";
        return Refuse(context, StatusCodes.Status401Unauthorized, "the admin token is needed: Authorization: Bearer TOKEN");
    });

    private static Task Refuse(HttpContext context, int status, string detail) => Results.Problem(detail, statusCode: status).ExecuteAsync(context);

    private static string? Offered(HttpRequest request, AdminOnly admin)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Parameter is not { } parameter) return null;
        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return parameter;
        if (!admin.AllowsBasic || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':') is var colon and >= 0 ? pair[(colon + 1)..] : null;
    }

    /// <summary>In a time that does not tell how much of it fits.</summary>
    private static bool IsSame(string offered, string token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(offered)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

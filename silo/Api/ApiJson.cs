using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Core;

namespace ControlPlane.Silo.Api;

/// <summary>JSON of the HTTP API: the contracts' own form.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = CoreJson.Options.DefaultIgnoreCondition;
        foreach (var converter in CoreJson.Options.Converters) options.Converters.Add(converter);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Silo.State;

namespace ControlPlane.Cli;

/// <summary>A silo that runs, as the state commands reach it.</summary>
internal sealed class SiloAddress
{
    private const string Path = "api/v1/state";

    private readonly Uri _address;

    private SiloAddress(Uri address) => _address = address;

    /// <summary>The silo at an http or https address; null when the text is none.</summary>
    public static SiloAddress? TryParse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is not null
            ? new SiloAddress(new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"))
            : null;

    public async Task ExportAsync(string? token, string file, CancellationToken cancellationToken)
    {
        using var http = Client(token);
        using var answer = await SendAsync(http, new HttpRequestMessage(HttpMethod.Get, Path), cancellationToken);
        await using var target = File.Create(file);
        try
        {
            await answer.Content.CopyToAsync(target, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{_address} ended its answer early: {e.Message}");
        }
    }

    public async Task<ImportResult> ImportAsync(string? token, string file, bool force, CancellationToken cancellationToken)
    {
        using var http = Client(token);
        await using var source = File.OpenRead(file);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Path}?force={(force ? "true" : "false")}") { Content = new StreamContent(source) };
        using var answer = await SendAsync(http, request, cancellationToken);
        return await answer.Content.ReadFromJsonAsync<ImportResult>(JsonSerializerOptions.Web, cancellationToken) ?? throw new CommandException($"{_address} answered with nothing");
    }

    private HttpClient Client(string? token)
    {
        var http = new HttpClient { BaseAddress = _address, Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrEmpty(token)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{_address} cannot be reached: {e.Message}");
        }
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw new CommandException($"{_address}: {await DescribeAsync(answer, cancellationToken)}");
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { } text) return text;
        }
        catch (JsonException)
        {
        }
        return answer.StatusCode == HttpStatusCode.NotFound ? "this is no silo of a control plane, or an older one" : $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
    }
}

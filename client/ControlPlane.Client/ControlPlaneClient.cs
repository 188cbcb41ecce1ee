using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Client;

/// <summary>The control plane's HTTP API. Thread-safe; keep one for the life of the program.</summary>
public sealed partial class ControlPlaneClient
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http;

    /// <summary>Makes a client.</summary>
    /// <param name="http">Carries the calls; its base address is the control plane's.</param>
    public ControlPlaneClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http.BaseAddress, "http.BaseAddress");
        _http = http;
    }

    /// <summary>Registers a service; when the call returns the registration is stored. A second one replaces the first.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task RegisterAsync(ServiceRegistration registration, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "api/v1/services", JsonContent.Create(registration, options: Json), cancellationToken);

    /// <summary>Removes a service.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task UnregisterAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"api/v1/services/{id}", null, cancellationToken);

    /// <summary>Ids of the registered services, sorted.</summary>
    /// <param name="scope">Cluster, cluster/namespace, or empty for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string scope = "", CancellationToken cancellationToken = default) =>
        GetAsync<IReadOnlyList<string>>($"api/v1/services?scope={Uri.EscapeDataString(scope)}", cancellationToken);

    /// <summary>What is known of a service now.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<ServiceStatus> GetAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync<ServiceStatus>($"api/v1/services/{id}", cancellationToken);

    /// <summary>Pushes samples of a service.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public async Task<PushResult> PushAsync(string id, IReadOnlyCollection<Sample> samples, CancellationToken cancellationToken = default)
    {
        using var response = await SendCoreAsync(HttpMethod.Post, $"api/v1/samples/{id}", JsonContent.Create(samples, options: Json), cancellationToken)
            .ConfigureAwait(false);
        return await ReadAsync<PushResult>(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest decisions of a service that are kept, newest first.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<IReadOnlyList<DecisionSummary>> GetDecisionsAsync(string id, int count = 10, CancellationToken cancellationToken = default) =>
        GetAsync<IReadOnlyList<DecisionSummary>>($"api/v1/decisions/{id}?count={count}", cancellationToken);

    /// <summary>One decision with all that it was made from, as JSON for <c>controlplane replay</c>.</summary>
    /// <exception cref="ControlPlaneException">Refused, not kept any more, or unreachable.</exception>
    public async Task<string> GetDecisionRecordAsync(string decisionId, CancellationToken cancellationToken = default)
    {
        using var response = await SendCoreAsync(HttpMethod.Get, $"api/v1/records/{decisionId}", null, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts the policy of a scope, written as YAML or JSON; when the call returns it is stored and in force.</summary>
    /// <exception cref="ControlPlaneException">Refused, with every fault named, or unreachable.</exception>
    public Task PutPolicyAsync(string scope, string text, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, $"api/v1/policies/{scope}", new StringContent(text, Encoding.UTF8, "application/yaml"), cancellationToken);

    /// <summary>The policy that would be in force for a scope if a policy were put, as JSON; nothing is changed.</summary>
    /// <exception cref="ControlPlaneException">It would be refused, with every fault named; or unreachable.</exception>
    public async Task<string> CheckPolicyAsync(string scope, string text, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(text, Encoding.UTF8, "application/yaml");
        using var response = await SendCoreAsync(HttpMethod.Put, $"api/v1/policies/{scope}?dryRun=true", content, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest changes of a scope's policy that are kept, newest first.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<IReadOnlyList<PolicyChangeRecord>> GetPolicyChangesAsync(string scope, CancellationToken cancellationToken = default) =>
        GetAsync<IReadOnlyList<PolicyChangeRecord>>($"api/v1/policy-changes/{scope}", cancellationToken);

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await SendCoreAsync(method, path, content, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await SendCoreAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken).ConfigureAwait(false)
        ?? throw new ControlPlaneException("the control plane answered with nothing", response.StatusCode);

    private async Task<HttpResponseMessage> SendCoreAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new ControlPlaneException($"the control plane at {_http.BaseAddress} cannot be reached: {e.Message}", e.StatusCode, e);
        }
        if (response.IsSuccessStatusCode) return response;
        using (response) throw new ControlPlaneException(await DescribeAsync(response, cancellationToken).ConfigureAwait(false), response.StatusCode);
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var prefix = response.StatusCode == HttpStatusCode.NotFound ? "not found" : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() ?? prefix : prefix;
        }
        catch (JsonException)
        {
            return body.Length > 0 ? $"{prefix}: {body}" : prefix;
        }
    }
}

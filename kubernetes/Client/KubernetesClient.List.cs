using System.Globalization;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

public sealed partial class KubernetesClient
{
    private const int MaxListRestarts = 3;

    /// <summary>
    /// Reads a whole collection, page by page. When the page token expires on the way (410) the list starts again, at most 3 times, so that
    /// the answer is always one consistent state, the one of its resource version.
    /// </summary>
    public async Task<KubernetesList<T>> ListAsync<T>(KubernetesResource resource, ListOptions? options, CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            try
            {
                return await ListPagesAsync<T>(resource, options ?? new ListOptions(), cancellationToken).ConfigureAwait(false);
            }
            catch (KubernetesException e) when (e.Failure == KubernetesFailure.Expired && restarts < MaxListRestarts)
            {
                // The next round starts from the newest state.
            }
        }
    }

    private async Task<KubernetesList<T>> ListPagesAsync<T>(KubernetesResource resource, ListOptions options, CancellationToken cancellationToken)
    {
        List<T>? items = null;
        string? token = null;
        while (true)
        {
            var query = options.Query().Append(("limit", _options.PageSize.ToString(CultureInfo.InvariantCulture)));
            if (token is not null) query = query.Append(("continue", token));
            var call = new ApiCall("list", HttpMethod.Get, resource) { Query = [.. query] };
            var page = await SendAsync<KubernetesList<T>>(call, cancellationToken).ConfigureAwait(false);
            token = page.Metadata.Continue;
            if (string.IsNullOrEmpty(token)) return items is null ? page : page with { Items = [.. items, .. page.Items] };
            (items ??= []).AddRange(page.Items);
        }
    }
}

namespace ControlPlane.Kubernetes;

/// <summary>Gives the bearer token of each request.</summary>
public interface IBearerTokenSource
{
    /// <summary>The token to use now.</summary>
    /// <exception cref="KubernetesException">There is none.</exception>
    ValueTask<string> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>Tells that the server refused the token. True when the next one may differ, so that trying again makes sense.</summary>
    bool Invalidate();
}

/// <summary>A token that never changes.</summary>
internal sealed class StaticToken(string token) : IBearerTokenSource
{
    public ValueTask<string> GetTokenAsync(CancellationToken cancellationToken) => new(token);

    public bool Invalidate() => false;
}

namespace ControlPlane.Kubernetes;

/// <summary>
/// A token in a file that somebody else renews (the kubelet, for a service account). It is read again after a minute and after the server
/// refused it; while the file cannot be read the last token stays.
/// </summary>
internal sealed class FileToken(string path, TimeProvider time) : IBearerTokenSource
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private string? _token;
    private DateTimeOffset _readAt;

    public ValueTask<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_token is not null && now - _readAt < MaxAge) return new ValueTask<string>(_token);
            _token = Read() ?? _token;
            _readAt = now;
            return _token is not null
                ? new ValueTask<string>(_token)
                : throw new KubernetesException(KubernetesFailure.Configuration, $"the token file {path} is missing, empty or cannot be read");
        }
    }

    public bool Invalidate()
    {
        lock (_lock)
        {
            if (Read() is not { } token || token == _token) return false;
            (_token, _readAt) = (token, time.GetUtcNow());
            return true;
        }
    }

    private string? Read()
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length == 0 ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

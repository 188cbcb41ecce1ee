using System.Collections.Immutable;

namespace ControlPlane.Kubernetes;

/// <summary>What could not be read and why, one sentence each; one list for each thread of reads.</summary>
internal sealed class Problems
{
    private readonly ImmutableArray<string>.Builder _sentences = ImmutableArray.CreateBuilder<string>();

    public bool IsEmpty => _sentences.Count == 0;

    public void Add(string what, string why) => _sentences.Add($"{what}: {why}");

    public void AddRange(Problems other) => _sentences.AddRange(other._sentences);

    public ImmutableArray<string> ToImmutable() => _sentences.ToImmutable();

    public T? Try<T>(string what, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (KubernetesException e)
        {
            Add(what, e.Message);
            return null;
        }
    }

    /// <summary>The answer; null with a sentence when it failed.</summary>
    public async Task<T?> TryAsync<T>(string what, Task<T> read)
        where T : class?
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            Add(what, e.Message);
            return null;
        }
    }
}

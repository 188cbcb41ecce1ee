namespace ControlPlane.Core.Learning;

/// <summary>What followed from moves: for each the features before it, what it brought, and the features after it.</summary>
/// <param name="features">Features of a state.</param>
public sealed class Experience(int features)
{
    private readonly List<float> _states = [];
    private readonly List<float> _next = [];
    private readonly List<(int Action, float Reward, bool IsLast)> _outcomes = [];

    /// <summary>Features of a state.</summary>
    public int Features { get; } = features;

    /// <summary>Number of moves.</summary>
    public int Count => _outcomes.Count;

    /// <summary>Adds what followed from a move.</summary>
    /// <param name="state">Features before it.</param>
    /// <param name="action">The move.</param>
    /// <param name="reward">What it brought.</param>
    /// <param name="next">Features after it; empty when nothing came after.</param>
    public void Add(ReadOnlySpan<float> state, int action, double reward, ReadOnlySpan<float> next)
    {
        _states.AddRange(state);
        _outcomes.Add((action, (float)reward, next.IsEmpty));
        for (var i = 0; i < Features; i++) _next.Add(next.IsEmpty ? 0 : next[i]);
    }

    /// <summary>Adds another's.</summary>
    public void Add(Experience other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Features, Features);
        _states.AddRange(other._states);
        _next.AddRange(other._next);
        _outcomes.AddRange(other._outcomes);
    }

    internal ReadOnlySpan<float> State(int i) => Row(_states, i);

    internal ReadOnlySpan<float> Next(int i) => Row(_next, i);

    internal (int Action, float Reward, bool IsLast) Outcome(int i) => _outcomes[i];

    private ReadOnlySpan<float> Row(List<float> rows, int i) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows).Slice(i * Features, Features);
}

using System.Collections.Immutable;

namespace ControlPlane.Core.Learning;

/// <summary>Several networks that were learnt from the same experience with different seeds: what they do not agree on is not certain. Not thread-safe.</summary>
/// <param name="networks">At least one.</param>
internal sealed class QCommittee(ImmutableArray<QNetwork> networks) : IActionValues
{
    public ImmutableArray<QNetwork> Networks => networks;

    public int Actions => networks[0].Actions;

    /// <inheritdoc/>
    public void Advantages(ReadOnlySpan<float> features, double caution, Span<double> advantages)
    {
        Span<double> squares = stackalloc double[Actions];
        squares.Clear();
        advantages.Clear();
        foreach (var network in networks)
        {
            var values = network.Forward(features, 1);
            for (var a = 1; a < Actions; a++)
            {
                var advantage = (double)values[a] - values[0];
                advantages[a] += advantage / networks.Length;
                squares[a] += advantage * advantage / networks.Length;
            }
        }

        for (var a = 1; a < Actions; a++) advantages[a] -= caution * Math.Sqrt(Math.Max(0, squares[a] - advantages[a] * advantages[a]));
    }
}

using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Learning;

/// <summary>
/// Learns a <see cref="QNetwork"/> from experience that is replayed in random batches, towards a target network that follows from time to time (DQN: Mnih and others, 2015);
/// the network chooses the next move and the target says what it is worth (double DQN: van Hasselt, Guez and Silver, 2016).
/// </summary>
internal sealed class DeepQLearning
{
    private const float LongestGradient = 10;
    private const double LastRate = 0.1;
    private readonly Experience _experience;
    private readonly LearningOptions _options;
    private readonly SeededNoise _random;
    private readonly QNetwork _network;
    private readonly QNetwork _target;
    private readonly AdamW _optimizer;
    private readonly float[] _states;
    private readonly float[] _next;
    private readonly int[] _picked;
    private readonly float[] _goals;

    private DeepQLearning(Experience experience, int actions, LearningOptions options, ulong seed)
    {
        (_experience, _options, _random) = (experience, options, new SeededNoise(seed + 1));
        (_network, _target) = (new QNetwork(experience.Features, actions, seed), new QNetwork(experience.Features, actions, seed));
        _optimizer = new AdamW(_network.Parameters, decay: 0.01f);
        (_states, _next) = (new float[options.Batch * experience.Features], new float[options.Batch * experience.Features]);
        (_picked, _goals) = (new int[options.Batch], new float[options.Batch]);
    }

    /// <summary>Learns one network.</summary>
    public static QNetwork Learn(Experience experience, int actions, LearningOptions options, ulong seed, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(experience.Count);
        var learning = new DeepQLearning(experience, actions, options, seed);
        for (var update = 0; update < options.Updates; update++)
        {
            if (update % options.TargetEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report((double)update / options.Updates);
                learning._network.Parameters.Values.CopyTo(learning._target.Parameters.Values);
            }

            var left = 1 - (double)update / options.Updates;
            learning.Update((float)(options.Rate * (LastRate + (1 - LastRate) * left)));
        }

        return learning._network;
    }

    private void Update(float rate)
    {
        Draw();
        Aim();
        var (rows, actions) = (_options.Batch, _network.Actions);
        var values = _network.Forward(_states, rows);
        Span<float> slopes = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            var at = row * actions + _experience.Outcome(_picked[row]).Action;
            slopes[at] = 2 * (values[at] - _goals[row]) / rows;
        }

        _network.Parameters.ClearGradients();
        _network.Backward(_states, slopes, rows);
        _network.Parameters.ClipGradients(LongestGradient);
        _optimizer.Step(rate);
    }

    private void Draw()
    {
        var features = _experience.Features;
        for (var row = 0; row < _options.Batch; row++)
        {
            var i = _picked[row] = _random.NextInt(_experience.Count);
            _experience.State(i).CopyTo(_states.AsSpan(row * features));
            _experience.Next(i).CopyTo(_next.AsSpan(row * features));
        }
    }

    /// <summary>Reward + discount · what the target says of the move that the network would choose next.</summary>
    private void Aim()
    {
        var (rows, actions) = (_options.Batch, _network.Actions);
        var chosen = _network.Forward(_next, rows);
        var worth = _target.Forward(_next, rows);
        for (var row = 0; row < rows; row++)
        {
            var (_, reward, isLast) = _experience.Outcome(_picked[row]);
            var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(chosen.Slice(row * actions, actions));
            _goals[row] = reward + (isLast ? 0 : (float)_options.Discount * worth[row * actions + best]);
        }
    }
}

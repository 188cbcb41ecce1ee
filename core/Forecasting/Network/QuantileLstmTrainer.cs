using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// Trains a <see cref="QuantileLstm"/> by truncated back-propagation through time: a window of steps a time, from the state that the series had before
/// it, on the mean pinball loss of the next value; gradients clipped, AdamW. Owns its buffers: a step allocates nothing.
/// </summary>
internal sealed class QuantileLstmTrainer
{
    private readonly QuantileLstm _network;
    private readonly LstmTape _tape;
    private readonly AdamW _optimiser;
    private readonly int _window;
    private readonly float _longestGradient;
    private readonly float[] _answers;
    private readonly float[] _slopes;

    /// <param name="network">What is trained.</param>
    /// <param name="window">Longest window, steps.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="longestGradient">Gradients are shortened to this length.</param>
    public QuantileLstmTrainer(QuantileLstm network, int window, float decay = 0.01f, float longestGradient = 1)
    {
        (_network, _window, _longestGradient) = (network, window, longestGradient);
        _tape = new LstmTape(network.Cell, 1, window);
        _optimiser = new AdamW(network.Parameters, decay);
        _answers = new float[window * network.Levels.Length];
        _slopes = new float[_answers.Length];
    }

    /// <summary>One step of training on one window; moves the state past it. A loss that is not finite changes no weight.</summary>
    /// <param name="values">Observations, scaled, oldest first, one more than the window is long: each is the target of the one before.</param>
    /// <param name="covariates">Row-major <c>[window, covariates]</c>: of the targets.</param>
    /// <param name="state">The state before the window; replaced by that after it.</param>
    /// <param name="rate">Learning rate.</param>
    /// <returns>The mean pinball loss before the step.</returns>
    public double Step(ReadOnlySpan<float> values, ReadOnlySpan<float> covariates, LstmState state, float rate)
    {
        var steps = values.Length - 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(values));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, _window, nameof(values));
        Run(values, covariates, state, steps);
        var loss = Score(values[1..], steps);
        var parameters = _network.Parameters;
        parameters.ClearGradients();
        _network.Head.Backward(_tape.Outputs(steps), _slopes, _tape.OutputGradients(steps), steps);
        _network.Cell.Backward(_tape, 1, steps);
        if (float.IsFinite(parameters.ClipGradients(_longestGradient)) && double.IsFinite(loss)) _optimiser.Step(rate);
        _tape.Output(steps - 1).CopyTo(state.Output);
        _tape.Cell(steps - 1).CopyTo(state.Cell);
        return loss;
    }

    private void Run(ReadOnlySpan<float> values, ReadOnlySpan<float> covariates, LstmState state, int steps)
    {
        var known = _network.Inputs - 1;
        state.Output.CopyTo(_tape.StartOutput);
        state.Cell.CopyTo(_tape.StartCell);
        for (var t = 0; t < steps; t++) QuantileLstm.Fill(_tape.Input(t, 0), values[t], covariates.Slice(t * known, known));
        _network.Cell.Forward(_tape, 1, steps);
        _network.Head.Forward(_tape.Outputs(steps), _answers, steps);
    }

    private double Score(ReadOnlySpan<float> targets, int steps)
    {
        var levels = _network.Levels;
        var (loss, share) = (0.0, 1f / (steps * levels.Length));
        for (var t = 0; t < steps; t++)
        {
            for (var q = 0; q < levels.Length; q++)
            {
                var i = t * levels.Length + q;
                var error = targets[t] - _answers[i];
                var slope = error > 0 ? levels[q] : levels[q] - 1;
                loss += slope * (double)error * share;
                _slopes[i] = -slope * share;
            }
        }

        return loss;
    }
}

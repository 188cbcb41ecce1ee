using System.Globalization;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

/// <summary>A network of one LSTM and one dense layer against PyTorch; Golden/make_lstm_golden.py made the figures.</summary>
public sealed class LstmGoldenTests
{
    private const int Inputs = 3;
    private const int Hidden = 8;
    private const int Rows = 5;
    private const int Steps = 7;
    private const double Tolerance = 1e-5;
    private static readonly float[] Levels = [0.1f, 0.5f, 0.9f, 0.99f];
    private static readonly Dictionary<string, double[]> Golden = Read();
    private readonly ParameterSet _parameters = new();
    private readonly LstmLayer _cell;
    private readonly DenseLayer _head;
    private readonly LstmTape _tape;
    private readonly float[] _answer = new float[Rows * Levels.Length];
    private readonly float[] _slopes = new float[Rows * Levels.Length];

    public LstmGoldenTests()
    {
        var noise = new SeededNoise(1);
        _cell = new LstmLayer(_parameters, Inputs, Hidden, noise);
        _head = new DenseLayer(_parameters, Hidden, Levels.Length, noise);
        Wave.Make(_cell.Weights.Length, 0.7, 0.4).CopyTo(_cell.Weights);
        Wave.Make(_cell.Bias.Length, 1.3, 0.2).CopyTo(_cell.Bias);
        Wave.Make(_head.Weights.Length, 0.9, 0.5).CopyTo(_head.Weights);
        Wave.Make(_head.Bias.Length, 1.1, 0.1).CopyTo(_head.Bias);
        _tape = new LstmTape(_cell, Rows, Steps);
        var x = Wave.Make(Rows * Steps * Inputs, 0.37, 1.5);
        for (var row = 0; row < Rows; row++)
            for (var t = 0; t < Steps; t++) x.AsSpan((row * Steps + t) * Inputs, Inputs).CopyTo(_tape.Input(t, row));
        _cell.Forward(_tape, Rows, Steps);
        _head.Forward(_tape.Output(Steps - 1), _answer, Rows);
    }

    [Fact]
    public void Forward_Sequence_MatchesTorch()
    {
        AssertClose("hidden", _tape.Output(Steps - 1));
        AssertClose("cell", _tape.Cell(Steps - 1));
        AssertClose("answer", _answer);
        AssertClose("loss", [(float)Loss()]);
    }

    [Fact]
    public void Backward_PinballLoss_MatchesTorch()
    {
        Learn();
        AssertWeights("gradient", _parameters.Gradients);
    }

    [Fact]
    public void Step_ClippedAdam_MatchesTorch()
    {
        Learn();
        AssertClose("norm", [_parameters.ClipGradients(0.05f)]);
        new AdamW(_parameters).Step(0.01f);
        AssertWeights("after", _parameters.Values);
    }

    [Fact]
    public void Step_ClippedAdamWithDecay_MatchesTorch()
    {
        Learn();
        _parameters.ClipGradients(0.05f);
        new AdamW(_parameters, decay: 0.1f).Step(0.01f);
        AssertWeights("decayed", _parameters.Values);
    }

    private static Dictionary<string, double[]> Read()
    {
        using var stream = typeof(LstmGoldenTests).Assembly.GetManifestResourceStream("lstm.txt")!;
        using var reader = new StreamReader(stream);
        var golden = new Dictionary<string, double[]>();
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            golden[parts[0]] = Array.ConvertAll(parts[1..], v => double.Parse(v, CultureInfo.InvariantCulture));
        }

        return golden;
    }

    private static void AssertClose(string name, ReadOnlySpan<float> actual)
    {
        var expected = Golden[name];
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }

    private void AssertWeights(string name, ReadOnlySpan<float> buffer)
    {
        var (cell, bias, head) = (_cell.Weights.Length, _cell.Bias.Length, _head.Weights.Length);
        AssertClose(name + ".lstm", buffer[..cell]);
        AssertClose(name + ".bias", buffer.Slice(cell, bias));
        AssertClose(name + ".head", buffer.Slice(cell + bias, head));
        AssertClose(name + ".offset", buffer[(cell + bias + head)..]);
    }

    private double Loss()
    {
        var (loss, targets) = (0.0, Wave.Make(Rows, 2.1, 1));
        for (var i = 0; i < _answer.Length; i++)
        {
            var level = Levels[i % Levels.Length];
            var error = targets[i / Levels.Length] - _answer[i];
            var slope = error > 0 ? level : level - 1;
            loss += slope * error / Rows;
            _slopes[i] = -slope / Rows;
        }

        return loss;
    }

    private void Learn()
    {
        Loss();
        _parameters.ClearGradients();
        _tape.ClearGradients();
        _head.Backward(_tape.Output(Steps - 1), _slopes, _tape.OutputGradient(Steps - 1), Rows);
        _cell.Backward(_tape, Rows, Steps);
    }
}

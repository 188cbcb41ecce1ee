using System.Diagnostics;
using System.Globalization;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Benchmarks.Lstm;

/// <summary>
/// <c>lstm</c>: an update and a forecast of 20 steps at hidden size 32, beside the same network in torch on one thread when Python has it. An update is
/// measured in both senses: an observation that moves the state, and a training step over a window of 24.
/// </summary>
internal static class LstmRun
{
    private const double Tolerance = 1e-5;
    private const int Repeats = 20;
    private const int Rounds = 500;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(1);

    public static int Run()
    {
        var ours = Measure();
        Print("ours", ours);
        if (TorchProcess.Run(new LstmCase().Describe()) is not { } torch)
        {
            Console.WriteLine("torch: skipped, no Python with torch was found (python3, /usr/bin/python3, or the variable PYTHON)");
            return 0;
        }

        Print("torch", torch);
        foreach (var (name, text) in torch.Notes) Console.WriteLine($"  {name}: {text}");
        var worst = Numbers().Max(pair => Distance(pair.Key, pair.Value, torch.Numbers[pair.Key]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of any number: {worst:0.0e+0} (limit {Tolerance:0e+0})"));
        foreach (var name in ours.Microseconds.Keys)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} torch takes {torch.Microseconds[name] / ours.Microseconds[name]:0.0} times as long"));
        }

        return worst <= Tolerance ? 0 : 1;
    }

    private static LstmFigures Measure()
    {
        var figures = new LstmFigures();
        var (forecasting, training) = (new LstmCase(), new LstmCase());
        var (state, learning) = (forecasting.Warm(), new LstmState(LstmCase.Hidden));
        var rows = new float[LstmCase.Horizon * LstmCase.Levels.Length];
        var trainer = Trainer(training);
        figures.Microseconds["observation"] = Time(() => forecasting.Network.Observe(0.3f, forecasting.Ahead.AsSpan(0, LstmCase.Covariates), state));
        figures.Microseconds["forecast"] = Time(() => Forecast(forecasting, state, rows));
        figures.Microseconds["training step"] = Time(() => trainer.Step(training.Values, training.Known, learning, LstmCase.Rate));
        figures.Microseconds["observation + forecast"] = Time(() =>
        {
            forecasting.Network.Observe(0.3f, forecasting.Ahead.AsSpan(0, LstmCase.Covariates), state);
            Forecast(forecasting, state, rows);
        });
        figures.Microseconds["training step + forecast"] = Time(() =>
        {
            trainer.Step(training.Values, training.Known, learning, LstmCase.Rate);
            Forecast(training, learning, rows);
        });
        return figures;
    }

    /// <summary>What both must agree on.</summary>
    private static Dictionary<string, double[]> Numbers()
    {
        var test = new LstmCase();
        var (state, rows) = (test.Warm(), new float[LstmCase.Horizon * LstmCase.Levels.Length]);
        test.Network.Observe(test.Values[^1], test.Ahead.AsSpan(0, LstmCase.Covariates), state);
        Forecast(test, state, rows);
        var loss = Trainer(test).Step(test.Values, test.Known, new LstmState(LstmCase.Hidden), LstmCase.Rate);
        return new()
        {
            ["quantiles"] = Widen(rows),
            ["loss"] = [loss],
            ["cell"] = Widen(test.Network.Cell.Weights),
            ["bias"] = Widen(test.Network.Cell.Bias),
            ["head"] = Widen(test.Network.Head.Weights),
            ["offset"] = Widen(test.Network.Head.Bias),
        };
    }

    private static QuantileLstmTrainer Trainer(LstmCase test) => new(test.Network, LstmCase.Window, LstmCase.Decay, LstmCase.LongestGradient);

    private static void Forecast(LstmCase test, LstmState state, float[] rows) =>
        test.Network.Forecast(state, test.Ahead.AsSpan(LstmCase.Covariates), LstmCase.Horizon, rows);

    private static double[] Widen(ReadOnlySpan<float> numbers)
    {
        var wide = new double[numbers.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = numbers[i];
        return wide;
    }

    private static double Distance(string name, double[] ours, double[] torch)
    {
        if (ours.Length != torch.Length) throw new InvalidDataException($"{name}: {ours.Length} numbers here, {torch.Length} there.");
        return ours.Zip(torch, (a, b) => Math.Abs(a - b)).Max();
    }

    /// <summary>The fastest of several rounds, which other work on the machine disturbs least; after the compiler has had its time.</summary>
    private static double Time(Action action)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < WarmUpTime) action();
        var fastest = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < Repeats; i++) action();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Repeats);
        }

        return fastest;
    }

    private static void Print(string who, LstmFigures figures)
    {
        foreach (var (name, time) in figures.Microseconds) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{who,-6} {name,-24} {time,9:0.0} µs"));
    }
}

using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Network;

/// <summary>Small made-up loads to train on.</summary>
internal static class TrainingTraces
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 5, 0, TimeSpan.Zero);
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <summary>Three days and a half each, in 5-minute steps: a daily wave with noise that pulls back to its level.</summary>
    public static TrainingTrace[] Make(int count) => [.. Enumerable.Range(0, count).Select(i => Wave($"wave{i}", 100 * (i + 1), (ulong)i + 1))];

    public static TrainingTrace Wave(string name, double level, ulong seed)
    {
        var noise = new SeededNoise(seed);
        var values = new double[1000];
        for (var t = 0; t < values.Length; t++) values[t] = level * (1 + 0.5 * Math.Sin(2 * Math.PI * t / 288)) * Math.Exp(0.15 * noise.NextNormal());
        return new TrainingTrace(name, name, Start, Step, values);
    }

    /// <summary>Options that train in a moment.</summary>
    public static NetworkTrainingOptions Quick(ulong seed = 1) => new() { Seed = seed, Networks = 1, Epochs = 6, Rate = 5e-3f, MostExamples = 6000, VariationsPerTrace = 1, ValidationShare = 0.3, Batch = 128 };
}

using ControlPlane.Core.Learning;

namespace ControlPlane.Core.Tests.Learning;

public sealed class QLearningTests
{
    private static readonly LearningOptions Options = new() { Discount = Corridor.Discount, Passes = 20, Updates = 3000, Batch = 32, Rate = 0.005, TargetEvery = 50, Seed = 5 };

    [Fact]
    public void Learn_TableInACorridor_ConvergesToTheOptimum()
    {
        var table = QTable.Learn(Corridor.Grid, 2, Corridor.Walk(2000, 3), Options);
        foreach (var (place, move) in Pairs()) Assert.Equal(Corridor.Value(place, move), table.Value(place, move), 0.01);
    }

    [Fact]
    public void Learn_NetworkInACorridor_ConvergesToTheOptimum()
    {
        var network = DeepQLearning.Learn(Corridor.Walk(2000, 3), 2, Options, seed: 5);
        foreach (var (place, move) in Pairs()) Assert.Equal(Corridor.Value(place, move), network.Forward(Corridor.Features(place), 1)[move], 0.1);
    }

    [Fact]
    public void Learn_SameSeed_GivesTheSameBits()
    {
        var options = Options with { Updates = 50, Passes = 2 };
        var (a, b) = (DeepQLearning.Learn(Corridor.Walk(300, 3), 2, options, seed: 5), DeepQLearning.Learn(Corridor.Walk(300, 3), 2, options, seed: 5));
        Assert.Equal(a.Parameters.Values.ToArray(), b.Parameters.Values.ToArray());
        Assert.NotEqual(a.Parameters.Values.ToArray(), DeepQLearning.Learn(Corridor.Walk(300, 3), 2, options, seed: 6).Parameters.Values.ToArray());
        Assert.Equal(QTable.Learn(Corridor.Grid, 2, Corridor.Walk(300, 3), options).Cells.Values, QTable.Learn(Corridor.Grid, 2, Corridor.Walk(300, 3), options).Cells.Values);
    }

    [Fact]
    public void Backward_OfTheNetwork_IsTheSlopeOfItsValues()
    {
        var network = new QNetwork(6, 3, 9);
        float[] states = [0.3f, -1, 0.5f, 0.1f, 2, -0.4f, 1, 0.2f, -0.7f, 0, 0.9f, 1.1f];
        float[] slopes = [1, 0, -2, 0.5f, 3, 0];
        network.Forward(states, 2);
        network.Parameters.ClearGradients();
        network.Backward(states, slopes, 2);
        var gradients = network.Parameters.Gradients.ToArray();
        const float Nudge = 1e-2f;
        for (var i = 0; i < gradients.Length; i += 17)
        {
            var (up, down) = (Loss(network, states, slopes, i, Nudge), Loss(network, states, slopes, i, -Nudge));
            Assert.Equal((up - down) / (2 * Nudge), gradients[i], 0.02);
        }
    }

    /// <summary>A move that looks better by two lucky draws must not be chosen over one that is known.</summary>
    [Fact]
    public void Advantages_OfFewDraws_AreTakenForSmaller()
    {
        var table = new QTable(Corridor.Grid, 2);
        for (var i = 0; i < 1000; i++) table.Update(2, 0, i % 2, -1, 0);
        for (var i = 0; i < 3; i++) table.Update(2, 1, i % 2 + 0.5, -1, 0);
        Span<double> advantages = stackalloc double[2];
        table.Advantages(Corridor.Features(2), 0, advantages);
        Assert.True(advantages[1] > 0);
        table.Advantages(Corridor.Features(2), 2, advantages);
        Assert.True(advantages[1] < 0);
        table.Advantages(Corridor.Features(3), 0, advantages);
        Assert.Equal(double.NegativeInfinity, advantages[1]);
    }

    private static double Loss(QNetwork network, float[] states, float[] slopes, int weight, float nudge)
    {
        network.Parameters.Values[weight] += nudge;
        var values = network.Forward(states, 2);
        var loss = 0.0;
        for (var i = 0; i < values.Length; i++) loss += slopes[i] * (double)values[i];
        network.Parameters.Values[weight] -= nudge;
        return loss;
    }

    private static IEnumerable<(int Place, int Move)> Pairs() => Enumerable.Range(0, Corridor.Places).SelectMany(place => ((int[])[0, 1]).Select(move => (place, move)));
}

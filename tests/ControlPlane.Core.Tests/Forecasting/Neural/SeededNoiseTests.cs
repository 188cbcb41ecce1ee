using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

public sealed class SeededNoiseTests
{
    /// <summary>The published first outputs of SplitMix64 from seed 1234567.</summary>
    [Fact]
    public void NextBits_KnownSeed_GivesThePublishedNumbers()
    {
        var noise = new SeededNoise(1234567);
        Assert.Equal(6457827717110365317UL, noise.NextBits());
        Assert.Equal(3203168211198807973UL, noise.NextBits());
    }

    [Fact]
    public void NextNormal_ManyDraws_HasTheMomentsOfTheNormal()
    {
        var noise = new SeededNoise(9);
        var (sum, squares, fourth) = (0.0, 0.0, 0.0);
        for (var i = 0; i < 100_000; i++)
        {
            var x = noise.NextNormal();
            (sum, squares, fourth) = (sum + x, squares + x * x, fourth + x * x * x * x);
        }

        Assert.Equal(0, sum / 100_000, 0.02);
        Assert.Equal(1, squares / 100_000, 0.02);
        Assert.Equal(3, fourth / 100_000, 0.15);
    }

    [Fact]
    public void Shuffle_SameSeed_SameOrderOfTheSameItems()
    {
        var (one, two) = (Enumerable.Range(0, 50).ToArray(), Enumerable.Range(0, 50).ToArray());
        new SeededNoise(5).Shuffle<int>(one);
        new SeededNoise(5).Shuffle<int>(two);
        Assert.Equal(one, two);
        Assert.NotEqual(Enumerable.Range(0, 50), one);
        Assert.Equal(Enumerable.Range(0, 50), one.Order());
    }
}

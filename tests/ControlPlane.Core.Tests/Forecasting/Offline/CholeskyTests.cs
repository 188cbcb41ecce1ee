using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(37)]
    public void Solve_PositiveDefinite_GivesBackTheUnknowns(int size)
    {
        var noise = new SeededNoise((ulong)size);
        var (factor, matrix, right) = (new double[size * size], new double[size * size], new double[size]);
        for (var i = 0; i < factor.Length; i++) factor[i] = noise.NextNormal();
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                for (var k = 0; k < size; k++) matrix[i * size + j] += factor[i * size + k] * factor[j * size + k];
                if (i == j) matrix[i * size + j] += 0.5;
                right[i] += matrix[i * size + j] * (j + 1);
            }
        }

        Assert.True(Cholesky.Solve(matrix, right, size));
        for (var i = 0; i < size; i++) Assert.Equal(i + 1, right[i], 1e-8);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    public void Solve_NotPositiveDefinite_SaysSoAndGivesZero(double corner)
    {
        double[] right = [1, 2];
        Assert.False(Cholesky.Solve([1.0, 0, 0, corner], right, 2));
        Assert.Equal([0.0, 0], right);
    }
}

using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

public sealed class MatrixKernelTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 9, 16 }, { 4, 8, 16 }, { 3, 5, 7 }, { 5, 7, 33 }, { 8, 3, 15 }, { 9, 17, 40 }, { 2, 64, 128 }, { 4, 0, 17 }, { 1, 40, 128 }, { 1, 7, 89 }, { 6, 5, 24 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_AnyShape_IsTheTripleLoop(int m, int k, int n)
    {
        var (a, b) = (Wave.Make(m * k, 0.7, 1), Wave.Make(k * n, 1.9, 2));
        var c = Wave.Make(m * n, 0.1, 5);
        MatrixKernel.Multiply(a, b, c, m, k, n);
        for (var row = 0; row < m; row++)
            for (var column = 0; column < n; column++) Assert.Equal(Sum(k, t => a[row * k + t] * (double)b[t * n + column]), c[row * n + column], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MultiplyTransposed_Accumulating_AddsTheTripleLoop(int m, int k, int n)
    {
        var (a, b) = (Wave.Make(m * k, 0.7, 1), Wave.Make(k * n, 1.9, 2));
        var before = Wave.Make(m * n, 0.1, 5);
        var c = (float[])before.Clone();
        MatrixKernel.MultiplyTransposed(a, b, c, m, k, n, accumulate: true);
        for (var row = 0; row < m; row++)
        {
            for (var column = 0; column < n; column++)
            {
                var expected = before[row * n + column] + Sum(k, t => a[t * m + row] * (double)b[t * n + column]);
                Assert.Equal(expected, c[row * n + column], 1e-4);
            }
        }
    }

    [Fact]
    public void Multiply_RowOfABatch_HasTheBitsOfTheRowAlone()
    {
        const int Columns = 64 + 32 + 16 + 8 + 5;
        var (a, b) = (Wave.Make(7 * 50, 0.7, 1), Wave.Make(50 * Columns, 1.9, 2));
        var (batch, alone) = (new float[7 * Columns], new float[Columns]);
        MatrixKernel.Multiply(a, b, batch, 7, 50, Columns);
        for (var row = 0; row < 7; row++)
        {
            MatrixKernel.Multiply(a.AsSpan(row * 50, 50), b, alone, 1, 50, Columns);
            Assert.Equal(alone, batch.AsSpan(row * Columns, Columns).ToArray());
        }
    }

    [Theory]
    [InlineData(5, 6, 6)]
    [InlineData(6, 5, 6)]
    [InlineData(6, 6, 3)]
    public void Multiply_SmallerThanItsShape_Throws(int a, int b, int c)
    {
        var refused = Assert.Throws<ArgumentException>(() => MatrixKernel.Multiply(new float[a], new float[b], new float[c], 2, 3, 2));
        Assert.Contains($"there are {Math.Min(Math.Min(a, b), c)}", refused.Message, StringComparison.Ordinal);
        MatrixKernel.Multiply(new float[6], new float[6], new float[4], 2, 3, 2);
    }

    [Fact]
    public void Transpose_Twice_IsTheSame()
    {
        var source = Wave.Make(15, 1, 1);
        var (turned, back) = (new float[15], new float[15]);
        MatrixKernel.Transpose(source, turned, 3, 5);
        MatrixKernel.Transpose(turned, back, 5, 3);
        Assert.Equal(source[1 * 5 + 2], turned[2 * 3 + 1]);
        Assert.Equal(source, back);
    }

    [Fact]
    public void SumRows_OfSpreadRows_IsTheRowTimesTheirNumber()
    {
        float[] row = [1, -2, 0.5f];
        var (matrix, sum) = (new float[12], new float[3]);
        MatrixKernel.SpreadRow(row, matrix, 4);
        MatrixKernel.SumRows(matrix, sum, 4);
        Assert.Equal([4f, -8f, 2f], sum);
    }

    private static double Sum(int count, Func<int, double> term)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += term(i);
        return sum;
    }
}

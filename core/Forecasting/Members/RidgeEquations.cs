using System.Numerics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>The decayed normal equations of one ridge regression, in single precision: their state is what costs.</summary>
internal sealed class RidgeEquations(int size)
{
    private const double DiagonalPenalty = 1e-3;
    private readonly float[] _matrix = new float[size * (size + 1) / 2];
    private readonly float[] _right = new float[size];

    public float[] Coefficients { get; } = new float[size];

    public long Count { get; private set; }

    public double ErrorScale { get; private set; }

    public double ChangeScale { get; private set; }

    public void Add(ReadOnlySpan<float> x, double change, double error, double weight, double keep)
    {
        Count++;
        var alpha = Math.Max(1 - keep, 1.0 / Count);
        ErrorScale += alpha * (Math.Min(Math.Abs(error), Count < 30 ? double.MaxValue : 10 * ErrorScale) - ErrorScale);
        ChangeScale += alpha * (Math.Min(Math.Abs(change), Count < 30 ? double.MaxValue : 10 * ChangeScale) - ChangeScale);
        var start = 0;
        for (var row = 0; row < size; row++)
        {
            Add(_matrix.AsSpan(start, row + 1), x, (float)keep, (float)(weight * x[row]));
            start += row + 1;
        }

        Add(_right, x, (float)keep, (float)(weight * change));
    }

    public double Dot(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        for (var i = 0; i < Coefficients.Length; i++) sum += (double)Coefficients[i] * x[i];
        return sum;
    }

    /// <summary>Solves by Cholesky; keeps the old coefficients if the matrix is not positive.</summary>
    /// <param name="factor">Room for the factor, as many as the lower triangle has.</param>
    /// <param name="penalties">By feature, in units of the squared size of a change.</param>
    public void Solve(double[] factor, ReadOnlySpan<float> penalties)
    {
        var unit = Math.Max(ChangeScale * ChangeScale, 1e-12);
        for (var row = 0; row < size; row++)
        {
            var start = row * (row + 1) / 2;
            for (var column = 0; column <= row; column++)
            {
                var other = column * (column + 1) / 2;
                double sum = _matrix[start + column];
                if (row == column) sum += DiagonalPenalty * sum + penalties[row] * (row == 0 ? 1 : unit);
                for (var k = 0; k < column; k++) sum -= factor[start + k] * factor[other + k];
                if (row != column) factor[start + column] = sum / factor[other + column];
                else if (sum > 0) factor[start + row] = Math.Sqrt(sum);
                else return;
            }
        }

        Substitute(factor);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(ErrorScale);
        writer.Write(ChangeScale);
        writer.Write(_matrix);
        writer.Write(_right);
        writer.Write(Coefficients);
    }

    public void Load(ref StateReader reader)
    {
        Count = reader.ReadInt64();
        ErrorScale = reader.ReadDouble();
        ChangeScale = reader.ReadDouble();
        reader.Read(_matrix);
        reader.Read(_right);
        reader.Read(Coefficients);
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> x, float keep, float factor)
    {
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var part = sums[i..];
            (new Vector<float>(part) * keep + new Vector<float>(x[i..]) * factor).CopyTo(part);
        }

        for (; i < sums.Length; i++) sums[i] = sums[i] * keep + x[i] * factor;
    }

    private void Substitute(double[] factor)
    {
        Span<double> x = stackalloc double[size];
        for (var row = 0; row < size; row++)
        {
            double sum = _right[row];
            for (var k = 0; k < row; k++) sum -= factor[row * (row + 1) / 2 + k] * x[k];
            x[row] = sum / factor[row * (row + 1) / 2 + row];
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var sum = x[row];
            for (var k = row + 1; k < size; k++) sum -= factor[k * (k + 1) / 2 + row] * x[k];
            x[row] = sum / factor[row * (row + 1) / 2 + row];
        }

        for (var row = 0; row < size; row++)
        {
            if (!double.IsFinite(x[row])) return;
        }

        for (var row = 0; row < size; row++) Coefficients[row] = (float)x[row];
    }
}

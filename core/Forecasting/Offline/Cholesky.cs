using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Solves symmetric positive definite equations in place.</summary>
internal static class Cholesky
{
    /// <summary>Replaces <paramref name="right"/> by the solution of <c>A·x = right</c>.</summary>
    /// <param name="matrix">Row-major <c>[size, size]</c>; only the lower triangle is read. Destroyed.</param>
    /// <param name="right">Right side; the solution afterwards.</param>
    /// <param name="size">Number of unknowns.</param>
    /// <returns>Whether the matrix was positive definite; if not, <paramref name="right"/> is zero.</returns>
    public static bool Solve(Span<double> matrix, Span<double> right, int size)
    {
        for (var row = 0; row < size; row++)
        {
            var line = matrix.Slice(row * size, size);
            for (var column = 0; column <= row; column++)
            {
                var other = matrix.Slice(column * size, size);
                var sum = line[column] - TensorPrimitives.Dot<double>(line[..column], other[..column]);
                if (row != column) line[column] = sum / other[column];
                else if (sum > 0) line[column] = Math.Sqrt(sum);
                else
                {
                    right.Clear();
                    return false;
                }
            }

            right[row] = (right[row] - TensorPrimitives.Dot<double>(line[..row], right[..row])) / line[row];
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var line = matrix.Slice(row * size, size);
            right[row] /= line[row];
            for (var k = 0; k < row; k++) right[k] -= line[k] * right[row];
        }

        return true;
    }
}

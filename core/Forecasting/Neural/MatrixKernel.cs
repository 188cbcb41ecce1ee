using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>Products of dense row-major matrices of single precision. Fixed vector widths: equal inputs give equal bits on every processor.</summary>
internal static class MatrixKernel
{
    private const int Lanes = 8;
    private const int Columns = 2 * Lanes;
    private const int Rows = 4;
    private const int Wide = 8 * Lanes;
    private const int Half = 4 * Lanes;

    /// <summary><c>c = a·b</c>, or <c>c += a·b</c>.</summary>
    /// <param name="a">Row-major <c>[m, k]</c>.</param>
    /// <param name="b">Row-major <c>[k, n]</c>.</param>
    /// <param name="c">Row-major <c>[m, n]</c>.</param>
    /// <param name="m">Rows of the result.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="accumulate">Whether to add to what <paramref name="c"/> holds.</param>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false) =>
        Multiply(a, k, 1, b, c, m, k, n, accumulate);

    /// <summary><c>c = aᵀ·b</c>, or <c>c += aᵀ·b</c>, with <paramref name="a"/> row-major <c>[k, m]</c>.</summary>
    public static void MultiplyTransposed(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false) =>
        Multiply(a, 1, m, b, c, m, k, n, accumulate);

    /// <summary>Writes <paramref name="source"/> <c>[rows, columns]</c> as <c>[columns, rows]</c>.</summary>
    public static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) target[c * rows + r] = source[r * columns + c];
    }

    /// <summary>Adds a row to every row of a matrix, or starts every row with it.</summary>
    public static void SpreadRow(ReadOnlySpan<float> row, Span<float> matrix, int rows)
    {
        for (var r = 0; r < rows; r++) row.CopyTo(matrix[(r * row.Length)..]);
    }

    /// <summary>Adds every row of a matrix to one row.</summary>
    public static void SumRows(ReadOnlySpan<float> matrix, Span<float> row, int rows)
    {
        for (var r = 0; r < rows; r++)
        {
            var source = matrix.Slice(r * row.Length, row.Length);
            System.Numerics.Tensors.TensorPrimitives.Add(row, source, row);
        }
    }

    private static void Multiply(
        ReadOnlySpan<float> a, int rowStride, int termStride, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate)
    {
        Require(a.Length, m, k, nameof(a));
        Require(b.Length, k, n, nameof(b));
        Require(c.Length, m, n, nameof(c));
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var b0 = ref MemoryMarshal.GetReference(b);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        var column = 0;
        if (m == 1)
        {
            for (; column + Wide <= n; column += Wide) Strip8(ref a0, termStride, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref c0, column), k, n, accumulate);
            for (; column + Half <= n; column += Half) Strip4(ref a0, termStride, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref c0, column), k, n, accumulate);
        }

        for (; column + Columns <= n; column += Columns)
        {
            var row = 0;
            for (; row + Rows <= m; row += Rows) Block(ref Unsafe.Add(ref a0, row * rowStride), rowStride, termStride, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref c0, row * n + column), k, n, accumulate);
            for (; row < m; row++) Strip(ref Unsafe.Add(ref a0, row * rowStride), termStride, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref c0, row * n + column), k, n, accumulate);
        }

        for (; column + Lanes <= n; column += Lanes)
        {
            for (var row = 0; row < m; row++) Strip1(ref Unsafe.Add(ref a0, row * rowStride), termStride, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref c0, row * n + column), k, n, accumulate);
        }

        for (; column < n; column++)
        {
            for (var row = 0; row < m; row++)
            {
                var sum = accumulate ? Unsafe.Add(ref c0, row * n + column) : 0f;
                for (var t = 0; t < k; t++) sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref a0, row * rowStride + t * termStride), Unsafe.Add(ref b0, t * n + column), sum);
                Unsafe.Add(ref c0, row * n + column) = sum;
            }
        }
    }

    private static void Require(int length, int rows, int columns, string name)
    {
        if (length < (long)rows * columns) throw new ArgumentException($"A matrix of {rows} by {columns} needs {(long)rows * columns} entries; there are {length}.", name);
    }

    /// <summary>Four rows by two vectors of columns: eight sums that stay in registers.</summary>
    private static void Block(ref float a, int rowStride, int termStride, ref float b, ref float c, int k, int n, bool accumulate)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        if (accumulate)
        {
            (c00, c01) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, Lanes));
            (c10, c11) = (Vector256.LoadUnsafe(ref c, (nuint)n), Vector256.LoadUnsafe(ref c, (nuint)(n + Lanes)));
            (c20, c21) = (Vector256.LoadUnsafe(ref c, (nuint)(2 * n)), Vector256.LoadUnsafe(ref c, (nuint)(2 * n + Lanes)));
            (c30, c31) = (Vector256.LoadUnsafe(ref c, (nuint)(3 * n)), Vector256.LoadUnsafe(ref c, (nuint)(3 * n + Lanes)));
        }

        for (var t = 0; t < k; t++)
        {
            var (b0, b1) = (Vector256.LoadUnsafe(ref b), Vector256.LoadUnsafe(ref b, Lanes));
            var x = Vector256.Create(a);
            (c00, c01) = (Vector256.FusedMultiplyAdd(x, b0, c00), Vector256.FusedMultiplyAdd(x, b1, c01));
            x = Vector256.Create(Unsafe.Add(ref a, rowStride));
            (c10, c11) = (Vector256.FusedMultiplyAdd(x, b0, c10), Vector256.FusedMultiplyAdd(x, b1, c11));
            x = Vector256.Create(Unsafe.Add(ref a, 2 * rowStride));
            (c20, c21) = (Vector256.FusedMultiplyAdd(x, b0, c20), Vector256.FusedMultiplyAdd(x, b1, c21));
            x = Vector256.Create(Unsafe.Add(ref a, 3 * rowStride));
            (c30, c31) = (Vector256.FusedMultiplyAdd(x, b0, c30), Vector256.FusedMultiplyAdd(x, b1, c31));
            a = ref Unsafe.Add(ref a, termStride);
            b = ref Unsafe.Add(ref b, n);
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, Lanes);
        c10.StoreUnsafe(ref c, (nuint)n);
        c11.StoreUnsafe(ref c, (nuint)(n + Lanes));
        c20.StoreUnsafe(ref c, (nuint)(2 * n));
        c21.StoreUnsafe(ref c, (nuint)(2 * n + Lanes));
        c30.StoreUnsafe(ref c, (nuint)(3 * n));
        c31.StoreUnsafe(ref c, (nuint)(3 * n + Lanes));
    }

    /// <summary>One row by two vectors of columns, with the same order of sums.</summary>
    private static void Strip(ref float a, int termStride, ref float b, ref float c, int k, int n, bool accumulate)
    {
        Vector256<float> low = default, high = default;
        if (accumulate) (low, high) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, Lanes));
        for (var t = 0; t < k; t++)
        {
            var x = Vector256.Create(a);
            low = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b), low);
            high = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, Lanes), high);
            a = ref Unsafe.Add(ref a, termStride);
            b = ref Unsafe.Add(ref b, n);
        }

        low.StoreUnsafe(ref c);
        high.StoreUnsafe(ref c, Lanes);
    }

    /// <summary>One row by one vector of columns, with the same order of sums.</summary>
    private static void Strip1(ref float a, int termStride, ref float b, ref float c, int k, int n, bool accumulate)
    {
        var sum = accumulate ? Vector256.LoadUnsafe(ref c) : default;
        for (var t = 0; t < k; t++)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Create(a), Vector256.LoadUnsafe(ref b), sum);
            a = ref Unsafe.Add(ref a, termStride);
            b = ref Unsafe.Add(ref b, n);
        }

        sum.StoreUnsafe(ref c);
    }

    /// <summary>One row by four vectors of columns, with the same order of sums.</summary>
    private static void Strip4(ref float a, int termStride, ref float b, ref float c, int k, int n, bool accumulate)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        if (accumulate)
        {
            (c0, c1) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, Lanes));
            (c2, c3) = (Vector256.LoadUnsafe(ref c, 2 * Lanes), Vector256.LoadUnsafe(ref c, 3 * Lanes));
        }

        for (var t = 0; t < k; t++)
        {
            var x = Vector256.Create(a);
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, Lanes), c1);
            c2 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 2 * Lanes), c2);
            c3 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 3 * Lanes), c3);
            a = ref Unsafe.Add(ref a, termStride);
            b = ref Unsafe.Add(ref b, n);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, Lanes);
        c2.StoreUnsafe(ref c, 2 * Lanes);
        c3.StoreUnsafe(ref c, 3 * Lanes);
    }

    /// <summary>One row by eight vectors of columns, with the same order of sums: enough of them to hide how long each takes.</summary>
    private static void Strip8(ref float a, int termStride, ref float b, ref float c, int k, int n, bool accumulate)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        if (accumulate)
        {
            (c0, c1) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, Lanes));
            (c2, c3) = (Vector256.LoadUnsafe(ref c, 2 * Lanes), Vector256.LoadUnsafe(ref c, 3 * Lanes));
            (c4, c5) = (Vector256.LoadUnsafe(ref c, 4 * Lanes), Vector256.LoadUnsafe(ref c, 5 * Lanes));
            (c6, c7) = (Vector256.LoadUnsafe(ref c, 6 * Lanes), Vector256.LoadUnsafe(ref c, 7 * Lanes));
        }

        for (var t = 0; t < k; t++)
        {
            var x = Vector256.Create(a);
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, Lanes), c1);
            c2 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 2 * Lanes), c2);
            c3 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 3 * Lanes), c3);
            c4 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 4 * Lanes), c4);
            c5 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 5 * Lanes), c5);
            c6 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 6 * Lanes), c6);
            c7 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, 7 * Lanes), c7);
            a = ref Unsafe.Add(ref a, termStride);
            b = ref Unsafe.Add(ref b, n);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, Lanes);
        c2.StoreUnsafe(ref c, 2 * Lanes);
        c3.StoreUnsafe(ref c, 3 * Lanes);
        c4.StoreUnsafe(ref c, 4 * Lanes);
        c5.StoreUnsafe(ref c, 5 * Lanes);
        c6.StoreUnsafe(ref c, 6 * Lanes);
        c7.StoreUnsafe(ref c, 7 * Lanes);
    }
}

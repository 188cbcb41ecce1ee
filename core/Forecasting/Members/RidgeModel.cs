using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// Online ridge regression per horizon of the change on the model scale: on how far the newest value lies from its recent means and, with
/// a season, on the changes and gaps that yesterday, the daily profile and last week show. Weighted towards recent weeks; large errors count
/// less (Huber). The equations are solved again every few outcomes.
/// </summary>
internal sealed class RidgeModel : IPointModel
{
    private const int LocalCount = 6;
    private const int SeasonalCount = 7;
    private const int SolveEvery = 6;

    /// <summary>The ten-minute mean, which the level of other days is compared with.</summary>
    private const int ComparedMean = 2;
    private const double LargestError = 3;
    private const double LocalPenalty = 6;
    private const double SeasonalPenalty = 40;
    private const double InterceptPenalty = 150;
    private const double DiagonalPenalty = 1e-3;
    private const double LargestChange = 6;
    private readonly bool _seasonal;
    private readonly double[] _keep;
    private readonly Equations[] _equations;
    private readonly double[] _scratch;

    public RidgeModel(TimeSpan[] intervals, TimeSpan halfLife, bool seasonal)
    {
        _seasonal = seasonal;
        FeatureCount = seasonal ? LocalCount + SeasonalCount : LocalCount;
        _keep = [.. intervals.Select(interval => Math.Pow(2, -interval / halfLife))];
        _equations = [.. intervals.Select(_ => new Equations(FeatureCount))];
        _scratch = new double[FeatureCount * (FeatureCount + 1) / 2];
    }

    public int FeatureCount { get; }

    private int LeastOutcomes => 3 * FeatureCount;

    public void Update(DemandState state)
    {
    }

    public double Predict(DemandState state, int knot, int steps, Span<float> features)
    {
        FillLocal(state, features);
        if (_seasonal && !FillSeasonal(state, steps, features[LocalCount..])) features[0] = float.NaN;
        var equations = _equations[knot];
        if (equations.Count < LeastOutcomes || float.IsNaN(features[0])) return double.NaN;
        var change = Dot(equations.Coefficients, features);
        var limit = LargestChange * equations.ChangeScale;
        return state.Z + Math.Clamp(change, -limit, limit);
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double change)
    {
        if (float.IsNaN(features[0])) return;
        var equations = _equations[knot];
        var error = change - Dot(equations.Coefficients, features);
        var scale = equations.ErrorScale;
        var weight = scale > 0 && Math.Abs(error) > LargestError * scale ? LargestError * scale / Math.Abs(error) : 1;
        equations.Add(features, change, error, weight, _keep[knot]);
        if (equations.Count % SolveEvery == 0 && equations.Count >= LeastOutcomes / 2) equations.Solve(_scratch, PenaltyOf);
    }

    public void Save(StateWriter writer)
    {
        foreach (var equations in _equations) equations.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        foreach (var equations in _equations) equations.Load(ref reader);
    }

    private static double PenaltyOf(int feature) =>
        feature == 0 ? InterceptPenalty : feature < LocalCount ? LocalPenalty : SeasonalPenalty;

    private static void FillLocal(DemandState state, Span<float> features)
    {
        features[0] = 1;
        features[1] = (float)(state.Z - state.PreviousZ);
        for (var i = 0; i < state.Means.Length; i++) features[2 + i] = (float)(state.Z - state.Means[i]);
    }

    private static bool FillSeasonal(DemandState state, int steps, Span<float> features)
    {
        var now = state.SeasonNow;
        if (double.IsNaN(now.Yesterday) || state.Season.Days < 1) return false;
        var then = state.Season.At(state.Newest + steps);
        var mean = state.Means[ComparedMean];
        features[0] = Known(then.Yesterday - now.Yesterday);
        features[1] = Known(then.Profile - now.Profile);
        features[2] = Known(then.LastWeek - now.LastWeek);
        features[3] = Known(then.YesterdayRaw - now.YesterdayRaw);
        features[4] = Known(now.Yesterday - mean);
        features[5] = Known(now.Profile - mean);
        features[6] = Known(now.LastWeek - mean);
        return true;
    }

    private static float Known(double value) => double.IsNaN(value) ? 0 : (float)value;

    private static double Dot(ReadOnlySpan<double> coefficients, ReadOnlySpan<float> features)
    {
        var sum = 0.0;
        for (var i = 0; i < coefficients.Length; i++) sum += coefficients[i] * features[i];
        return sum;
    }

    /// <summary>The decayed normal equations of one horizon, lower triangle by rows.</summary>
    private sealed class Equations(int size)
    {
        private readonly double[] _matrix = new double[size * (size + 1) / 2];
        private readonly double[] _right = new double[size];

        public double[] Coefficients { get; } = new double[size];

        public long Count { get; private set; }

        public double ErrorScale { get; private set; }

        public double ChangeScale { get; private set; }

        public void Add(ReadOnlySpan<float> x, double change, double error, double weight, double keep)
        {
            Count++;
            var alpha = Math.Max(1 - keep, 1.0 / Count);
            ErrorScale += alpha * (Math.Min(Math.Abs(error), Count < 30 ? double.MaxValue : 10 * ErrorScale) - ErrorScale);
            ChangeScale += alpha * (Math.Abs(change) - ChangeScale);
            var index = 0;
            for (var row = 0; row < size; row++)
            {
                var weighted = weight * x[row];
                for (var column = 0; column <= row; column++, index++) _matrix[index] = keep * _matrix[index] + weighted * x[column];
                _right[row] = keep * _right[row] + weighted * change;
            }
        }

        /// <summary>Cholesky; keeps the old coefficients if the matrix is not positive.</summary>
        public void Solve(double[] factor, Func<int, double> penalty)
        {
            var unit = Math.Max(ChangeScale * ChangeScale, 1e-12);
            for (var row = 0; row < size; row++)
            {
                var start = row * (row + 1) / 2;
                for (var column = 0; column <= row; column++)
                {
                    var other = column * (column + 1) / 2;
                    var sum = _matrix[start + column];
                    if (row == column) sum += DiagonalPenalty * sum + penalty(row) * (row == 0 ? 1 : unit);
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

        private void Substitute(double[] factor)
        {
            var x = Coefficients;
            for (var row = 0; row < size; row++)
            {
                var sum = _right[row];
                for (var k = 0; k < row; k++) sum -= factor[row * (row + 1) / 2 + k] * x[k];
                x[row] = sum / factor[row * (row + 1) / 2 + row];
            }

            for (var row = size - 1; row >= 0; row--)
            {
                var sum = x[row];
                for (var k = row + 1; k < size; k++) sum -= factor[k * (k + 1) / 2 + row] * x[k];
                x[row] = sum / factor[row * (row + 1) / 2 + row];
            }
        }
    }
}

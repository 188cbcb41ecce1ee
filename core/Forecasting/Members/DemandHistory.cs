using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// What the members at steps of a minute or more share: the newest demands and their decaying means, the seasonal memory and a bank of
/// seasonal smoothings, each on two scales: 0 the logarithm, 1 the demand in units of its size at the start.
/// </summary>
internal sealed class DemandHistory
{
    public const int Scales = 2;
    public const int Lags = 3;
    public const int Means = 4;
    private static readonly TimeSpan CoarseStep = TimeSpan.FromMinutes(5);
    private static readonly double[] FineSpans = [4, 12, 35, 100];
    private static readonly double[] CoarseSpans = [3, 6.5, 18.5, 72];
    private readonly double[] _alpha = new double[Means];
    private readonly double[] _lags = new double[Scales * (1 + Lags)];
    private readonly double[] _means = new double[Scales * Means];
    private readonly SmoothingBank[] _banks;
    private readonly SeasonalCurves[] _curves = new SeasonalCurves[Scales];
    private readonly Analogs _analogs;
    private DemandScale _logScale;

    public DemandHistory(TimeSpan step)
    {
        Step = step;
        var spans = step < CoarseStep ? FineSpans : CoarseSpans;
        for (var i = 0; i < Means; i++) _alpha[i] = Math.Min(1, 1 - Math.Exp(-(step < CoarseStep ? step / TimeSpan.FromMinutes(spans[i]) : 1 / spans[i])));
        Past = new RecentDemands(CoarseHorizons.HorizonsFor(step)[^1]);
        Season = new SeasonalMemory(step, CoarseStep);
        _analogs = new Analogs(Season);
        _banks = [new SmoothingBank(step), new SmoothingBank(step)];
    }

    public TimeSpan Step { get; }

    /// <summary>The logarithmic scale; set once, before the first update and after a load.</summary>
    public DemandScale Scale
    {
        get => _logScale;
        set
        {
            _logScale = value;
            SetCurves();
        }
    }

    /// <summary>Number of the newest known step.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>Known steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>The newest demand.</summary>
    public double Demand { get; private set; }

    public SeasonalMemory Season { get; }

    /// <summary>The demands of the last steps.</summary>
    public RecentDemands Past { get; }

    /// <summary>The newest value on a scale, then the known ones before it.</summary>
    public ReadOnlySpan<double> Recent(int scale) => _lags.AsSpan(scale * (1 + Lags), 1 + Lags);

    /// <summary>Decaying means on a scale, from short to long.</summary>
    public ReadOnlySpan<double> MeansOf(int scale) => _means.AsSpan(scale * Means, Means);

    /// <summary>What the past says of the newest step, on a scale.</summary>
    public SeasonalCurves CurvesNow(int scale) => _curves[scale];

    /// <summary>What came so many steps after stretches like the newest, as changes on the logarithm.</summary>
    public Analog Analog(int steps) => _analogs.After(Newest, _lags[0], steps);

    public SmoothingBank Bank(int scale) => _banks[scale];

    public double To(int scale, double demand) => scale == 0 ? Scale.ToModel(demand) : demand / Scale.Unit;

    public double From(int scale, double value) => scale == 0 ? Scale.ToDemand(value) : Math.Clamp(value * Scale.Unit, 0, DemandForecaster.MaxDemand);

    public void Update(long step, double demand)
    {
        var gap = Count == 0 ? 1 : (int)Math.Min(step - Newest, int.MaxValue);
        (Demand, Newest) = (demand, step);
        Count++;
        for (var scale = 0; scale < Scales; scale++)
        {
            var x = To(scale, demand);
            var lags = _lags.AsSpan(scale * (1 + Lags), 1 + Lags);
            if (Count == 1) lags.Fill(x);
            lags[..Lags].CopyTo(lags[1..]);
            lags[0] = x;
            for (var i = 0; i < Means; i++)
            {
                var alpha = gap == 1 ? _alpha[i] : 1 - Math.Pow(1 - _alpha[i], gap);
                ref var mean = ref _means[scale * Means + i];
                mean += Math.Max(alpha, 1.0 / Count) * (x - mean);
            }

            _banks[scale].Update(step, x);
        }

        Past.Add(step, demand);
        Season.Add(step, _lags[0]);
        SetCurves();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Newest);
        writer.Write(Count);
        writer.Write(Demand);
        writer.Write(_lags);
        writer.Write(_means);
        Past.Save(writer);
        Season.Save(writer);
        foreach (var bank in _banks) bank.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        Newest = reader.ReadInt64();
        Count = reader.ReadInt64();
        Demand = reader.ReadDouble();
        reader.Read(_lags);
        reader.Read(_means);
        Past.Load(ref reader);
        Season.Load(ref reader);
        foreach (var bank in _banks) bank.Load(ref reader);
        _analogs.Forget();
    }

    private void SetCurves()
    {
        if (Newest < 0) return;
        _curves[0] = Season.CurvesAt(Newest);
        _curves[1] = _curves[0].On(Scale);
    }
}

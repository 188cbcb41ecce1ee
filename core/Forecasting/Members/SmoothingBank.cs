using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// Several simple seasonal smoothings that share two tables of seasonal terms: l = α(x − s) + (1−α)l', and per table s = γ(x − l') + (1−γ)s' with the
/// level of one of them, a slow and a fast one. An additive daily season in bins of about five minutes; it begins after the first whole day, with that
/// day's deviations from its mean.
/// </summary>
internal sealed class SmoothingBank
{
    public const int Count = 5;
    private const int Tables = 2;
    private static readonly TimeSpan BinWidth = TimeSpan.FromMinutes(5);
    private const double Gamma = 0.2;

    /// <summary>The smoothing whose level teaches a table.</summary>
    private static readonly int[] Teachers = [1, 3];
    private static readonly int[] TableOf = [0, 0, 0, 1, 1];
    private static readonly double[] CoarseAlphas = [0.03, 0.1, 0.3, 0.9, 0.5];
    private static readonly double[] FineAlphas = [0.008, 0.025, 0.1, 0.5, 0.2];
    private readonly double[] _alphas;
    private readonly int _stepsPerBin;
    private readonly int _bins;
    private readonly double[] _levels = new double[Count];

    /// <summary>In half precision: their state is what costs. In the first day its means, less the first value.</summary>
    private readonly Half[] _season;
    private readonly double[] _sums = new double[Tables];
    private double _origin;
    private double _open;
    private int _openCount;
    private long _bin = -1;
    private long _first;
    private bool _isSeasonal;

    public SmoothingBank(TimeSpan step)
    {
        _alphas = step < BinWidth ? FineAlphas : CoarseAlphas;
        _stepsPerBin = (int)Math.Max(1, BinWidth.Ticks / step.Ticks);
        _bins = (int)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / (step * _stepsPerBin)));
        _season = new Half[Tables * _bins];
        Array.Fill(_season, Half.NaN, 0, _bins);
    }

    public void Update(long step, double x)
    {
        var bin = step / _stepsPerBin;
        if (_bin < 0)
        {
            Array.Fill(_levels, x);
            _origin = x;
            _first = bin;
        }

        if (bin != _bin)
        {
            CloseBin(bin);
            if (!_isSeasonal && bin - _first >= _bins) Begin(step - 1);
        }

        _openCount++;
        _open += x;
        for (var table = 0; table < Tables; table++) _sums[table] += x - _levels[Teachers[table]];
        var place = Place(step);
        for (var i = 0; i < Count; i++) _levels[i] += _alphas[i] * (x - SeasonAt(TableOf[i], place) - _levels[i]);
    }

    /// <summary>Fills what each forecasts for a step, less a value.</summary>
    public void Predict(long step, double value, Span<float> forecasts)
    {
        var place = Place(step);
        var (first, second) = (SeasonAt(0, place), SeasonAt(1, place));
        for (var i = 0; i < Count; i++) forecasts[i] = (float)(_levels[i] + (TableOf[i] == 0 ? first : second) - value);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_levels);
        writer.Write(_sums);
        writer.Write(_origin);
        writer.Write(_open);
        writer.Write(_openCount);
        writer.Write(_isSeasonal);
        writer.Write(_bin);
        writer.Write(_first);
        writer.Write(MemoryMarshal.Cast<Half, ushort>(_season));
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_levels);
        reader.Read(_sums);
        _origin = reader.ReadDouble();
        _open = reader.ReadDouble();
        _openCount = reader.ReadInt32();
        _isSeasonal = reader.ReadBoolean();
        _bin = reader.ReadInt64();
        _first = reader.ReadInt64();
        reader.Read(MemoryMarshal.Cast<Half, ushort>(_season.AsSpan()));
        if (_bin >= 0 && _openCount <= 0) throw reader.Flaw("an open bin is empty");
    }

    private (int Slot, int Next, double Share) Place(long step)
    {
        if (_stepsPerBin == 1) return ((int)(step % _bins), 0, 0);
        var day = (long)_bins * _stepsPerBin;
        var place = (step % day + 0.5) / _stepsPerBin - 0.5;
        var slot = (int)Math.Floor(place);
        return ((slot + _bins) % _bins, (slot + 1) % _bins, place - slot);
    }

    private double SeasonAt(int table, (int Slot, int Next, double Share) place)
    {
        if (!_isSeasonal) return 0;
        var left = (double)_season[table * _bins + place.Slot];
        return place.Share == 0 ? left : left + place.Share * ((double)_season[table * _bins + place.Next] - left);
    }

    private void CloseBin(long next)
    {
        if (!_isSeasonal && _openCount > 0) _season[(int)(_bin % _bins)] = Kept(_open / _openCount - _origin);
        for (var table = 0; table < Tables && _isSeasonal && _openCount > 0; table++)
        {
            ref var term = ref _season[table * _bins + (int)(_bin % _bins)];
            term = Kept((double)term + Gamma * (_sums[table] / _openCount - (double)term));
        }

        Array.Clear(_sums);
        (_bin, _open, _openCount) = (next, 0, 0);
    }

    /// <summary>After the first whole day: its deviations from its mean are the season of all.</summary>
    private void Begin(long newest)
    {
        var day = _season.AsSpan(0, _bins);
        var (sum, count) = (0.0, 0);
        foreach (var mean in day)
        {
            if (Half.IsNaN(mean)) continue;
            sum += (double)mean;
            count++;
        }

        for (var i = 0; i < _bins; i++) day[i] = Half.IsNaN(day[i]) ? Half.Zero : Kept((double)day[i] - sum / count);
        for (var table = 1; table < Tables; table++) day.CopyTo(_season.AsSpan(table * _bins));
        _isSeasonal = true;
        var place = Place(newest);
        for (var i = 0; i < Count; i++) _levels[i] -= SeasonAt(TableOf[i], place);
    }

    private static Half Kept(double value) => (Half)Math.Clamp(value, (double)Half.MinValue, (double)Half.MaxValue);
}

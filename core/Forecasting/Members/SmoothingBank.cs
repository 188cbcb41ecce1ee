using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// Several simple seasonal smoothings side by side: l = α(x − s) + (1−α)l', s = γ(x − l') + (1−γ)s', an additive daily season in bins of about five
/// minutes. The season begins after the first whole day, with that day's deviations from its mean.
/// </summary>
internal sealed class SmoothingBank
{
    public const int Count = 5;
    private static readonly TimeSpan BinWidth = TimeSpan.FromMinutes(5);
    private static readonly (double Alpha, double Gamma)[] CoarseWeights = [(0.1, 0.05), (0.3, 0.2), (0.3, 0.5), (0.6, 0.2), (0.9, 0.2)];
    private static readonly (double Alpha, double Gamma)[] FineWeights = [(0.03, 0.05), (0.1, 0.2), (0.1, 0.5), (0.3, 0.2), (0.8, 0.2)];
    private readonly (double Alpha, double Gamma)[] _weights;
    private readonly int _stepsPerBin;
    private readonly int _bins;
    private readonly double[] _levels = new double[Count];
    private readonly float[] _season;
    private readonly double[] _sums = new double[Count];
    private readonly float[] _firstDay;
    private readonly ushort[] _seen;
    private double _open;
    private int _openCount;
    private long _bin = -1;
    private long _first = -1;
    private bool _isSeasonal;

    public SmoothingBank(TimeSpan step)
    {
        _weights = step < BinWidth ? FineWeights : CoarseWeights;
        _stepsPerBin = (int)Math.Max(1, BinWidth.Ticks / step.Ticks);
        _bins = (int)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / (step * _stepsPerBin)));
        _season = new float[Count * _bins];
        _firstDay = new float[_bins];
        _seen = new ushort[_bins];
    }

    public void Update(long step, double x)
    {
        var bin = step / _stepsPerBin;
        if (_first < 0)
        {
            _first = bin;
            Array.Fill(_levels, x);
        }

        if (!_isSeasonal && bin - _first >= _bins) StartSeason(step - 1);
        if (bin != _bin) CloseBin(bin);
        _openCount++;
        _open += x;
        var (slot, next, share) = Place(step);
        for (var i = 0; i < Count; i++)
        {
            var old = _levels[i];
            _sums[i] += x - old;
            _levels[i] = old + _weights[i].Alpha * (x - SeasonAt(i, slot, next, share) - old);
        }
    }

    /// <summary>Fills the forecasts of all for one step.</summary>
    public void Predict(long step, Span<double> forecasts)
    {
        var (slot, next, share) = Place(step);
        for (var i = 0; i < Count; i++) forecasts[i] = _levels[i] + SeasonAt(i, slot, next, share);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_levels);
        writer.Write(_sums);
        writer.Write(_open);
        writer.Write(_openCount);
        writer.Write(_bin);
        writer.Write(_first);
        writer.Write(_isSeasonal);
        if (_isSeasonal)
        {
            writer.Write(_season);
            return;
        }

        writer.Write(_firstDay);
        writer.Write(_seen);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_levels);
        reader.Read(_sums);
        _open = reader.ReadDouble();
        _openCount = reader.ReadInt32();
        _bin = reader.ReadInt64();
        _first = reader.ReadInt64();
        _isSeasonal = reader.ReadBoolean();
        if (_isSeasonal)
        {
            reader.Read(_season);
            return;
        }

        reader.Read(_firstDay);
        reader.Read(_seen);
    }

    private (int Slot, int Next, double Share) Place(long step)
    {
        if (_stepsPerBin == 1) return ((int)(step % _bins), 0, 0);
        var day = (long)_bins * _stepsPerBin;
        var place = (step % day + 0.5) / _stepsPerBin - 0.5;
        var slot = (int)Math.Floor(place);
        return ((slot + _bins) % _bins, (slot + 1) % _bins, place - slot);
    }

    private double SeasonAt(int index, int slot, int next, double share)
    {
        var left = _season[index * _bins + slot];
        return share == 0 ? left : left + share * (_season[index * _bins + next] - left);
    }

    private void CloseBin(long next)
    {
        if (_openCount > 0)
        {
            var slot = (int)(_bin % _bins);
            if (_isSeasonal) Learn(slot);
            else if (_seen[slot] < ushort.MaxValue) (_firstDay[slot], _seen[slot]) = (_firstDay[slot] + (float)(_open / _openCount), (ushort)(_seen[slot] + 1));
        }

        Array.Clear(_sums);
        (_bin, _open, _openCount) = (next, 0, 0);
    }

    private void Learn(int slot)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var term = ref _season[i * _bins + slot];
            term += (float)(_weights[i].Gamma * (_sums[i] / _openCount - term));
        }
    }

    private void StartSeason(long newest)
    {
        CloseBin(newest / _stepsPerBin);
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < _bins; i++)
        {
            if (_seen[i] == 0) continue;
            _firstDay[i] /= _seen[i];
            sum += _firstDay[i];
            count++;
        }

        for (var i = 0; i < _season.Length; i++) _season[i] = _seen[i % _bins] == 0 ? 0 : (float)(_firstDay[i % _bins] - sum / count);
        _isSeasonal = true;
        var (slot, next, share) = Place(newest);
        for (var i = 0; i < Count; i++) _levels[i] -= SeasonAt(i, slot, next, share);
    }
}

using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// The last week in bins of about five minutes, and a daily profile: for each bin of the day a decaying mean over the days. On the
/// model scale; NaN is unknown. Only closed bins are read, so that nothing leaks from the open one. Once a day it looks for a cycle that fits neither
/// day nor week.
/// </summary>
internal sealed class SeasonalMemory
{
    private const double ProfileWeight = 0.3;

    /// <summary>Closed bins enter the profile this late, so that today's bins do not stand beside yesterday's in one difference.</summary>
    private const int ProfileDelayBins = 24;

    private const int SpareBins = 8;

    /// <summary>A period this near to a day, its half or a week is that, seen through noise.</summary>
    private const double NearCalendar = 0.06;
    private const double LeastStrength = 0.2;
    private readonly int _stepsPerBin;
    private readonly TimeSpan _width;
    private readonly float[] _bins;
    private readonly float[] _profile;
    private long _open = -1;
    private long _first = -1;
    private double _sum;
    private int _known;

    public SeasonalMemory(TimeSpan step, TimeSpan binWidth)
    {
        _stepsPerBin = (int)Math.Max(1, (binWidth.Ticks + step.Ticks - 1) / step.Ticks);
        _width = step * _stepsPerBin;
        BinsPerDay = (int)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / _width));
        _bins = new float[7 * BinsPerDay + SpareBins];
        _profile = new float[BinsPerDay];
        Array.Fill(_bins, float.NaN);
        Array.Fill(_profile, float.NaN);
    }

    public int BinsPerDay { get; }

    /// <summary>Days between the first and the newest bin.</summary>
    public double Days => _first < 0 ? 0 : (double)(_open - _first) / BinsPerDay;

    /// <summary>A cycle that fits neither day nor week, in bins; 0: none was found.</summary>
    public int OwnPeriod { get; private set; }

    public void Add(long step, double z)
    {
        var bin = (step + _stepsPerBin - 1) / _stepsPerBin;
        if (bin != _open) Close(bin);
        _sum += z;
        _known++;
    }

    /// <summary>The value some days before a step, smoothed over neighbouring bins and interpolated; NaN when unknown.</summary>
    public double Before(long step, int days, bool smooth)
    {
        var position = Position(step) - (double)days * BinsPerDay;
        var bin = (long)Math.Floor(position);
        var share = position - bin;
        return Blend(smooth ? Smooth(bin) : Bin(bin), share, smooth ? Smooth(bin + 1) : Bin(bin + 1));
    }

    /// <summary>The value some hours before a step, as it was; NaN when unknown or in the bin that is still open.</summary>
    public double HoursBefore(long step, int hours)
    {
        return Back(step, hours * BinsPerDay / 24.0);
    }

    /// <summary>The value some bins before a step, interpolated; NaN when unknown or in the bin that is still open.</summary>
    public double Back(long step, double bins)
    {
        var position = Position(step) - bins;
        var bin = (long)Math.Floor(position);
        return bin >= _open ? double.NaN : Blend(Bin(bin), position - bin, Bin(bin + 1));
    }

    /// <summary>How many bins so many steps are.</summary>
    public double BinsOf(int steps) => (double)steps / _stepsPerBin;

    /// <summary>What the load's own cycle says of a step and of an earlier one, both the same whole cycles before; NaN when it has none or they are unknown.</summary>
    /// <param name="step">The step that is foretold.</param>
    /// <param name="newest">The newest step.</param>
    public (double Then, double Now) Cycle(long step, long newest)
    {
        if (OwnPeriod == 0) return (double.NaN, double.NaN);
        var bins = OwnPeriod * (int)Math.Ceiling((double)(step - newest) / _stepsPerBin / OwnPeriod + 1.0 / OwnPeriod);
        return (Back(step, bins), Back(newest, bins));
    }

    /// <summary>The daily profile at a step, interpolated; NaN when unknown.</summary>
    public double Profile(long step)
    {
        var position = Position(step);
        var bin = (long)Math.Floor(position);
        return Blend(ProfileBin(bin), position - bin, ProfileBin(bin + 1));
    }

    /// <summary>What it says of one step.</summary>
    public SeasonalView At(long step) =>
        new(Before(step, 1, smooth: true), Before(step, 7, smooth: true), Before(step, 1, smooth: false), Profile(step));

    /// <summary>All that the members at steps of a minute or more ask of one step.</summary>
    public SeasonalCurves CurvesAt(long step) => new(
        Before(step, 1, smooth: true),
        Before(step, 1, smooth: false),
        Before(step, 2, smooth: false),
        Before(step, 7, smooth: true),
        Before(step, 7, smooth: false),
        Profile(step),
        HoursBefore(step, 1),
        HoursBefore(step, 2));

    public void Save(StateWriter writer)
    {
        writer.Write(_open);
        writer.Write(_first);
        writer.Write(_sum);
        writer.Write(_known);
        writer.Write(OwnPeriod);
        writer.Write(_bins);
        writer.Write(_profile);
    }

    public void Load(ref StateReader reader)
    {
        _open = reader.ReadInt64();
        _first = reader.ReadInt64();
        _sum = reader.ReadDouble();
        _known = reader.ReadInt32();
        OwnPeriod = reader.ReadInt32();
        reader.Read(_bins);
        reader.Read(_profile);
        if (_open < -1 || _first > _open || OwnPeriod < 0) throw reader.Flaw("its seasonal memory has no order");
    }

    /// <summary>Where the middle of a step lies, in bins; a bin's own middle is its number.</summary>
    private double Position(long step) => (step - 0.5) / _stepsPerBin + 0.5;

    private void Close(long next)
    {
        if (_open >= 0)
        {
            _bins[_open % _bins.Length] = (float)(_sum / _known);
            var end = Math.Min(next, _open + _bins.Length);
            for (var bin = _open; bin < end; bin++) Pass(bin);
        }
        else
        {
            _first = next;
        }

        if (_open >= 0 && next / BinsPerDay != _open / BinsPerDay) LookForCycle(next);
        _open = next;
        _sum = 0;
        _known = 0;
    }

    private void LookForCycle(long next)
    {
        var begin = Math.Max(_first, next - 7 * BinsPerDay);
        var values = new double[next - begin];
        for (var i = 0; i < values.Length; i++) values[i] = _bins[(begin + i) % _bins.Length];
        OwnPeriod = 0;
        foreach (var season in SeasonalityDetector.Detect(values, _width))
        {
            var bins = (int)(season.Period / _width);
            if (season.Strength < LeastStrength || IsOfTheDay(bins)) continue;
            OwnPeriod = bins;
            return;
        }
    }

    /// <summary>Whether day or week know a period already.</summary>
    private bool IsOfTheDay(int bins) =>
        BinsPerDay % bins == 0 || Array.Exists([BinsPerDay / 2, BinsPerDay, 7 * BinsPerDay], known => Math.Abs(bins - known) < NearCalendar * known);

    /// <summary>Moves past a closed bin: clears the slot of the next and lets an older one enter the profile.</summary>
    private void Pass(long bin)
    {
        var entering = _bins[(bin - ProfileDelayBins + _bins.Length) % _bins.Length];
        if (bin - ProfileDelayBins >= _first && !float.IsNaN(entering))
        {
            ref var slot = ref _profile[(bin - ProfileDelayBins) % BinsPerDay];
            slot = float.IsNaN(slot) ? entering : (float)(slot + ProfileWeight * (entering - slot));
        }

        _bins[(bin + 1) % _bins.Length] = float.NaN;
    }

    private float Bin(long bin) => bin >= _open || bin <= _open - _bins.Length || bin < _first ? float.NaN : _bins[(uint)bin % (uint)_bins.Length];

    private float Smooth(long bin)
    {
        var middle = Bin(bin);
        if (float.IsNaN(middle)) return middle;
        var (left, right) = (Bin(bin - 1), Bin(bin + 1));
        return 0.25f * (float.IsNaN(left) ? middle : left) + 0.5f * middle + 0.25f * (float.IsNaN(right) ? middle : right);
    }

    private float ProfileBin(long bin)
    {
        var slot = (int)((uint)bin % (uint)BinsPerDay);
        var middle = _profile[slot];
        var (left, right) = (_profile[slot == 0 ? BinsPerDay - 1 : slot - 1], _profile[slot == BinsPerDay - 1 ? 0 : slot + 1]);
        return 0.25f * (float.IsNaN(left) ? middle : left) + 0.5f * middle + 0.25f * (float.IsNaN(right) ? middle : right);
    }

    private static double Blend(float left, double share, float right)
    {
        if (float.IsNaN(left)) return right;
        return float.IsNaN(right) ? left : left + share * (right - left);
    }
}

/// <summary>What the seasonal memory says of one step; NaN where it knows nothing.</summary>
/// <param name="Yesterday">One day before, smoothed.</param>
/// <param name="LastWeek">Seven days before, smoothed.</param>
/// <param name="YesterdayRaw">One day before, as it was.</param>
/// <param name="Profile">The daily profile.</param>
internal readonly record struct SeasonalView(double Yesterday, double LastWeek, double YesterdayRaw, double Profile);

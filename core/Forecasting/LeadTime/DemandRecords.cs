using System.Numerics.Tensors;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>The greatest logarithmic demand of every quarter of an hour of the last three days: records that forecasts are held against.</summary>
internal sealed class DemandRecords
{
    private const int Days = 3;
    private const int BinsAround = 2;
    private const int BinsOfLastHour = 4;
    private static readonly TimeSpan Bin = TimeSpan.FromMinutes(15);
    private readonly int _stepsPerBin;
    private readonly long _stepsPerDay;
    private readonly float[] _bins;
    private long _newest = -1;

    public DemandRecords(TimeSpan step)
    {
        _stepsPerBin = (int)Math.Max(1, Bin / step);
        _stepsPerDay = (long)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / step));
        _bins = new float[Days * _stepsPerDay / _stepsPerBin + BinsAround + 1];
        Array.Fill(_bins, float.NegativeInfinity);
    }

    /// <summary>Adds a known step.</summary>
    public void Add(long step, double x)
    {
        var bin = step / _stepsPerBin;
        for (var passed = Math.Max(_newest, bin - _bins.Length) + 1; passed <= bin; passed++) _bins[passed % _bins.Length] = float.NegativeInfinity;
        _newest = bin;
        ref var greatest = ref _bins[bin % _bins.Length];
        greatest = Math.Max(greatest, (float)x);
    }

    /// <summary>Greatest of the last three days; minus infinity before the first.</summary>
    public float Greatest() => TensorPrimitives.Max(_bins);

    /// <summary>Greatest of the last hour, and of half an hour around a step's time of day on the three days before it.</summary>
    public float GreatestAround(long step)
    {
        var greatest = GreatestOf(_newest - BinsOfLastHour + 1, _newest);
        for (var day = 1; day <= Days; day++)
        {
            var bin = (step - day * _stepsPerDay) / _stepsPerBin;
            greatest = Math.Max(greatest, GreatestOf(bin - BinsAround, bin + BinsAround));
        }

        return greatest;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_newest);
        writer.Write(_bins);
    }

    public void Load(ref StateReader reader)
    {
        _newest = reader.ReadInt64();
        reader.Read(_bins);
        if (_newest < -1) throw reader.Flaw("its records have no order");
    }

    /// <summary>Greatest of the bins of a range that are remembered.</summary>
    private float GreatestOf(long from, long to)
    {
        var greatest = float.NegativeInfinity;
        for (var bin = Math.Max(0, Math.Max(from, _newest - _bins.Length + 1)); bin <= Math.Min(to, _newest); bin++) greatest = Math.Max(greatest, _bins[bin % _bins.Length]);
        return greatest;
    }
}

using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>What the members share: the newest value on the model scale, decaying means of several lengths, and the seasonal memory.</summary>
internal sealed class DemandState
{
    private static readonly double[] Minutes = [1, 3, 10, 30];
    private readonly double[] _alpha = new double[Minutes.Length];
    private readonly double[] _means = new double[Minutes.Length];

    public DemandState(TimeSpan step)
    {
        Step = step;
        for (var i = 0; i < Minutes.Length; i++) _alpha[i] = 1 - Math.Exp(-step / TimeSpan.FromMinutes(Minutes[i]));
        Season = new SeasonalMemory(step, TimeSpan.FromMinutes(5));
    }

    public TimeSpan Step { get; }

    /// <summary>Number of the newest known step.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>Known steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>Steps between the newest known one and the known one before it.</summary>
    public int Gap { get; private set; } = 1;

    /// <summary>The newest value.</summary>
    public double Z { get; private set; }

    /// <summary>The known value before it.</summary>
    public double PreviousZ { get; private set; }

    /// <summary>Decaying means over 1, 3, 10 and 30 minutes.</summary>
    public ReadOnlySpan<double> Means => _means;

    public SeasonalMemory Season { get; }

    /// <summary>What the seasonal memory says of the newest step.</summary>
    public SeasonalView SeasonNow { get; private set; }

    public void Update(long step, double z)
    {
        Gap = Count == 0 ? 1 : (int)Math.Min(step - Newest, int.MaxValue);
        PreviousZ = Count == 0 ? z : Z;
        Z = z;
        Newest = step;
        Count++;
        for (var i = 0; i < _means.Length; i++)
        {
            var alpha = Gap == 1 ? _alpha[i] : 1 - Math.Pow(1 - _alpha[i], Gap);
            _means[i] += Math.Max(alpha, 1.0 / Count) * (z - _means[i]);
        }

        Season.Add(step, z);
        SeasonNow = Season.At(step);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Newest);
        writer.Write(Count);
        writer.Write(Gap);
        writer.Write(Z);
        writer.Write(PreviousZ);
        writer.Write(_means);
        Season.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        Newest = reader.ReadInt64();
        Count = reader.ReadInt64();
        Gap = reader.ReadInt32();
        Z = reader.ReadDouble();
        PreviousZ = reader.ReadDouble();
        reader.Read(_means);
        Season.Load(ref reader);
        SeasonNow = Newest < 0 ? default : Season.At(Newest);
    }
}

using System.Buffers.Binary;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Grains.Tests.Models;

/// <summary>
/// A model that multiplies the newest demand: by 1.3 as the program's own, else as its artifact says, from a step on by another factor (0: it throws; NaN
/// is written as −1). Ready at once.
/// </summary>
internal sealed class ScriptedKind : IModelKind
{
    public static readonly ModelId Own = ModelId.Of("scripted", "0.1.0");

    public string Name => "scripted";

    public string? OwnVersion => "0.1.0";

    /// <summary>A version with one factor for its first steps and another afterwards.</summary>
    public static ModelArtifact Version(string version, double factor, double later = 1, int laterFrom = int.MaxValue) =>
        new() { Id = ModelId.Of("scripted", version), Parameters = [new("factor", factor), new("later", later), new("laterFrom", laterFrom)] };

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) =>
        artifact is null ? new Scripted(1.3, 1.3, int.MaxValue) : new Scripted(artifact.Parameter("factor"), artifact.Parameter("later"), artifact.Parameter("laterFrom"));

    public byte[] Save(IForecaster forecaster) => ((Scripted)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = (Scripted)Create(step, artifact);
        forecaster.Load(bytes);
        return forecaster;
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => null;

    private sealed class Scripted(double factor, double later, double laterFrom) : IForecaster
    {
        private double _last;
        private int _steps;

        public string Name => "scripted";

        public string Version => "0.1.0";

        public ForecastStatus Status => ForecastStatus.Ready;

        private double Factor => _steps < laterFrom ? factor : later;

        public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
        {
        }

        public UpdateOutcome Update(DateTimeOffset time, double? value)
        {
            _last = value ?? _last;
            _steps++;
            return Factor == 0 ? throw new InvalidOperationException("as the script says") : UpdateOutcome.Learnt;
        }

        public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values)
        {
            for (var i = 0; i < horizon * quantiles.Length; i++)
                values[i] = Factor < 0 ? float.NaN : (float)(_last * Factor * (0.9 + 0.25 * quantiles[i % quantiles.Length]));
            return ForecastStatus.Ready;
        }

        public byte[] Save()
        {
            var bytes = new byte[12];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, _last);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), _steps);
            return bytes;
        }

        public void Load(ReadOnlySpan<byte> bytes) =>
            (_last, _steps) = (BinaryPrimitives.ReadDoubleLittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
    }
}

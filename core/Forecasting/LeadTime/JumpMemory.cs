using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>The largest jumps of the last days that no forecast had foreseen.</summary>
/// <param name="mergedSteps">Steps within which what comes later belongs to the same jump.</param>
/// <param name="keptSteps">Steps for which a jump is remembered.</param>
internal sealed class JumpMemory(long mergedSteps, long keptSteps)
{
    /// <summary>Most jumps that are remembered.</summary>
    public const int Most = 32;

    private const int JumpBytes = 28;
    private readonly Jump[] _jumps = new Jump[Most];
    private int _count;

    /// <summary>What is remembered, in no order.</summary>
    public ReadOnlySpan<Jump> Jumps => _jumps.AsSpan(0, _count);

    /// <summary>Remembers a step that was not foreseen; when there is no room, the smallest jump is given up for a larger one.</summary>
    /// <param name="step">The step.</param>
    /// <param name="x">Its logarithmic demand.</param>
    /// <param name="level">Slow mean of the demand when the step was foretold.</param>
    /// <param name="height">By how much the demand exceeds what was foretold.</param>
    public void Add(long step, double x, double level, double height)
    {
        var smallest = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var jump = ref _jumps[i];
            if (step - jump.Newest <= mergedSteps)
            {
                jump = jump with { Newest = step, Peak = Math.Max(jump.Peak, (float)x), Height = Math.Max(jump.Height, (float)height) };
                return;
            }

            if (step - jump.Newest > keptSteps) jump = _jumps[--_count];
        }

        for (var i = 1; i < _count; i++)
        {
            if (_jumps[i].Height < _jumps[smallest].Height) smallest = i;
        }

        if (_count == Most && _jumps[smallest].Height >= height) return;
        _jumps[_count == Most ? smallest : _count++] = new Jump(step, step, (float)level, (float)x, (float)height);
    }

    public void CopyFrom(JumpMemory other)
    {
        other.Jumps.CopyTo(_jumps);
        _count = other._count;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        foreach (var jump in Jumps)
        {
            writer.Write(jump.Start);
            writer.Write(jump.Newest);
            writer.Write(jump.Level);
            writer.Write(jump.Peak);
            writer.Write(jump.Height);
        }
    }

    public void Load(ref StateReader reader)
    {
        var count = reader.ReadCount(JumpBytes);
        if (count > Most) throw reader.Flaw($"it remembers {count} jumps");
        for (_count = 0; _count < count; _count++)
            _jumps[_count] = new Jump(reader.ReadInt64(), reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
    }

    /// <summary>A jump.</summary>
    /// <param name="Start">Its first step.</param>
    /// <param name="Newest">Its last step so far.</param>
    /// <param name="Level">Slow mean of the logarithmic demand before it.</param>
    /// <param name="Peak">Greatest logarithmic demand.</param>
    /// <param name="Height">Most by which the demand exceeded what was foretold.</param>
    public readonly record struct Jump(long Start, long Newest, float Level, float Peak, float Height);
}

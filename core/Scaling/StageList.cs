using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling;

/// <summary>Collects the stages of one decision in order.</summary>
public sealed class StageList
{
    /// <summary>Stages of a decision that a forecast takes part in; as many need no second array.</summary>
    private const int UsualStages = 6;

    private readonly ImmutableArray<DecisionStage>.Builder _stages = ImmutableArray.CreateBuilder<DecisionStage>(UsualStages);

    /// <summary>Appends a stage.</summary>
    /// <param name="name">The stage.</param>
    /// <param name="rule">The rule that decided; null when its input passed unchanged.</param>
    /// <param name="output">Replicas after the stage; null when it has no say.</param>
    /// <param name="inputs">What it worked from.</param>
    public void Add(string name, string? rule, int? output, params ReadOnlySpan<StageValue> inputs) =>
        _stages.Add(new DecisionStage { Name = name, Rule = rule, Output = output, Inputs = ImmutableCollectionsMarshal.AsImmutableArray(inputs.ToArray()) });

    /// <summary>Gives the stages away and is empty afterwards.</summary>
    public ImmutableArray<DecisionStage> Drain() => _stages.DrainToImmutable();
}

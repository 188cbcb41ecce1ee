using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling;

/// <summary>Collects the stages of one decision in order.</summary>
public sealed class StageList
{
    private readonly ImmutableArray<DecisionStage>.Builder _stages = ImmutableArray.CreateBuilder<DecisionStage>(8);

    /// <summary>Appends a stage.</summary>
    /// <param name="name">The stage.</param>
    /// <param name="rule">The rule that decided; null when its input passed unchanged.</param>
    /// <param name="output">Replicas after the stage; null when it has no say.</param>
    /// <param name="inputs">What it worked from.</param>
    public void Add(string name, string? rule, int? output, params ReadOnlySpan<StageValue> inputs) =>
        _stages.Add(new DecisionStage { Name = name, Rule = rule, Output = output, Inputs = ImmutableCollectionsMarshal.AsImmutableArray(inputs.ToArray()) });

    /// <summary>The stages so far.</summary>
    public ImmutableArray<DecisionStage> ToImmutable() => _stages.ToImmutable();
}

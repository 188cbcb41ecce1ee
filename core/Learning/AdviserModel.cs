using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>A trained adviser. Not thread-safe: one a run, or one a grain.</summary>
public sealed class AdviserModel
{
    private readonly IActionValues _values;
    private readonly double _caution;
    private readonly string _name;

    internal AdviserModel(ModelId id, IActionValues values, double caution, bool isReleased) =>
        (Id, _values, _caution, IsReleased, _name) = (id, values, caution, isReleased, id.ToString());

    /// <summary>Name and version.</summary>
    public ModelId Id { get; }

    /// <summary>Whether it was better on demands that it had not been trained on.</summary>
    public bool IsReleased { get; }

    internal IActionValues Values => _values;

    internal double Caution => _caution;

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign, or of an adviser of another shape; the message says which.</exception>
    public static AdviserModel Load(ReadOnlySpan<byte> bytes) => Of(ModelArtifact.Load(bytes));

    /// <summary>The adviser of an artifact.</summary>
    /// <exception cref="InvalidDataException">It is another model's, or of another shape; the message says which.</exception>
    public static AdviserModel Of(ModelArtifact artifact) => AdviserArtifact.Read(artifact);

    /// <summary>The same adviser with another verdict.</summary>
    public AdviserModel With(bool isReleased) => new(Id, _values, _caution, isReleased);

    /// <summary>The artifact of it.</summary>
    /// <param name="training">What it was trained on.</param>
    /// <param name="scores">How advisers of its kind fared on demands that they had not been trained on.</param>
    public ModelArtifact ToArtifact(TrainingWindow? training, ImmutableArray<NamedValue> scores) => AdviserArtifact.Of(this, training, scores);

    /// <summary>What it says before a step.</summary>
    /// <param name="before">The state before the decision.</param>
    /// <param name="input">What the decision works from.</param>
    public Advice Advise(DecisionState before, DecisionInput input)
    {
        var known = before.Adviser is { } own && own.Model == _name ? own : null;
        if (known is { HeldSteps: > 0 and < AdviserState.MoveSteps }) return Say(known.Move, known.Advantage, isNew: false);
        if (known is null || before.Ledger is null) return Say(AdviserMove.None, 0, isNew: true);
        Span<float> room = stackalloc float[RiskCurve.Room(input.Forecast?.Quantiles.Length ?? 0)];
        var isUsable = DecisionPipeline.IsUsable(input.Forecast, input.Observation, input.Policy);
        var scene = AdviserScene.Of(input, before.Ledger, before.SaturationPerReplica, isUsable, room);
        Span<float> features = stackalloc float[AdviserFeatures.Names.Length];
        return AdviserFeatures.Fill(scene, known.With, known.Noise, features) ? Choose(features) : Say(AdviserMove.None, 0, isNew: true);
    }

    private Advice Choose(ReadOnlySpan<float> features)
    {
        Span<double> advantages = stackalloc double[_values.Actions];
        _values.Advantages(features, _caution, advantages);
        var best = 0;
        for (var a = 1; a < advantages.Length; a++)
            if (advantages[a] > advantages[best]) best = a;
        return Say(AdviserMove.All[best], advantages[best], isNew: true);
    }

    private Advice Say(AdviserMove move, double advantage, bool isNew) => new() { Model = _name, Move = move, Advantage = advantage, IsNew = isNew, IsReleased = IsReleased };
}

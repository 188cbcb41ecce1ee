using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Learning;

/// <summary>Learns advisers from experience.</summary>
public static class AdviserTraining
{
    /// <summary>Learns an adviser; it is not released.</summary>
    /// <param name="id">Its name, one of <see cref="AdviserKinds"/>, and version.</param>
    /// <param name="experience">What followed from moves.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="ArgumentException">There is no such kind, or no experience.</exception>
    public static AdviserModel Learn(ModelId id, Experience experience, LearningOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (experience.Count == 0) throw new ArgumentException("There is no experience to learn from: no forecast was ever usable.", nameof(experience));
        IActionValues values = id.Name switch
        {
            AdviserKinds.Table => QTable.Learn(StateGrid.OfAdviser, AdviserMove.All.Length, experience, options, progress, cancellationToken),
            AdviserKinds.Dqn => Committee(experience, options, progress, cancellationToken),
            _ => throw new ArgumentException($"There is no adviser '{id.Name}'; known: {AdviserKinds.Table}, {AdviserKinds.Dqn}.", nameof(id)),
        };
        return new AdviserModel(id, values, options.Caution, isReleased: false);
    }

    private static QCommittee Committee(Experience experience, LearningOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var networks = new QNetwork[options.Networks];
        for (var i = 0; i < networks.Length; i++)
        {
            networks[i] = DeepQLearning.Learn(experience, AdviserMove.All.Length, options, options.Seed + (ulong)i, null, cancellationToken);
            progress?.Report((i + 1.0) / networks.Length);
        }

        return new QCommittee([.. networks]);
    }
}

using System.Collections.Immutable;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Grains.Decisions;

/// <summary>The decision records that are kept in memory: those of the latest steps and those of the latest changes.</summary>
internal sealed class RecordBook
{
    /// <summary>Records kept of the latest steps, and as many of the latest changes.</summary>
    public const int Kept = 8;

    private readonly Queue<DecisionRecord> _steps = new(Kept);
    private readonly Queue<DecisionRecord> _changes = new(Kept);

    /// <summary>Keeps a record and lets the oldest go.</summary>
    public void Add(DecisionRecord record)
    {
        Keep(_steps, record);
        if (record.Decision.Action != ScalingAction.Hold) Keep(_changes, record);
    }

    /// <summary>Records by decision, newest first, each once.</summary>
    public ImmutableArray<DecisionRecord> Newest(int count) =>
        [.. _steps.Concat(_changes).Distinct(ReferenceEqualityComparer.Instance).Cast<DecisionRecord>().OrderByDescending(r => r.Decision.Sequence).Take(count)];

    /// <summary>The record of a decision; null when it is not kept.</summary>
    public DecisionRecord? Find(string decisionId) => _steps.Concat(_changes).FirstOrDefault(r => r.Decision.Id == decisionId);

    private static void Keep(Queue<DecisionRecord> queue, DecisionRecord record)
    {
        if (queue.Count == Kept) queue.Dequeue();
        queue.Enqueue(record);
    }
}

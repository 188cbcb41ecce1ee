namespace Orleans.Concurrency;

/// <summary>Calls of this grain class may run between each other's turns.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Calls of this method may run between the turns of any other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Calls of this method may run between the turns of other calls that are read-only too.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>A key of this grain class may have several activations at once; it keeps no state.</summary>
/// <param name="maxLocalWorkers">The most activations of a key; -1 for as many as there are processors.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : Attribute
{
    /// <summary>Allows as many activations of a key as there are processors.</summary>
    public StatelessWorkerAttribute() : this(-1)
    {
    }

    internal int MaxLocalWorkers { get; } = maxLocalWorkers;
}

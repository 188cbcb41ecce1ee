using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>State that is read before the grain is activated and written when the grain says so.</summary>
/// <typeparam name="TState">The type of the state.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Marks a constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute
{
    /// <summary>Names the state and where it is kept.</summary>
    /// <param name="stateName">Unique in the grain class.</param>
    /// <param name="storageName">The name of a storage; null for the default one.</param>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <summary>The state's name.</summary>
    public string StateName { get; }

    /// <summary>The storage's name; null for the default one.</summary>
    public string? StorageName { get; }
}

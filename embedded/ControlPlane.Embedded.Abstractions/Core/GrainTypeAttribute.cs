using Orleans.Runtime;

namespace Orleans;

/// <summary>Names a grain class in identities and storage, independent of the class's own name.</summary>
/// <param name="grainType">The name; unique in the program.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    private readonly GrainType _grainType = GrainType.Create(grainType);

    /// <summary>The name as an identity part.</summary>
    /// <param name="services">Not used.</param>
    /// <param name="type">Not used.</param>
    /// <returns>The grain type.</returns>
    public GrainType GetGrainType(IServiceProvider services, Type type) => _grainType;
}

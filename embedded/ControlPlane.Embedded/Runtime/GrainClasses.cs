using System.Reflection;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The grain classes that an engine can activate.</summary>
internal sealed class GrainClasses
{
    private static readonly Lock Gate = new();
    private static Type[]? _found;
    private static int _assemblies;

    private readonly Dictionary<GrainType, GrainClass> _byName = [];
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];
    private readonly Dictionary<string, GrainClass[]> _bySubscription = [];

    internal GrainClasses(Engine engine, IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            var grainClass = new GrainClass(engine, type);
            if (!_byName.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new InvalidOperationException(
                    $"Grain type \"{grainClass.GrainType}\" names both {_byName[grainClass.GrainType].Type} and {type}; give one of them another [GrainType].");
            }

            foreach (var face in type.GetInterfaces().Where(face => typeof(IAddressable).IsAssignableFrom(face)))
            {
                (_byInterface.TryGetValue(face, out var classes) ? classes : _byInterface[face] = []).Add(grainClass);
            }

            foreach (var space in grainClass.Subscriptions)
            {
                _bySubscription[space] = [.. _bySubscription.GetValueOrDefault(space) ?? [], grainClass];
            }
        }
    }

    /// <summary>All grain classes of the program: those of every loaded assembly that uses the Orleans API, and of those that they refer to.</summary>
    internal static Type[] FindAll()
    {
        lock (Gate)
        {
            var loaded = AppDomain.CurrentDomain.GetAssemblies();
            if (_found is null || _assemblies != loaded.Length)
            {
                _found = [.. UsersOfOrleans(loaded).SelectMany(assembly => assembly.GetTypes()).Where(IsGrainClass).OrderBy(type => type.FullName, StringComparer.Ordinal)];
                _assemblies = AppDomain.CurrentDomain.GetAssemblies().Length;
            }

            return _found;
        }
    }

    internal static bool IsGrainClass(Type type)
        => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrain).IsAssignableFrom(type) && typeof(IGrainBase).IsAssignableFrom(type);

    internal GrainClass[] SubscribersOf(string? streamNamespace)
        => streamNamespace is null ? [] : _bySubscription.GetValueOrDefault(streamNamespace) ?? [];

    internal GrainClass ByName(GrainType grainType)
        => _byName.GetValueOrDefault(grainType) ?? throw new ArgumentException($"There is no grain class of type \"{grainType}\".");

    internal GrainClass Implementing(Type face, string? classNamePrefix)
    {
        var candidates = _byInterface.GetValueOrDefault(face) ?? [];
        if (!string.IsNullOrEmpty(classNamePrefix))
        {
            candidates = [.. candidates.Where(c => c.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }

        if (candidates.Count > 1)
        {
            var byConvention = candidates.FindAll(c => face.Name == "I" + c.Type.Name);
            candidates = byConvention.Count == 1 ? byConvention : candidates;
        }

        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ArgumentException($"Could not find an implementation for interface {face}"),
            _ => throw new ArgumentException($"Several grain classes implement {face}: {string.Join(", ", candidates.Select(c => c.Type))}"),
        };
    }

    private static IEnumerable<Assembly> UsersOfOrleans(IEnumerable<Assembly> loaded)
    {
        var abstractions = typeof(Grain).Assembly.GetName().Name!;
        var seen = new Dictionary<string, Assembly>();
        var open = new Queue<Assembly>(loaded.Where(assembly => !assembly.IsDynamic));
        while (open.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (!references.Any(reference => reference.Name == abstractions) || !seen.TryAdd(assembly.FullName!, assembly))
            {
                continue;
            }

            foreach (var reference in references.Where(reference => !IsOfTheFramework(reference.Name!)))
            {
                open.Enqueue(Assembly.Load(reference));
            }
        }

        return seen.Values;
    }

    private static bool IsOfTheFramework(string name)
        => name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Microsoft", StringComparison.Ordinal) || name == "netstandard";
}

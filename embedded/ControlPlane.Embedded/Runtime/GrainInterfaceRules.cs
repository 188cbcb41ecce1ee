using System.Reflection;

namespace ControlPlane.Embedded.Runtime;

/// <summary>What a grain interface must be for its calls to work between processes too, so that no grain works here that fails there.</summary>
internal static class GrainInterfaceRules
{
    /// <summary>The interface's methods, those of its parents included, in an order that does not change.</summary>
    internal static IEnumerable<MethodInfo> Methods(Type grainInterface)
        => grainInterface.GetInterfaces().Append(grainInterface)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.IsAbstract);

    /// <summary>Throws if the interface breaks a rule.</summary>
    internal static void Check(Type grainInterface)
    {
        if (!grainInterface.IsInterface || !grainInterface.IsVisible)
        {
            throw new ArgumentException($"{grainInterface} is not a public interface.", nameof(grainInterface));
        }

        foreach (var method in Methods(grainInterface))
        {
            if (method.IsGenericMethod)
            {
                throw new ArgumentException($"{grainInterface}.{method.Name} is generic; the embedded engine has no generic grain methods.", nameof(grainInterface));
            }

            CheckReturn(method);
            foreach (var parameter in method.GetParameters())
            {
                CheckType(parameter.ParameterType, method, $"parameter {parameter.Name}");
            }
        }
    }

    private static void CheckReturn(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition != typeof(Task<>) && definition != typeof(ValueTask<>))
        {
            throw new ArgumentException($"{method.DeclaringType}.{method.Name} returns {type} instead of a task.");
        }

        CheckType(type.GetGenericArguments()[0], method, "result");
    }

    private static void CheckType(Type type, MethodInfo method, string role)
    {
        if (type.HasElementType)
        {
            CheckType(type.GetElementType()!, method, role);
            return;
        }

        foreach (var argument in type.GetGenericArguments())
        {
            CheckType(argument, method, role);
        }

        var isKnown = type.IsEnum || type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
            || typeof(IAddressable).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)
            || type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)
                || space == "Orleans" || space.StartsWith("Orleans.", StringComparison.Ordinal));
        if (!isKnown)
        {
            throw new ArgumentException($"{method.DeclaringType}.{method.Name}: the {role} has type {type}, which lacks [GenerateSerializer].");
        }
    }
}

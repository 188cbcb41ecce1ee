using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Tests.Messages;

/// <summary>What grain interfaces and grain classes must be; their messages and their stored state are walked with them.</summary>
internal sealed class GrainRules(MessageRules messages)
{
    private readonly Dictionary<string, Type> _grainTypes = [];

    public void CheckInterface(Type type)
    {
        var name = MessageRules.Name(type);
        if (!type.IsVisible) messages.Add($"{name} is not public");
        if (!typeof(IGrainWithStringKey).IsAssignableFrom(type)) messages.Add($"{name} has no string key");
        if (type.IsGenericType) messages.Add($"{name} is generic");
        if (type.GetProperties().Length > 0) messages.Add($"{name} has properties (ORLEANS0008)");
        messages.CheckAlias(type);
        var aliases = new Dictionary<string, string>();
        foreach (var method in type.GetMethods().Where(m => !m.IsSpecialName)) CheckMethod(method, $"{name}.{method.Name}", aliases);
    }

    public void CheckClass(Type type)
    {
        var name = MessageRules.Name(type);
        if (!type.IsSealed) messages.Add($"{name} is not sealed");
        if (type.GetCustomAttribute<GrainTypeAttribute>() is not { } grainType) messages.Add($"{name} has no [GrainType]");
        else if (!_grainTypes.TryAdd(Text(grainType, type), type)) messages.Add($"{name} repeats the grain type of {_grainTypes[Text(grainType, type)].Name}");
        foreach (var attribute in new[] { typeof(AliasAttribute), typeof(GenerateSerializerAttribute) })
            if (type.IsDefined(attribute, false)) messages.Add($"{name} is a grain and has [{attribute.Name[..^"Attribute".Length]}] (ORLEANS0013)");
        foreach (var method in type.GetMethods())
            if (method.IsDefined(typeof(AlwaysInterleaveAttribute), false)) messages.Add($"{name}.{method.Name}: [AlwaysInterleave] belongs on the interface (ORLEANS0001)");
        if (type.IsDefined(typeof(ImplicitStreamSubscriptionAttribute), false) && !typeof(IStreamSubscriptionObserver).IsAssignableFrom(type))
            messages.Add($"{name} subscribes to a stream and does not say what happens then");
        if (LeavesItsScheduler(type)) messages.Add($"{name} awaits with ConfigureAwait(false) (ORLEANS0014)");
        foreach (var parameter in type.GetConstructors().SelectMany(c => c.GetParameters())) CheckState(parameter, name);
    }

    /// <summary>Whether a method awaits elsewhere than on the activation: the compiler keeps every awaiter in a field.</summary>
    private static bool LeavesItsScheduler(Type type) =>
        type.GetNestedTypes(BindingFlags.NonPublic).SelectMany(nested => nested.GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance))
            .Any(field => field.FieldType.FullName?.StartsWith("System.Runtime.CompilerServices.Configured", StringComparison.Ordinal) == true);

    private static string Text(GrainTypeAttribute attribute, Type type) =>
        type.GetCustomAttributesData().First(a => a.AttributeType == attribute.GetType()).ConstructorArguments[0].Value!.ToString()!;

    private void CheckState(ParameterInfo parameter, string name)
    {
        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>)) return;
        if (!parameter.IsDefined(typeof(PersistentStateAttribute))) messages.Add($"{name}({parameter.Name}) has no [PersistentState]");
        messages.CheckUse(parameter.ParameterType.GetGenericArguments()[0], $"{name}({parameter.Name})");
    }

    private void CheckMethod(MethodInfo method, string where, Dictionary<string, string> aliases)
    {
        if (method.GetCustomAttribute<AliasAttribute>()?.Alias is not { Length: > 0 } alias) messages.Add($"{where} has no [Alias] (ORLEANS0010)");
        else if (!aliases.TryAdd(alias, where)) messages.Add($"{where} repeats the alias '{alias}' of {aliases[alias]} (ORLEANS0011)");
        if (method.IsGenericMethod) messages.Add($"{where} is generic");
        CheckResult(method.ReturnType, where);
        var parameters = method.GetParameters();
        foreach (var parameter in parameters)
        {
            if (parameter.ParameterType.IsByRef) messages.Add($"{where}({parameter.Name}) is passed by reference (ORLEANS0002)");
            else if (parameter.ParameterType != typeof(CancellationToken)) messages.CheckUse(parameter.ParameterType, $"{where}({parameter.Name})");
            else if (parameter.Position != parameters.Length - 1) messages.Add($"{where}({parameter.Name}) is a token and not last");
        }
    }

    private void CheckResult(Type type, string where)
    {
        if (type == typeof(Task)) return;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)) messages.CheckUse(type.GetGenericArguments()[0], $"{where} result");
        else messages.Add($"{where} returns {MessageRules.Name(type)}, not a task (ORLEANS0009)");
    }
}

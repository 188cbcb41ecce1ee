using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ControlPlane.Grains.Tests.Messages;

/// <summary>
/// What a type must be to go between silos and into storage: deeply immutable, and named and numbered so that versions understand each
/// other. Collects every fault; among them what Orleans' analyzers refuse.
/// </summary>
internal sealed class MessageRules
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(decimal), typeof(TimeSpan), typeof(DateTimeOffset), typeof(TimeOnly), typeof(DateOnly),
    ];

    private readonly HashSet<Type> _walked = [];
    private readonly Dictionary<string, Type> _aliases = [];
    private readonly List<string> _faults = [];

    /// <summary>Every fault so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Own types that were looked at.</summary>
    public IReadOnlyCollection<Type> Walked => _walked;

    /// <summary>A type as it stands in a message, a parameter or a result.</summary>
    public void CheckUse(Type type, string where)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) CheckUse(underlying, where);
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) CheckUse(type.GetGenericArguments()[0], where);
        else if (IsOwn(type)) CheckOwn(type, where);
        else if (!type.IsPrimitive && !type.IsEnum && !Plain.Contains(type)) _faults.Add($"{where}: {Name(type)} is neither plain nor an ImmutableArray nor an own record");
    }

    /// <summary>An alias, unique in the whole program.</summary>
    public void CheckAlias(Type type)
    {
        if (type.GetCustomAttribute<AliasAttribute>(false)?.Alias is not { Length: > 0 } alias) _faults.Add($"{Name(type)} has no [Alias] (ORLEANS0010)");
        else if (!_aliases.TryAdd(alias, type) && _aliases[alias] != type) _faults.Add($"{Name(type)} repeats the alias '{alias}' of {Name(_aliases[alias])} (ORLEANS0011)");
    }

    public void Add(string fault) => _faults.Add(fault);

    internal static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static bool IsOwn(Type type) => type.Namespace?.StartsWith("ControlPlane", StringComparison.Ordinal) == true && !type.IsArray;

    private void CheckOwn(Type type, string where)
    {
        if (!_walked.Add(type)) return;
        var name = Name(type);
        if (type.IsInterface) _faults.Add($"{where}: {name} is an interface");
        if (type.IsGenericType) _faults.Add($"{where}: {name} is generic");
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), false)) _faults.Add($"{name} has no [GenerateSerializer] (ORLEANS0005)");
        if (type.IsNestedPrivate || type.IsNestedFamily || type.IsNestedFamANDAssem) _faults.Add($"{name} is hidden from generated code (ORLEANS0107)");
        CheckAlias(type);
        if (type.IsEnum || type.IsInterface) return;
        if (!type.IsDefined(typeof(ImmutableAttribute), false)) _faults.Add($"{name} has no [Immutable]");
        if (type.IsClass && !type.IsSealed) _faults.Add($"{name} is not sealed");
        if (type.IsClass && type.GetMethod("<Clone>$") is null) _faults.Add($"{name} is not a record");
        if (type.IsValueType && !type.IsDefined(typeof(IsReadOnlyAttribute), false)) _faults.Add($"{name} is not a readonly struct");
        CheckConstructors(type, name);
        CheckMembers(type, name);
    }

    private void CheckConstructors(Type type, string name)
    {
        var chosen = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Count(c => c.CustomAttributes.Any(a => a.AttributeType.Name is "OrleansConstructorAttribute" or "GeneratedActivatorConstructorAttribute"));
        if (chosen > 1) _faults.Add($"{name} names {chosen} constructors (ORLEANS0007)");
    }

    private void CheckMembers(Type type, string name)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var ids = new Dictionary<uint, string>();
        foreach (var property in type.GetProperties(all)) CheckProperty(type, property, name, ids);
        foreach (var field in type.GetFields(all).Where(f => !f.IsDefined(typeof(CompilerGeneratedAttribute))))
        {
            CheckId(field, $"{name}.{field.Name}", ids);
            if (!field.IsInitOnly) _faults.Add($"{name}.{field.Name} can be set");
            CheckUse(field.FieldType, $"{name}.{field.Name}");
        }
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            if (member.IsDefined(typeof(IdAttribute))) _faults.Add($"{name}.{member.Name} is static and has an [Id] (ORLEANS0006)");
    }

    private void CheckProperty(Type type, PropertyInfo property, string name, Dictionary<uint, string> ids)
    {
        var where = $"{name}.{property.Name}";
        var isStored = type.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        if (!isStored)
        {
            if (property.IsDefined(typeof(IdAttribute))) _faults.Add($"{where} has an [Id] and stores nothing (ORLEANS0006)");
            return;
        }
        CheckId(property, where, ids);
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        if (!isInit) _faults.Add(property.SetMethod is null ? $"{where} cannot be initialised" : $"{where} can be set");
        CheckUse(property.PropertyType, where);
    }

    private void CheckId(MemberInfo member, string where, Dictionary<uint, string> ids)
    {
        if (member.GetCustomAttribute<IdAttribute>() is not { } id) _faults.Add($"{where} has no [Id] (ORLEANS0004)");
        else if (!ids.TryAdd(id.Id, where)) _faults.Add($"{where} repeats the id {id.Id} of {ids[id.Id]} (ORLEANS0012)");
    }
}

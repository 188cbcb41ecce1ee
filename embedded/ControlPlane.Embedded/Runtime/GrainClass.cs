using System.Reflection;
using ControlPlane.Embedded.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace ControlPlane.Embedded.Runtime;

/// <summary>A grain class in an engine: what it is called, how it behaves and how its objects are made.</summary>
internal sealed class GrainClass
{
    private readonly Engine _engine;
    private readonly ConstructorInvoker? _constructor;
    private readonly Func<Activation, object?>[] _arguments;
    private readonly Exception? _unusable;

    internal GrainClass(Engine engine, Type type)
    {
        _engine = engine;
        Type = type;
        GrainType = NameOf(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        var worker = type.GetCustomAttribute<StatelessWorkerAttribute>(inherit: true);
        MaxWorkers = worker is null ? 0 : worker.MaxLocalWorkers > 0 ? worker.MaxLocalWorkers : engine.Scheduler.DefaultWorkers;
        Subscriptions = [.. type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(inherit: true).Select(a => a.StreamNamespace).Distinct()];
        Binding = new GrainBinding(engine, this);
        _arguments = [];
        try
        {
            var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()
                ?? throw new InvalidOperationException($"{type} has no public constructor.");
            _constructor = ConstructorInvoker.Create(constructor);
            _arguments = Array.ConvertAll(constructor.GetParameters(), Argument);
        }
        catch (InvalidOperationException exception)
        {
            _unusable = exception;
        }
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool IsReentrant { get; }

    /// <summary>The most activations of a key; 0 if the class is no stateless worker.</summary>
    internal int MaxWorkers { get; }

    /// <summary>The stream namespaces that the class is subscribed to.</summary>
    internal string[] Subscriptions { get; }

    internal GrainBinding Binding { get; }

    internal static GrainType NameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named)
        {
            return named.GetGrainType(null!, type);
        }

        var name = type.Name.ToLowerInvariant();
        return GrainType.Create(name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name);
    }

    /// <summary>Makes a grain object.</summary>
    /// <exception cref="InvalidOperationException">Its constructor failed, or a service is missing.</exception>
    internal object Create(Activation activation)
    {
        if (_unusable is not null)
        {
            throw new InvalidOperationException(_unusable.Message, _unusable);
        }

        try
        {
            var arguments = new object?[_arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = _arguments[i](activation);
            }

            return _constructor!.Invoke(arguments.AsSpan());
        }
        catch (Exception exception)
        {
            var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            throw new InvalidOperationException($"Failed to create an instance of grain {Type}: {cause.Message}", cause);
        }
    }

    private Func<Activation, object?> Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return StateArgument(type, state);
        }

        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
        if (_engine.Singletons.Contains(type, key))
        {
            object? instance = null;
            return _ => instance ??= Resolve(_engine.Services, type, key, parameter);
        }

        return activation => Resolve(activation.ActivationServices, type, key, parameter);
    }

    private static object? Resolve(IServiceProvider services, Type type, object? key, ParameterInfo parameter)
    {
        var service = key is null ? services.GetService(type) : services.GetKeyedServices(type, key).LastOrDefault();
        return service ?? (parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw new InvalidOperationException($"Unable to resolve service for type '{type}' while attempting to activate '{parameter.Member.DeclaringType}'."));
    }

    private Func<Activation, object?> StateArgument(Type type, PersistentStateAttribute state)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new InvalidOperationException($"{Type}: a parameter with [PersistentState] has type {type} instead of IPersistentState<T>.");
        }

        var factory = (StateBridgeFactory)Activator.CreateInstance(
            typeof(StateBridgeFactory<>).MakeGenericType(type.GetGenericArguments()), state.StateName, _engine.Storage(state.StorageName, Type))!;
        return factory.Create;
    }
}

/// <summary>Which services are the same object for the whole process, and so need no scope of their own.</summary>
internal sealed class SingletonServices(IServiceCollection services)
{
    private readonly HashSet<(Type, object?)> _types = [.. services
        .Where(service => service.Lifetime == ServiceLifetime.Singleton)
        .Select(service => (service.ServiceType, service.ServiceKey))];

    internal bool Contains(Type type, object? key)
        => _types.Contains((type, key)) || (type.IsConstructedGenericType && _types.Contains((type.GetGenericTypeDefinition(), key)));
}

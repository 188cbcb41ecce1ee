using System.Reflection;
using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Actuation;
using ControlPlane.Grains.Catalog;
using ControlPlane.Grains.Decisions;
using ControlPlane.Grains.Healing;
using ControlPlane.Grains.Models;
using ControlPlane.Grains.Policies;
using ControlPlane.Grains.Prediction;
using ControlPlane.Grains.Services;
using ControlPlane.Grains.Teams;

namespace ControlPlane.Grains.Tests.Messages;

/// <summary>Every message, stream event and stored state of the program against the rules, and the rules against types that break them.</summary>
public sealed class MessageRulesTests
{
    private static readonly Type[] Events =
        [typeof(Observation), typeof(Forecast), typeof(AnomalyReport), typeof(PolicyChange), typeof(ScalingDecision), typeof(HealingDecision), typeof(ActuationResult)];

    private static readonly Assembly[] Program = [typeof(Observation).Assembly, typeof(IServiceGrain).Assembly, typeof(ServiceState).Assembly];

    public static TheoryData<Type, string> BadTypes => new()
    {
        { typeof(BadSamples.NoSerializer), "NoSerializer has no [GenerateSerializer]" },
        { typeof(BadSamples.NoAlias), "NoAlias has no [Alias]" },
        { typeof(BadSamples.NotImmutable), "NotImmutable has no [Immutable]" },
        { typeof(BadSamples.NotSealed), "NotSealed is not sealed" },
        { typeof(BadSamples.NotARecord), "NotARecord is not a record" },
        { typeof(BadSamples.MutableStruct), "MutableStruct is not a readonly struct" },
        { BadSamples.HiddenMessage, "Hidden is hidden from generated code" },
        { typeof(BadSamples.NoId), "NoId.Value has no [Id]" },
        { typeof(BadSamples.FieldWithoutId), "FieldWithoutId._value has no [Id]" },
        { typeof(BadSamples.SameId), "SameId.B repeats the id 1 of SameId.A" },
        { typeof(BadSamples.IdOnComputed), "IdOnComputed.Twice has an [Id] and stores nothing" },
        { typeof(BadSamples.Settable), "Settable.Value can be set" },
        { typeof(BadSamples.WithArray), "WithArray.Values: Int32[]" },
        { typeof(BadSamples.WithList), "WithList.Values: List<Int32>" },
        { typeof(BadSamples.WithInterface), "WithInterface.Values: IReadOnlyList<Int32>" },
        { typeof(BadSamples.WithDateTime), "WithDateTime.Time: DateTime" },
        { typeof(BadSamples.WithHashOrder), "WithHashOrder.Values: ImmutableDictionary<String, Int32>" },
        { typeof(BadSamples.Deep), "WithArray.Values: Int32[]" },
    };

    public static TheoryData<Type, string> BadInterfaces => new()
    {
        { typeof(BadSamples.INoAliasGrain), "INoAliasGrain has no [Alias]" },
        { typeof(BadSamples.IGuidGrain), "IGuidGrain has no string key" },
        { typeof(BadSamples.IPropertyGrain), "IPropertyGrain has properties" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.NoAlias has no [Alias]" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.Second repeats the alias 'Same' of IMethodsGrain.First" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.Returns returns Int32" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.Result result: List<Int32>" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.ByReference(value) is passed by reference" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.Parameter(values): Int32[]" },
        { typeof(BadSamples.IMethodsGrain), "IMethodsGrain.TokenFirst(cancellationToken) is a token and not last" },
        { typeof(BadSamples.IHiddenGrain), "IHiddenGrain is not public" },
    };

    [Fact]
    public void Rules_WholeProgram_HaveNoFaults()
    {
        var messages = new MessageRules();
        var grains = new GrainRules(messages);
        foreach (var type in Events) messages.CheckUse(type, "stream");
        foreach (var type in Interfaces()) grains.CheckInterface(type);
        foreach (var type in Classes()) grains.CheckClass(type);
        messages.CheckUse(typeof(DecisionRecord), "record");

        Assert.Empty(messages.Faults);
        Assert.Equal(11, Interfaces().Count());
        Assert.Equal(11, Classes().Count());
        Type[] states = [typeof(ServiceState), typeof(PredictorState), typeof(DecisionGrainState), typeof(ActuatorState), typeof(PolicyState), typeof(CatalogState), typeof(ModelRegistryState), typeof(ModelArtifactState), typeof(HealingGrainState), typeof(TeamState)];
        Assert.All(states, state => Assert.Contains(state, messages.Walked));
        Assert.True(messages.Walked.Count > 40, $"only {messages.Walked.Count} types were walked");
    }

    [Fact]
    public void Rules_EverySerializableTypeOfTheProgram_HasNoFaults()
    {
        var messages = new MessageRules();
        foreach (var type in Program.SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false))) messages.CheckUse(type, "program");

        Assert.Empty(messages.Faults);
    }

    [Theory, MemberData(nameof(BadTypes))]
    public void CheckUse_TypeThatBreaksARule_TellsIt(Type type, string fault)
    {
        var messages = new MessageRules();
        messages.CheckUse(type, "sample");

        Assert.Contains(messages.Faults, f => f.StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void CheckUse_AliasOfTwoTypes_TellsBoth()
    {
        var messages = new MessageRules();
        messages.CheckUse(typeof(BadSamples.SameAlias), "sample");
        Assert.Empty(messages.Faults);
        messages.CheckUse(typeof(BadSamples.SameAliasAgain), "sample");

        Assert.Equal("SameAliasAgain repeats the alias 'bad.NoAlias.Inner' of SameAlias (ORLEANS0011)", Assert.Single(messages.Faults));
    }

    [Theory, MemberData(nameof(BadInterfaces))]
    public void CheckInterface_InterfaceThatBreaksARule_TellsIt(Type type, string fault)
    {
        var messages = new MessageRules();
        new GrainRules(messages).CheckInterface(type);

        Assert.Contains(messages.Faults, f => f.StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void CheckClass_ClassesThatBreakRules_TellsThem()
    {
        var messages = new MessageRules();
        var grains = new GrainRules(messages);
        foreach (var type in new[] { typeof(BadSamples.UnnamedGrain<>), typeof(BadSamples.AliasedGrain<>), typeof(BadSamples.SameTypeGrain<>), typeof(BadSamples.AwaitsElsewhereGrain<>) }) grains.CheckClass(type);

        string[] faults =
        [
            "UnnamedGrain<T> is not sealed", "UnnamedGrain<T> has no [GrainType]", "UnnamedGrain<T>.Get: [AlwaysInterleave]", "AliasedGrain<T> is a grain and has [Alias]",
            "AliasedGrain<T> is a grain and has [GenerateSerializer]", "AliasedGrain<T> subscribes to a stream", "WithList.Values: List<Int32>",
            "SameTypeGrain<T> repeats the grain type", "AwaitsElsewhereGrain<T> awaits with ConfigureAwait(false)",
        ];
        Assert.All(faults, fault => Assert.Contains(messages.Faults, f => f.StartsWith(fault, StringComparison.Ordinal)));
    }

    private static IEnumerable<Type> Interfaces() => typeof(IServiceGrain).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t));

    private static IEnumerable<Type> Classes() => typeof(ServiceState).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(Grain).IsAssignableFrom(t));
}

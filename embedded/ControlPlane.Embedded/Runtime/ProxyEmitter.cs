using System.Reflection;
using System.Reflection.Emit;
using Orleans.Concurrency;

namespace ControlPlane.Embedded.Runtime;

/// <summary>Makes, once a process and grain interface, a proxy class and a request class for each of its methods.</summary>
internal static class ProxyEmitter
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<Type, Func<GrainBinding, GrainId, GrainReference>> Made = [];

    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("ControlPlane.Embedded.Proxies"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("main");

    /// <summary>The function that makes proxies of a grain interface.</summary>
    internal static Func<GrainBinding, GrainId, GrainReference> For(Type grainInterface)
    {
        lock (Gate)
        {
            if (!Made.TryGetValue(grainInterface, out var make))
            {
                GrainInterfaceRules.Check(grainInterface);
                Made.Add(grainInterface, make = Emit(grainInterface));
            }

            return make;
        }
    }

    private static Func<GrainBinding, GrainId, GrainReference> Emit(Type grainInterface)
    {
        Type[] arguments = [typeof(GrainBinding), typeof(GrainId)];
        var proxy = Module.DefineType($"Proxy{Made.Count}.{grainInterface.FullName}", TypeAttributes.Sealed | TypeAttributes.Public, typeof(EmbeddedGrainReference), [grainInterface]);
        var constructor = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, arguments);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(EmbeddedGrainReference).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, arguments)!);
        il.Emit(OpCodes.Ret);
        var number = 0;
        foreach (var method in GrainInterfaceRules.Methods(grainInterface))
        {
            EmitMethod(proxy, method, $"Request{Made.Count}_{number++}.{grainInterface.FullName}.{method.Name}");
        }

        var create = proxy.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), arguments);
        il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return proxy.CreateType().GetMethod("Create")!.CreateDelegate<Func<GrainBinding, GrainId, GrainReference>>();
    }

    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, string requestName)
    {
        var types = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        var result = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments() : [];
        var isValueTask = method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal);
        var (request, fields) = EmitRequest(method, types, result, isValueTask, requestName);
        var send = typeof(EmbeddedGrainReference).GetMethod("Send", result.Length, BindingFlags.NonPublic | BindingFlags.Instance, null,
            [result.Length == 0 ? typeof(CallRequest) : typeof(CallRequest<>).MakeGenericType(Type.MakeGenericMethodParameter(0))], null)!;
        var body = proxy.DefineMethod($"{method.DeclaringType!.FullName}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual, method.ReturnType, types);
        var il = body.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, request);
        for (var i = 0; i < types.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            il.Emit(OpCodes.Stfld, fields[i]);
        }

        il.Emit(OpCodes.Call, result.Length == 0 ? send : send.MakeGenericMethod(result));
        if (isValueTask)
        {
            il.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([result.Length == 0 ? typeof(Task) : typeof(Task<>).MakeGenericType(result)])!);
        }

        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(body, method);
    }

    private static (ConstructorInfo Constructor, FieldInfo[] Fields) EmitRequest(MethodInfo method, Type[] types, Type[] result, bool isValueTask, string name)
    {
        var parent = result.Length == 0 ? typeof(CallRequest) : typeof(CallRequest<>).MakeGenericType(result);
        var request = Module.DefineType(name, TypeAttributes.Sealed | TypeAttributes.Public, parent);
        var traits = (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? RequestTraits.AlwaysInterleave : RequestTraits.None)
            | (method.IsDefined(typeof(ReadOnlyAttribute)) ? RequestTraits.ReadOnly : RequestTraits.None);
        var il = request.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldstr, method.Name);
        il.Emit(OpCodes.Ldc_I4, (int)traits);
        il.Emit(OpCodes.Call, parent.GetConstructors(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)[0]);
        il.Emit(OpCodes.Ret);
        var invoke = request.DefineMethod("Invoke", MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(Task), [typeof(object)]);
        il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        for (var i = 0; i < types.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, request.DefineField($"Argument{i}", types[i], FieldAttributes.Public));
        }

        il.Emit(OpCodes.Callvirt, method);
        if (isValueTask)
        {
            var local = il.DeclareLocal(method.ReturnType);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }

        il.Emit(OpCodes.Ret);
        var type = request.CreateType();
        return (type.GetConstructor([])!, Array.ConvertAll([.. Enumerable.Range(0, types.Length)], i => type.GetField($"Argument{i}")!));
    }
}

using System.Text.Json;
using ControlPlane.Core;
using ControlPlane.Embedded.Storage;

namespace ControlPlane.Grains.Tests.Compatibility;

/// <summary>One kind of stored JSON with a value that sets every member.</summary>
public abstract class StoredSample(Type type, string version)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    public Type Type { get; } = type;

    public string Alias { get; } = ((AliasAttribute)type.GetCustomAttributes(typeof(AliasAttribute), false)[0]).Alias;

    /// <summary>The version of the program that wrote the golden file.</summary>
    public string Version { get; } = version;

    public string FileName => $"{Alias}.{Version}.json";

    public string Golden => File.ReadAllText(Path.Combine(Folder, FileName));

    /// <summary>The value as it is stored.</summary>
    public abstract string Write();

    /// <summary>The canonical bytes of what stored JSON reads into.</summary>
    public abstract string Read(string json);

    /// <summary>The canonical bytes of the value.</summary>
    public abstract string Canonical();

    /// <summary>The canonical bytes of a value without any stored member; null where members are required.</summary>
    public abstract string? Default();

    public override string ToString() => FileName;
}

/// <summary>A sample that is stored as grain state, or written as a decision record.</summary>
public sealed class StoredSample<T>(T value, bool isRecord = false) : StoredSample(typeof(T), "0.1.0")
    where T : class
{
    private static readonly JsonGrainStorageSerializer Storage = new();

    public override string Write() => isRecord ? JsonSerializer.Serialize(value, CoreJson.Options) : Storage.Serialize(value).ToString();

    public override string Read(string json) =>
        Text((isRecord ? JsonSerializer.Deserialize<T>(json, CoreJson.Options) : Storage.Deserialize<T>(BinaryData.FromString(json)))!);

    public override string Canonical() => Text(value);

    public override string? Default() => isRecord ? null : Read("{}");

    private static string Text(T value) => System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(value));
}

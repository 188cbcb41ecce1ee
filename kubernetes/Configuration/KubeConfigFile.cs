using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ControlPlane.Kubernetes;

/// <summary>One kubeconfig file as it was read.</summary>
internal sealed class KubeConfigFile
{
    private readonly YamlMappingNode _root;

    private KubeConfigFile(string path, YamlMappingNode root) => (Path, _root) = (path, root);

    public string Path { get; }

    public string? CurrentContext => KubeConfigEntry.Scalar(_root, "current-context");

    public static KubeConfigFile Read(string path)
    {
        try
        {
            using var reader = new StringReader(File.ReadAllText(path));
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? new KubeConfigFile(path, root)
                : throw Fault(path, "it is not a mapping");
        }
        catch (YamlException e)
        {
            throw Fault(path, $"line {e.Start.Line}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"it cannot be read: {e.Message}", e);
        }
    }

    public KubeConfigEntry? Find(string list, string name, string member)
    {
        if (!_root.Children.TryGetValue(new YamlScalarNode(list), out var node) || node is not YamlSequenceNode entries) return null;
        foreach (var entry in entries.OfType<YamlMappingNode>())
        {
            if (KubeConfigEntry.Scalar(entry, "name") != name) continue;
            return entry.Children.TryGetValue(new YamlScalarNode(member), out var body) && body is YamlMappingNode mapping
                ? new KubeConfigEntry(Path, $"{member} '{name}'", mapping)
                : throw Fault(Path, $"{member} '{name}' has no member {member}");
        }

        return null;
    }

    public static KubernetesException Fault(string path, string message, Exception? inner = null) =>
        new(KubernetesFailure.Configuration, $"kubeconfig {path}: {message}", inner);
}

/// <summary>One context, cluster or user of a kubeconfig.</summary>
internal sealed class KubeConfigEntry(string file, string name, YamlMappingNode node)
{
    public string? Text(string member) => Scalar(node, member);

    public bool Has(string member) => node.Children.ContainsKey(new YamlScalarNode(member));

    public bool Flag(string member) => Text(member) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Fault($"{member} is '{text}': it must be true or false"),
    };

    public string Require(string member) => Text(member) ?? throw Fault($"{member} is missing");

    /// <summary>A path, relative to the kubeconfig's folder as kubectl has it.</summary>
    public string? FilePath(string member) =>
        Text(member) is { } path ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "", path) : null;

    /// <summary>PEM text from <c>member-data</c> (base64) or from the file that <c>member</c> names; the data wins.</summary>
    public string? Pem(string member)
    {
        try
        {
            if (Text(member + "-data") is { } data) return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            return FilePath(member) is { } path ? File.ReadAllText(path) : null;
        }
        catch (FormatException e)
        {
            throw Fault($"{member}-data is not base64", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault($"{member} cannot be read: {e.Message}", e);
        }
    }

    public ExecCommand? Exec()
    {
        if (!node.Children.TryGetValue(new YamlScalarNode("exec"), out var body)) return null;
        if (body is not YamlMappingNode exec) throw Fault("exec is not a mapping");
        var command = Scalar(exec, "command") ?? throw Fault("exec.command is missing");
        if (command.Contains('/')) command = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "", command);
        var args = Sequence(exec, "args").OfType<YamlScalarNode>().Select(a => a.Value ?? "");
        var environment = Sequence(exec, "env").OfType<YamlMappingNode>()
            .Select(e => KeyValuePair.Create(Scalar(e, "name") ?? throw Fault("exec.env has an entry without a name"), Scalar(e, "value") ?? ""));
        return new ExecCommand(command, [.. args], [.. environment], Scalar(exec, "apiVersion") ?? "client.authentication.k8s.io/v1");
    }

    public KubernetesException Fault(string message, Exception? inner = null) => KubeConfigFile.Fault(file, $"{name}: {message}", inner);

    public static string? Scalar(YamlMappingNode node, string member) =>
        node.Children.TryGetValue(new YamlScalarNode(member), out var value) && value is YamlScalarNode { Value: { Length: > 0 } text } && text != "null" ? text : null;

    private static IEnumerable<YamlNode> Sequence(YamlMappingNode node, string member) =>
        node.Children.TryGetValue(new YamlScalarNode(member), out var value) && value is YamlSequenceNode sequence ? sequence.Children : [];
}

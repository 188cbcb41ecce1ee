namespace ControlPlane.Simulation.Hosting;

/// <summary>Writes kubeconfig files for simulated clusters.</summary>
public static class Kubeconfig
{
    /// <summary>The text of a kubeconfig whose only context reaches a cluster without credentials.</summary>
    public static string For(string url, string name = "simulated")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: "{name}"
              cluster:
                server: "{url}"
            users:
            - name: "{name}"
              user: {"{}"}
            contexts:
            - name: "{name}"
              context:
                cluster: "{name}"
                user: "{name}"
                namespace: default
            current-context: "{name}"

            """;
    }

    /// <summary>Writes a kubeconfig and gives its full path back.</summary>
    public static string Write(string path, string url, string name = "simulated")
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(full, For(url, name));
        return full;
    }
}

using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>What a kubeconfig says about a command that prints credentials.</summary>
internal sealed record ExecCommand(string Command, IReadOnlyList<string> Args, IReadOnlyList<KeyValuePair<string, string>> Environment, string ApiVersion);

/// <summary>
/// A token printed by a command (<c>client.authentication.k8s.io</c> ExecCredential), kept until it expires or is refused. Callers at the
/// same time share one run. Needs a real process, so it is for real time only.
/// </summary>
internal sealed class ExecToken(ExecCommand command, TimeProvider time) : IBearerTokenSource
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewEarly = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private Task<Credential>? _current;

    public async ValueTask<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        Task<Credential> run;
        lock (_lock)
        {
            if (_current is null or { IsFaulted: true } or { IsCanceled: true } || HasExpired(_current)) _current = RunAsync();
            run = _current;
        }

        return (await run.WaitAsync(cancellationToken).ConfigureAwait(false)).Token;
    }

    public bool Invalidate()
    {
        lock (_lock) _current = null;
        return true;
    }

    private bool HasExpired(Task<Credential> task) =>
        task.IsCompletedSuccessfully && task.Result.Expires is { } expires && expires - RenewEarly <= time.GetUtcNow();

    private async Task<Credential> RunAsync()
    {
        using var timeout = new CancellationTokenSource(CommandTimeout, time);
        using var process = Start();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token).ConfigureAwait(false);
            var error = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? Parse(output) : throw Fault($"ended with code {process.ExitCode}: {error.Trim()}", null);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw Fault($"did not end within {CommandTimeout.TotalSeconds:0} s", e);
        }
    }

    private Process Start()
    {
        var info = new ProcessStartInfo(command.Command, command.Args) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in command.Environment) info.Environment[name] = value;
        info.Environment["KUBERNETES_EXEC_INFO"] = $$$"""{"apiVersion":"{{{command.ApiVersion}}}","kind":"ExecCredential","spec":{"interactive":false}}""";
        try
        {
            return Process.Start(info) ?? throw Fault("did not start", null);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Fault($"cannot be started: {e.Message}", e);
        }
    }

    private Credential Parse(string output)
    {
        try
        {
            var status = JsonSerializer.Deserialize<ExecCredential>(output, KubernetesJson.Options)?.Status;
            if (status?.Token is { Length: > 0 } token) return new Credential(token, status.ExpirationTimestamp);
            throw Fault("printed no status.token (client certificates from a command are not supported)", null);
        }
        catch (JsonException e)
        {
            throw Fault($"printed no ExecCredential: {e.Message}", e);
        }
    }

    private KubernetesException Fault(string what, Exception? inner) =>
        new(KubernetesFailure.Configuration, $"the kubeconfig's credential command '{command.Command}' {what}", inner);

    private sealed record Credential(string Token, DateTimeOffset? Expires);

    private sealed record ExecCredential(ExecCredentialStatus? Status = null);

    private sealed record ExecCredentialStatus(string? Token = null, DateTimeOffset? ExpirationTimestamp = null);
}

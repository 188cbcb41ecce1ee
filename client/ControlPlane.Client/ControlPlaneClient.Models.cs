using System.Net.Http.Headers;

namespace ControlPlane.Client;

/// <summary>Model versions. What changes who forecasts needs the silo's admin token in the client's <c>Authorization</c> header.</summary>
public sealed partial class ControlPlaneClient
{
    /// <summary>Every version, the trial that runs, and the newest changes.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<ModelList> GetModelsAsync(CancellationToken cancellationToken = default) => GetAsync<ModelList>("api/v1/models", cancellationToken);

    /// <summary>One version.</summary>
    /// <param name="id">The version as <c>name/version</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<ModelDetails> GetModelAsync(string id, CancellationToken cancellationToken = default) => GetAsync<ModelDetails>($"api/v1/models/{id}", cancellationToken);

    /// <summary>The artifact of a version.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown, without an artifact, or unreachable.</exception>
    public async Task<byte[]> ExportModelAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await SendCoreAsync(HttpMethod.Get, $"api/v1/models/{id}/artifact", null, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Registers an artifact.</summary>
    /// <param name="artifact">Its bytes.</param>
    /// <param name="isChallenger">Whether it is to have a trial against the champion.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version as <c>name/version</c>.</returns>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<string> ImportModelAsync(byte[] artifact, bool isChallenger = true, CancellationToken cancellationToken = default)
    {
        var content = new ByteArrayContent(artifact);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return ChangeAsync(HttpMethod.Post, $"api/v1/models?challenge={(isChallenger ? "true" : "false")}", content, cancellationToken);
    }

    /// <summary>Makes a version the champion.</summary>
    /// <returns>The version as <c>name/version</c>.</returns>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<string> PromoteModelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, $"api/v1/models/{id}/promote?reason={Uri.EscapeDataString(reason)}", null, cancellationToken);

    /// <summary>Lets a version that is not in use have a trial.</summary>
    /// <returns>The version as <c>name/version</c>.</returns>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<string> ChallengeModelAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, $"api/v1/models/{id}/challenge", null, cancellationToken);

    /// <summary>Brings the former champion back.</summary>
    /// <returns>The champion as <c>name/version</c>.</returns>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<string> RollBackModelAsync(string reason, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, $"api/v1/models/rollback?reason={Uri.EscapeDataString(reason)}", null, cancellationToken);

    /// <summary>Begins to train a model on the services' own windows.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<TrainingReport> TrainModelAsync(string name, CancellationToken cancellationToken = default) => TrainingAsync(HttpMethod.Post, name, cancellationToken);

    /// <summary>Asks a training to stop.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<TrainingReport> CancelTrainingAsync(string name, CancellationToken cancellationToken = default) => TrainingAsync(HttpMethod.Delete, name, cancellationToken);

    /// <summary>How a training stands.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<TrainingReport> GetTrainingAsync(string name, CancellationToken cancellationToken = default) => TrainingAsync(HttpMethod.Get, name, cancellationToken);

    private async Task<TrainingReport> TrainingAsync(HttpMethod method, string name, CancellationToken cancellationToken)
    {
        using var response = await SendCoreAsync(method, $"api/v1/models/{name}/training", null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<TrainingReport>(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> ChangeAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await SendCoreAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        return (await ReadAsync<ChangeAnswer>(response, cancellationToken).ConfigureAwait(false)).Model;
    }

    private sealed record ChangeAnswer(string Model);
}

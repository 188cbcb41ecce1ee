using Orleans.Runtime;

namespace ControlPlane.Contract.Tests.State;

[GenerateSerializer]
[Alias("contract.Notes")]
public sealed record Notes
{
    [Id(0)]
    public string Text { get; init; } = string.Empty;

    [Id(1)]
    public int Number { get; init; }
}

[Alias("contract.INotesGrain")]
public interface INotesGrain : IGrainWithStringKey
{
    /// <summary>The text as it was when the grain came to life.</summary>
    Task<string> TextAtActivation();

    Task<(string Text, bool Exists, bool HasEtag)> Read();

    Task Write(string text);

    Task Clear();

    Task Refresh();

    Task End();

    Task<string> ReadElsewhere();
}

[GrainType("contract-notes")]
public sealed class NotesGrain([PersistentState("notes", "probe")] IPersistentState<Notes> notes) : NotesGrainBase(notes);

[GrainType("contract-kept-notes")]
public sealed class KeptNotesGrain([PersistentState("notes", "memory")] IPersistentState<Notes> notes) : NotesGrainBase(notes);

public abstract class NotesGrainBase(IPersistentState<Notes> notes) : Grain, INotesGrain
{
    private string? _atActivation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _atActivation = notes.State.Text;
        Probe.Of(this.GetPrimaryKeyString()).Add("activated");
        return Task.CompletedTask;
    }

    public Task<string> TextAtActivation() => Task.FromResult(_atActivation!);

    public Task<(string Text, bool Exists, bool HasEtag)> Read() => Task.FromResult((notes.State.Text, notes.RecordExists, notes.Etag is not null));

    public Task Write(string text)
    {
        notes.State = notes.State with { Text = text };
        return notes.WriteStateAsync();
    }

    public Task Clear() => notes.ClearStateAsync();

    public Task Refresh() => notes.ReadStateAsync();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<string> ReadElsewhere()
        => await Task.Factory.StartNew(() => notes.State.Text, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);
}

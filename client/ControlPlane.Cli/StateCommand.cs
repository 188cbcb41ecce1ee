using System.CommandLine;
using ControlPlane.Silo.State;

namespace ControlPlane.Cli;

/// <summary><c>controlplane state</c>: everything that the control plane knows, as a file: for back-up and for moving to another store.</summary>
internal static class StateCommand
{
    private const string TokenVariable = "CONTROLPLANE_ADMIN_TOKEN";

    private static readonly Argument<string> Source = new("SOURCE") { Description = "Folder of a silo that is stopped, or address of one that runs: http://HOST:PORT." };
    private static readonly Argument<FileInfo> Target = new("FILE") { Description = "File to write." };
    private static readonly Argument<FileInfo> Imported = new("FILE") { Description = "File that 'state export' wrote." };
    private static readonly Argument<string> Into = new("TARGET") { Description = "Folder of a silo that is stopped, or address of one of a cluster: http://HOST:PORT." };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace other states that the target holds, though they may be newer." };
    private static readonly Option<string?> Token = new("--token") { Description = $"Admin token of the silo (ControlPlane:AdminToken). Default: the variable {TokenVariable}." };

    public static Command Make()
    {
        var export = new Command("export", "Write every service's registration, policy, models and decisions to a file.") { Source, Target, Token };
        export.Run(ExportAsync);
        var import = new Command("import", "Bring a file's states into a folder or a cluster; refuses to replace other states there.") { Imported, Into, Force, Token };
        import.Run(ImportAsync);
        return new Command("state", "Back up the control plane's state, or move it to another store.") { export, import };
    }

    private static async Task<int> ExportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (source, target) = (parsed.GetValue(Source)!, parsed.GetValue(Target)!);
        if (target.Directory is { Exists: false } folder) throw new CommandException($"there is no folder {folder}");
        // Under another name first: a file of the right name is whole.
        var partial = target.FullName + ".part";
        try
        {
            if (SiloAddress.TryParse(source) is { } silo) await silo.ExportAsync(parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable), partial, cancellationToken);
            else await ExportFolderAsync(source, partial, cancellationToken);
            var count = await VerifyAsync(partial, source, cancellationToken);
            File.Move(partial, target.FullName, overwrite: true);
            Console.WriteLine($"{count} states of {source} in {target}");
            return 0;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static async Task<int> ImportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (file, into, force) = (parsed.GetValue(Imported)!, parsed.GetValue(Into)!, parsed.GetValue(Force));
        if (!file.Exists) throw new CommandException($"there is no file {file}");
        await VerifyAsync(file.FullName, file.ToString(), cancellationToken);
        var result = SiloAddress.TryParse(into) is { } silo
            ? await silo.ImportAsync(parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable), file.FullName, force, cancellationToken)
            : await ImportFolderAsync(into, file.FullName, force, cancellationToken);
        Console.WriteLine($"{result.Imported} states imported into {into}, {result.Unchanged} were there already");
        return 0;
    }

    private static async Task ExportFolderAsync(string folder, string file, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new CommandException($"there is no folder '{folder}' (the address of a silo starts with http:// or https://)");
        if (!File.Exists(Path.Combine(folder, "grains.log"))) throw new CommandException($"the folder '{folder}' holds no state: there is no grains.log in it");
        using var store = OpenFolder(folder);
        await using var target = File.Create(file);
        await StateFile.WriteAsync(target, store.ExportAsync(cancellationToken), TimeProvider.System.GetUtcNow(), cancellationToken);
    }

    private static async Task<ImportResult> ImportFolderAsync(string folder, string file, bool force, CancellationToken cancellationToken)
    {
        using var store = OpenFolder(folder);
        try
        {
            return await StateImport.RunAsync(store, file, force, cancellationToken);
        }
        catch (StateConflictException e)
        {
            throw new CommandException($"{folder}: {e.Message}");
        }
    }

    private static FolderStateStore OpenFolder(string folder)
    {
        try
        {
            return FolderStateStore.Open(folder);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static async Task<int> VerifyAsync(string file, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await StateFile.VerifyAsync(file, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{name}: {e.Message}");
        }
    }
}

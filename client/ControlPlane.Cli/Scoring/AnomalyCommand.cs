using System.CommandLine;

namespace ControlPlane.Cli.Scoring;

/// <summary><c>controlplane score anomaly</c>: how well the detectors find labelled anomalies, measured so that anyone can repeat it.</summary>
internal static class AnomalyCommand
{
    private static readonly Option<DirectoryInfo?> Nab = new("--nab") { Description = "The Numenta Anomaly Benchmark's data: one folder a category with CSV files (timestamp, value).", HelpName = "DIR" };
    private static readonly Option<FileInfo?> Windows = new("--windows") { Description = "With --nab: its anomaly windows, JSON.", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Profiles = new("--profiles") { Description = "With --nab: its application profiles, JSON.", HelpName = "FILE" };
    private static readonly Option<DirectoryInfo?> Asd = new("--asd") { Description = "Application Server Dataset, 5 minutes a row: NAME_train.csv.gz, NAME_test.csv.gz and NAME_interpretation.txt.", HelpName = "DIR" };
    private static readonly Option<DirectoryInfo?> Smd = new("--smd") { Description = "Server Machine Dataset, 1 minute a row: the same files.", HelpName = "DIR" };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var anomaly = new Command("anomaly", "Score anomaly detection on labelled data.") { Nab, Windows, Profiles, Asd, Smd, Format };
        anomaly.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return anomaly;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken) => (parsed.GetValue(Nab), parsed.GetValue(Asd), parsed.GetValue(Smd)) switch
    {
        ({ } nab, null, null) => ScoreNab(parsed, nab, cancellationToken),
        (null, { } asd, null) => ScoreServers(parsed, asd, TimeSpan.FromMinutes(5), cancellationToken),
        (null, null, { } smd) => ScoreServers(parsed, smd, TimeSpan.FromMinutes(1), cancellationToken),
        _ => throw new CommandException("score anomaly: name the data, one of --nab DIR, --asd DIR and --smd DIR"),
    };

    private static int ScoreNab(ParseResult parsed, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Windows) is not { } windows) throw new CommandException("--nab: say where the anomaly windows are, --windows FILE");
        if (parsed.GetValue(Profiles) is not { } profiles) throw new CommandException("--nab: say where the profiles are, --profiles FILE");
        var data = AnomalyNab.Read(folder, windows, profiles);
        if (data.Missing > 0) Console.Error.WriteLine($"{data.Missing} of the files with windows are not in {folder.FullName}; the others are scored");
        var report = ProgressBar.Show("detection", IsTable(parsed), progress => data.Score(IsTable(parsed), progress, cancellationToken));
        if (IsTable(parsed)) AnomalyTables.Print(report);
        else Console.WriteLine(report.ToJson());
        return 0;
    }

    private static int ScoreServers(ParseResult parsed, DirectoryInfo folder, TimeSpan step, CancellationToken cancellationToken)
    {
        var servers = AnomalyServer.ReadAll(folder);
        string[] detectors = IsTable(parsed) ? [.. AnomalyServers.Detectors] : [AnomalyServers.Combination];
        var rows = ProgressBar.Show("detection", IsTable(parsed), progress => AnomalyServers.Score(servers, step, detectors, progress, cancellationToken));
        if (IsTable(parsed)) AnomalyTables.Print($"{servers.Count} servers, {servers.Sum(s => s.Segments.Count)} anomalies", rows);
        else Console.WriteLine(rows[^1].ToJson());
        return 0;
    }

    private static bool IsTable(ParseResult parsed) => parsed.GetValue(Format) == "table";
}

using System.Globalization;
using ControlPlane.Client;
using Spectre.Console;

namespace ControlPlane.Cli.Demo;

/// <summary>What a person sees of the demo: a live table on a terminal, lines elsewhere, a comparison at the end.</summary>
internal sealed class DemoScreen(IReadOnlyList<DemoService> services, double speed, string clusterUrl, string siloUrl)
{
    private DateTimeOffset _nextLine = DemoScenario.Start;

    public void Introduce()
    {
        Console.WriteLine($"ControlPlane demo: {services.Count} services under recorded traffic at {speed:0.#} times real time");
        foreach (var service in services) Console.WriteLine($"  {service.Name,-8} {service.Story}; a pod starts in {service.Profile.Startup.Median.TotalSeconds:0} s");
        Console.WriteLine($"cluster   kubectl --server {clusterUrl} -n {DemoService.Namespace} get deployments -w");
        Console.WriteLine($"API       curl {siloUrl}/api/v1/services/{services[0].Id}");
        Console.WriteLine("Ctrl-C ends it with the table so far");
        Console.WriteLine();
    }

    /// <summary>Shows frames until there is none.</summary>
    public async Task Live(Func<Task<DemoFrame?>> next)
    {
        if (!Terminal.IsInteractive)
        {
            while (await next() is { } frame) WriteLines(frame);
            return;
        }
        await Terminal.Out.Live(new Table()).AutoClear(true).StartAsync(async live =>
        {
            while (await next() is { } frame) live.UpdateTarget(Draw(frame));
        });
    }

    /// <summary>The comparison at the end.</summary>
    public void Conclude(IReadOnlyList<DemoResult> results, bool isInterrupted)
    {
        if (isInterrupted) Console.WriteLine("interrupted; so far:");
        Console.WriteLine();
        DemoTable.Print(results);
        if (results.Count == 0) Console.WriteLine("no simulated time has passed yet");
    }

    private static Table Draw(DemoFrame frame)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Clock(frame.Time)), UseSafeBorder = true };
        table.AddColumns("service", "req/s", "forecast p50/p90", "ready/desired", "why");
        foreach (var index in new[] { 1, 2, 3 }) table.Columns[index].RightAligned();
        foreach (var status in frame.Services)
            table.AddRow(Markup.Escape(Name(status)), Rate(status.Demand), $"{Rate(status.ForecastP50)} / {Rate(status.ForecastP90)}", Replicas(status), Markup.Escape(Why(status)));
        return table;
    }

    /// <summary>A line for each service every simulated hour.</summary>
    private void WriteLines(DemoFrame frame)
    {
        if (frame.Time < _nextLine) return;
        _nextLine = frame.Time + TimeSpan.FromHours(1);
        foreach (var s in frame.Services)
            Console.WriteLine($"{Clock(frame.Time)}  {Name(s),-8} {Rate(s.Demand),6} req/s, forecast {Rate(s.ForecastP50)}/{Rate(s.ForecastP90)}, ready/desired {Replicas(s)}: {Why(s)}");
    }

    private static string Clock(DateTimeOffset time) => time < DemoScenario.Start ? "starting" : $"day {(time - DemoScenario.Start).Days + 1}, {time:HH:mm}";

    private static string Name(ServiceStatus status) => status.Id[(status.Id.LastIndexOf('/') + 1)..];

    private static string Why(ServiceStatus status) => status.Reason ?? (status.Problems.Count > 0 ? status.Problems[0] : "waiting for the first step");

    private static string Replicas(ServiceStatus s) => $"{s.ReadyReplicas?.ToString(CultureInfo.InvariantCulture) ?? "?"}/{s.DesiredReplicas?.ToString(CultureInfo.InvariantCulture) ?? "?"}";

    private static string Rate(double? rate) => rate?.ToString("#,0", CultureInfo.InvariantCulture) ?? "–";
}

using System.CommandLine;

namespace ControlPlane.Cli.Demo;

/// <summary><c>controlplane demo</c>: silo, simulated cluster and four services in one process, under recorded traffic.</summary>
internal static class DemoCommand
{
    private const double MaxSpeed = 1000;

    private static readonly Option<TimeSpan?> Duration = DurationOption.Make("--duration", "Simulated time to run. Default: 1d.");
    private static readonly Option<double> Speed = new("--speed") { Description = "Simulated seconds per second, 1 to 1000.", DefaultValueFactory = _ => 300 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Port = new("--port") { Description = "Port of the simulated Kubernetes API on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8001 };
    private static readonly Option<bool> Virtual = new("--virtual") { Description = "Run in virtual time: as fast as possible, and the same seed gives the same decisions." };

    public static Command Make()
    {
        var command = new Command("demo", "Watch the real grains scale four simulated services under recorded traffic.") { Duration, Speed, Seed, Port, Virtual };
        command.Run(Execute);
        return command;
    }

    private static Task<int> Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var speed = parsed.GetValue(Speed);
        if (!(speed >= 1 && speed <= MaxSpeed)) throw new CommandException($"--speed: {speed} is not within 1..{MaxSpeed}");
        var port = parsed.GetValue(Port);
        if (port is < 0 or > 65535) throw new CommandException($"--port: {port} is not within 0..65535");
        var duration = parsed.GetValue(Duration) ?? TimeSpan.FromDays(1);
        if (duration < TimeSpan.FromMinutes(1) || duration > TimeSpan.FromDays(7)) throw new CommandException("--duration: takes 1m to 7d");

        var seed = parsed.GetValue(Seed);
        var services = DemoScenario.Load(Path.Combine(AppContext.BaseDirectory, "samples", "traces"), duration, seed);
        return parsed.GetValue(Virtual)
            ? Task.FromResult(VirtualDemo.Run(services, seed, cancellationToken))
            : new LiveDemo(services, duration, speed, seed, port).RunAsync(cancellationToken);
    }
}

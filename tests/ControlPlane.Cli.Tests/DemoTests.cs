using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Cli.Tests;

/// <summary>The demo, in virtual time and over HTTP.</summary>
public sealed class DemoTests
{
    private static readonly string[] Services = ["tickets", "results", "launch", "archive"];

    public static TheoryData<string[], string[]> BadOptions => new()
    {
        { ["--speed", "0"], ["--speed", "0 is not within 1..1000"] },
        { ["--speed", "NaN"], ["--speed", "NaN"] },
        { ["--port", "70000"], ["--port", "70000 is not within 0..65535"] },
        { ["--duration", "10s"], ["--duration", "1m to 7d"] },
        { ["--duration", "forever"], ["--duration", "'forever' is not a duration"] },
        { ["--seed", "one"], ["--seed", "'one'"] },
    };

    [Fact]
    public async Task Demo_VirtualTwiceWithOneSeed_HasTheSameFingerprint()
    {
        var first = await Fingerprint("5");

        Assert.Equal(first, await Fingerprint("5"));
        Assert.NotEqual(first, await Fingerprint("6"));
    }

    [Fact]
    public async Task Demo_LiveForTwoMinutes_EndsWithTheComparison()
    {
        var result = await CliProcess.RunAsync("demo", "--duration", "2m", "--speed", "100", "--port", "0");

        result.AssertSucceeded();
        Assert.Equal("", result.Error);
        Assert.Contains("kubectl --server http://127.0.0.1:", result.Out, StringComparison.Ordinal);
        AssertComparison(result.Out);
    }

    [Fact]
    public async Task Demo_InterruptedUnderWay_EndsWithTheTableSoFar()
    {
        using var demo = CliProcess.Start("demo", "--duration", "7d", "--speed", "100", "--port", "0");
        await demo.PrintedAsync("day 1, ");

        demo.Interrupt();
        var result = await demo.EndAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.Equal("", result.Error);
        AssertComparison(result.Out[result.Out.IndexOf("interrupted; so far:", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Demo_PortTaken_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await CliProcess.RunAsync("demo", "--duration", "2m", "--speed", "100", "--port", $"{port}");

        result.AssertRefusedInOneLine("--port", $"127.0.0.1:{port} is taken");
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Demo_BadOption_IsRefusedInOneLine(string[] options, string[] parts) =>
        (await CliProcess.RunAsync(["demo", .. options])).AssertRefusedInOneLine(parts);

    private static async Task<string> Fingerprint(string seed)
    {
        var result = await CliProcess.RunAsync("demo", "--virtual", "--duration", "10m", "--seed", seed);
        result.AssertSucceeded();
        AssertComparison(result.Out);
        return result.Out.TrimEnd('\n').Split('\n')[^1];
    }

    private static void AssertComparison(string output)
    {
        var lines = output.Split('\n');
        Assert.All(Services, service => Assert.Contains(lines, line => line.Contains(service, StringComparison.Ordinal) && line.Contains("controlplane", StringComparison.Ordinal)));
        Assert.Equal(Services.Length, lines.Count(line => line.Contains("hpa", StringComparison.OrdinalIgnoreCase) && line.Contains('%', StringComparison.Ordinal)));
    }
}

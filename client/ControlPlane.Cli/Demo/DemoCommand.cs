using System.CommandLine;

namespace ControlPlane.Cli.Demo;

internal static class DemoCommand
{
    public static Command Make() => new("demo", "x");
}

using ControlPlane.Embedded.Virtual;

namespace ControlPlane.Embedded.KillTool;

/// <summary>A virtual run whose body leaves virtual time without waiting for it, or does not.</summary>
internal static class PoolCheck
{
    internal static int Run(bool escapes)
    {
        try
        {
            VirtualCluster.Run(
                1,
                static _ => { },
                async context =>
                {
                    await context.AdvanceAsync(TimeSpan.FromSeconds(1));
                    if (escapes)
                    {
                        _ = Task.Run(static () => { });
                    }
                },
                new VirtualClusterOptions { ChecksThreadPool = true });
            return 0;
        }
        catch (VirtualRunException exception) when (exception.InnerException is VirtualTimeEscapeException)
        {
            Console.Error.WriteLine(exception.Message);
            return 3;
        }
    }
}

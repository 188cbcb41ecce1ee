namespace ControlPlane.Cli;

/// <summary>Passes what is reported on at once, on the thread that reports.</summary>
internal sealed class DirectProgress(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}

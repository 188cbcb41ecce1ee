using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Services;

/// <summary>How long a pod takes from its creation to readiness. Drawn in whole seconds, as Kubernetes' timestamps tell it.</summary>
public sealed record StartupTime
{
    private StartupTime(TimeSpan median, double sigma) => (Median, Sigma) = (median, sigma);

    /// <summary>The median.</summary>
    public TimeSpan Median { get; }

    /// <summary>Deviation of the logarithm; 0 is a constant time.</summary>
    public double Sigma { get; }

    /// <summary>The same time for every pod.</summary>
    public static StartupTime Constant(TimeSpan time) => LogNormal(time, 0);

    /// <summary>Log-normal times with a median and a deviation of the logarithm (0.3: one pod in six takes 35% longer).</summary>
    public static StartupTime LogNormal(TimeSpan median, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(median, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        return new StartupTime(median, sigma);
    }

    /// <summary>Draws the time of one pod.</summary>
    internal TimeSpan Draw(SeededRandom random)
    {
        var seconds = Median.TotalSeconds;
        if (Sigma > 0) seconds *= Math.Exp(Sigma * random.NextNormal());
        return TimeSpan.FromSeconds((long)Math.Ceiling(seconds - 1e-9));
    }
}

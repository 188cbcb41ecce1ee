namespace ControlPlane.Simulation.Randomness;

/// <summary>Draws from the binomial distribution by inversion that walks outwards from the mode: exact, about √(n·p·q) steps.</summary>
internal static class Binomial
{
    public static long Draw(SeededRandom random, long trials, double probability)
    {
        if (trials <= 0 || probability <= 0) return 0;
        if (probability >= 1) return trials;
        return trials < 16 ? Count(random, trials, probability) : WalkFromMode(random, trials, probability);
    }

    private static long Count(SeededRandom random, long trials, double probability)
    {
        long hits = 0;
        for (var i = 0L; i < trials; i++)
        {
            if (random.NextDouble() < probability) hits++;
        }

        return hits;
    }

    private static long WalkFromMode(SeededRandom random, long n, double p)
    {
        var odds = p / (1 - p);
        var mode = (long)((n + 1) * p);
        var atMode = Math.Exp(LogFactorial(n) - LogFactorial(mode) - LogFactorial(n - mode) + mode * Math.Log(p) + (n - mode) * Math.Log(1 - p));
        var left = random.NextDouble() - atMode;
        if (left <= 0) return mode;
        long low = mode, high = mode;
        double atLow = atMode, atHigh = atMode;
        while (low > 0 || high < n)
        {
            if (high < n)
            {
                atHigh *= (n - high) * odds / (high + 1);
                high++;
                left -= atHigh;
                if (left <= 0) return high;
            }

            if (low > 0)
            {
                atLow *= low / ((n - low + 1) * odds);
                low--;
                left -= atLow;
                if (left <= 0) return low;
            }

            // Rounding may leave a crumb of probability: both sides have died out, the mode stands for it.
            if (atHigh + atLow < 1e-18) return mode;
        }

        return mode;
    }

    /// <summary>ln n! by Stirling's series, exact to about 1e-10 from 8 on; below by product.</summary>
    private static double LogFactorial(long n)
    {
        if (n < 8)
        {
            var product = 1.0;
            for (var i = 2L; i <= n; i++) product *= i;
            return Math.Log(product);
        }

        double x = n + 1;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274 + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * x * x * x * x * x);
    }
}

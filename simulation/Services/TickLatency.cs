namespace ControlPlane.Simulation.Services;

/// <summary>Quantiles of the response time over the parts of one tick.</summary>
internal static class TickLatency
{
    /// <summary>P50, P95 and P99 in seconds; null when no request was finished by a pod.</summary>
    public static (double P50, double P95, double P99)? Of(IReadOnlyList<LatencyPart> parts)
    {
        if (parts.Count == 0) return null;
        if (parts.Count == 1)
        {
            var (model, level, delay, _) = parts[0];
            var tabulated = model.At(level);
            return (delay + tabulated.P50, delay + tabulated.P95, delay + tabulated.P99);
        }

        return (Quantile(parts, 0.50), Quantile(parts, 0.95), Quantile(parts, 0.99));
    }

    private static double Quantile(IReadOnlyList<LatencyPart> parts, double share)
    {
        var total = 0.0;
        foreach (var part in parts) total += part.Requests;
        double low = 0, high = 1;
        while (Beyond(parts, high) > (1 - share) * total) high *= 2;
        // Latencies are told in thousandths of a second: a ten-thousandth is close enough.
        while (high - low > 1e-4)
        {
            var middle = (low + high) / 2;
            if (Beyond(parts, middle) > (1 - share) * total) low = middle;
            else high = middle;
        }

        return high;
    }

    private static double Beyond(IReadOnlyList<LatencyPart> parts, double seconds)
    {
        var sum = 0.0;
        foreach (var part in parts) sum += part.Requests * part.Model.Tail(part.Level, seconds - part.DelaySeconds);
        return sum;
    }
}

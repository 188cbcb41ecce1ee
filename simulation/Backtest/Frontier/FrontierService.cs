namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>A demand in pods and the pods' start-up: all that the open-loop simulation of a service needs.</summary>
/// <param name="Demand">Pods' worth of demand at each step; NaN where it was not recorded.</param>
/// <param name="Step">Length of a step.</param>
/// <param name="StartupSteps">Steps from a decision to a ready pod, at least 1.</param>
internal sealed record FrontierService(double[] Demand, TimeSpan Step, int StartupSteps)
{
    /// <summary>Any start on the step grid; seasons are counted from it.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>First step that is scored: the first day is for learning, or half of a shorter trace.</summary>
    public int FirstScored => (int)Math.Min(TimeSpan.FromDays(1) / Step, Demand.Length / 2);

    /// <summary>Pods that the first known demand needs; every method starts with them.</summary>
    public int Initial => Need(Array.Find(Demand, double.IsFinite));

    /// <summary>Pods that serve a demand, at least one; also for an unknown one.</summary>
    public static int Need(double demand) => double.IsFinite(demand) ? Math.Max(1, (int)Math.Ceiling(demand)) : 1;

    /// <summary>
    /// Scores the pods that a method asked for. The ready pods of a step are the least total from a start-up ago until now: the newest are removed first.
    /// </summary>
    public FrontierOutcome Score(ReadOnlySpan<int> totals)
    {
        var ready = new ReadyWindow(StartupSteps + 1);
        long violated = 0, known = 0, pods = 0, changes = 0;
        double unserved = 0, demanded = 0;
        for (var t = 0; t < Demand.Length; t++)
        {
            var serving = ready.Push(totals[t]);
            if (t < FirstScored) continue;
            pods += totals[t];
            if (totals[t] != totals[t - 1]) changes++;
            if (double.IsNaN(Demand[t])) continue;
            known++;
            demanded += Demand[t];
            if (Demand[t] <= serving) continue;
            violated++;
            unserved += Demand[t] - serving;
        }

        var days = (Demand.Length - FirstScored) * Step / TimeSpan.FromDays(1);
        return new FrontierOutcome((double)violated / Math.Max(1, known), unserved / Math.Max(demanded, 1e-12), pods * Step.TotalHours, changes / days, known);
    }
}

/// <summary>How one setting of one method fared.</summary>
/// <param name="UnderProvisionedTimeShare">Share of the known steps with less capacity than demand.</param>
/// <param name="UnservedDemandShare">Share of the demand beyond the capacity.</param>
/// <param name="PodHours">Pods over time, starting ones included.</param>
/// <param name="ScalingsPerDay">Changes of the replicas a day.</param>
/// <param name="Steps">Known steps that were scored.</param>
internal readonly record struct FrontierOutcome(double UnderProvisionedTimeShare, double UnservedDemandShare, double PodHours, double ScalingsPerDay, long Steps);

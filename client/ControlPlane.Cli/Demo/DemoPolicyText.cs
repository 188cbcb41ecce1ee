using ControlPlane.Core.Policies;

namespace ControlPlane.Cli.Demo;

/// <summary>A demo policy as a team would write it.</summary>
internal static class DemoPolicyText
{
    public static object Of(PolicyDocument policy) => new
    {
        mode = policy.Mode,
        minReplicas = policy.MinReplicas,
        maxReplicas = policy.MaxReplicas,
        objective = new { requestsPerSecondPerReplica = policy.Objective.RequestsPerSecondPerReplica },
        predictive = new { leadTime = DurationText.Format(policy.Predictive.LeadTime) },
    };
}

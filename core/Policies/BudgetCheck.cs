using System.Globalization;

namespace ControlPlane.Core.Policies;

/// <summary>Takes the outcome of a rule between two properties, both of them, and what is wrong.</summary>
internal delegate void PolicyPairCheck(bool holds, string path, string other, string message);

/// <summary>Finds budgets that say nothing or too much, that do not pay for the minimum, and teams that nobody declared or that two declared.</summary>
internal static class BudgetCheck
{
    public static void Run(PolicyDocument policy, PolicyCheck require, PolicyPairCheck requireBoth)
    {
        for (var i = 0; i < policy.Teams.Length; i++) Declared(policy, i, require, requireBoth);
        var team = TeamBudget.Of(policy);
        if (policy.Team is { } name)
        {
            requireBoth(team is not null, "team", PolicyFields.Teams,
                $"'{name}' is not declared in the cluster's policy; declared there: {(policy.Teams.IsEmpty ? "none" : string.Join(", ", policy.Teams.Select(t => t.Name).Distinct().Order(StringComparer.Ordinal)))}");
        }

        if (team is not null && IsWhole(team.Budget)) Floor(policy, team, requireBoth);
        if (policy.Budget is not { } budget) return;
        Shape(budget, "budget", isPriceEnough: team is { IsMoney: true }, require, requireBoth);
        if (budget.AllowedHours() is not { } allowed) return;
        var needed = BudgetPolicy.LeastHours(policy, budget.Period);
        requireBoth(!(allowed < needed), budget.Money is null ? "budget.replicaHours" : "budget.money", "minReplicas", Short($"{allowed:0.##} replica-hours do", policy, budget.Period, needed));
    }

    /// <summary>The fault of a policy that declares teams elsewhere than for the cluster; null when there is none.</summary>
    public static PolicyFault? Misplaced(string scope, bool declaresTeams) => declaresTeams && scope.Contains('/')
        ? new PolicyFault(PolicyFields.Teams, $"are declared in the cluster's policy only, not in that of {scope}")
        : null;

    private static void Declared(PolicyDocument policy, int index, PolicyCheck require, PolicyPairCheck requireBoth)
    {
        var (path, team) = ($"{PolicyFields.Teams}[{index}]", policy.Teams[index]);
        require(team.Name.Length > 0 && !team.Name.Contains('/'), $"{path}.name", $"'{team.Name}' is no name: it must not be empty nor hold a /");
        var first = 0;
        while (policy.Teams[first].Name != team.Name) first++;
        require(first == index || team.Name.Length == 0, $"{path}.name", $"'{team.Name}' is declared by {PolicyFields.Teams}[{first}] too");
        Shape(team.Budget, $"{path}.budget", isPriceEnough: false, require, requireBoth);
        require(team.Budget != BudgetPolicy.None, $"{path}.budget", "has neither replicaHours nor money");
    }

    private static void Shape(BudgetPolicy budget, string path, bool isPriceEnough, PolicyCheck require, PolicyPairCheck requireBoth)
    {
        requireBoth(budget.ReplicaHours is null || budget.Money is null, $"{path}.money", $"{path}.replicaHours", "is given beside replicaHours: one of them is the budget");
        requireBoth(budget.Money is null || budget.PricePerReplicaHour is not null, $"{path}.pricePerReplicaHour", $"{path}.money", "is missing: money needs the price of a replica-hour");
        var saysPrice = isPriceEnough && budget.PricePerReplicaHour is not null;
        require(saysPrice || budget.AllowedHours() is not null || budget.Money is not null || budget == BudgetPolicy.None, path, "has neither replicaHours nor money");
    }

    private static void Floor(PolicyDocument policy, TeamBudget team, PolicyPairCheck requireBoth)
    {
        var needed = team.FloorOfPeriod(policy);
        requireBoth(!(team.Limit < needed), "team", "minReplicas", Short($"'{team.Name}' has {team.Limit:0.##} {team.Unit}, which do", policy, team.Budget.Period, needed));
    }

    private static bool IsWhole(BudgetPolicy budget) => budget.AllowedHours() is not null;

    private static string Short(FormattableString what, PolicyDocument policy, TimeSpan period, double needed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what.ToString(CultureInfo.InvariantCulture)} not pay for {BudgetPolicy.GreatestMinimum(policy)} replicas over {DurationText.Format(period)}, which take {needed:0.##}");
}

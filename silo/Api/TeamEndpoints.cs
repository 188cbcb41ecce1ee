using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Teams of a cluster and their accounts under <c>/api/v1/teams</c>.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/teams/{cluster}", async (IGrainFactory grains, string cluster) =>
        {
            var policy = await grains.GetGrain<IPolicyGrain>(cluster).GetEffective();
            return Results.Ok(await Task.WhenAll(policy.Teams.Select(t => Find(grains, cluster, t.Name))));
        });
        app.MapGet("/api/v1/teams/{cluster}/{team}", async (IGrainFactory grains, string cluster, string team) => await Find(grains, cluster, team) is { } found
            ? Results.Ok(found)
            : Results.Problem($"the policy of {cluster} declares no team '{team}'", statusCode: StatusCodes.Status404NotFound));
    }

    private static async Task<TeamResponse?> Find(IGrainFactory grains, string cluster, string team)
    {
        var snapshot = await grains.GetGrain<ITeamGrain>($"{cluster}/{team}").GetSnapshot();
        return snapshot.Team is { } found ? TeamResponse.From(found, snapshot.Account) : null;
    }
}

/// <summary>A team's account; amounts in its unit.</summary>
internal sealed record TeamResponse(
    string Name, BudgetEnforcement Enforcement, string Unit, double Budget, TimeSpan Period, DateTimeOffset? PeriodStart, double Spent, double Granted, IReadOnlyList<TeamMemberResponse> Services)
{
    public static TeamResponse From(TeamBudget team, TeamAccount account) => new(
        team.Name, team.Budget.Enforcement, team.IsMoney ? "money" : "replica-hours", team.Limit, team.Budget.Period, account.Period > TimeSpan.Zero ? account.PeriodStart : null,
        account.Spent, account.Granted, [.. account.Members.Select(m => new TeamMemberResponse(m.Workload.ToString(), m.Spent, m.Granted, m.FloorOfPeriod, m.IsShort, m.AskedAt))]);
}

/// <summary>A service in a team's account.</summary>
internal sealed record TeamMemberResponse(string Id, double Spent, double Granted, double FloorOfPeriod, bool IsShort, DateTimeOffset AskedAt);

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Cluster.Tests.Processes;
using Npgsql;

namespace ControlPlane.Cluster.Tests.Operations;

/// <summary>What operators meet, on real silo processes and a real PostgreSQL.</summary>
public sealed class OperationsTests : IAsyncLifetime
{
    private const string Web = "test/shop/deployment/web1";
    private readonly string _folder = Directory.CreateTempSubdirectory("controlplane-operations-").FullName;
    private PostgresServer _database = null!;

    public async Task InitializeAsync()
    {
        if (PostgresTools.Missing is null) _database = await PostgresServer.StartAsync(_folder);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        if (!PostgresTools.KeepsLogs) Directory.Delete(_folder, recursive: true);
    }

    [PostgresFact]
    public async Task Import_OfStateThatTheEmbeddedEngineWrote_KeepsRegistrationsPoliciesAndModels()
    {
        await using var silo = await Start().ReadyAsync();
        var file = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Operations", "embedded-state.jsonl"));

        Assert.Equal((HttpStatusCode.OK, (11, 0)), await ImportAsync(silo, file));

        Assert.Equal([Web, "test/shop/deployment/web2", "test/shop/deployment/web3"], await silo.Client.ListAsync());
        using var policy = JsonDocument.Parse(await silo.Http.GetStringAsync("api/v1/policies/test/shop"));
        Assert.Equal(9, policy.RootElement.GetProperty("maxReplicas").GetInt32());
        // Models, windows and filters: byte for byte what the other engine stored. Decisions take the next epoch, which fences the old silo's.
        var exported = await silo.Http.GetStringAsync("api/v1/state");
        Assert.Equal(Lines(file, "service"), Lines(exported, "service"));
        Assert.Equal(Assert.Single(Lines(file, "predictor")), Assert.Single(Lines(exported, "predictor")));
        var decisions = await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(Web), d => d.Count > 0, "the service decides");
        Assert.All(decisions, d => Assert.StartsWith($"{Web}@2.", d.Id, StringComparison.Ordinal));

        await silo.Client.PutPolicyAsync("test/shop", "mode: Recommend\nminReplicas: 1\nmaxReplicas: 5\n");
        var (status, _) = await ImportAsync(silo, file);
        Assert.Equal(HttpStatusCode.Conflict, status);
        using var kept = JsonDocument.Parse(await silo.Http.GetStringAsync("api/v1/policies/test/shop"));
        Assert.Equal(5, kept.RootElement.GetProperty("maxReplicas").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await ImportAsync(silo, file, force: true)).Status);
        var back = await Eventually.HoldsAsync(() => silo.Http.GetStringAsync("api/v1/policies/test/shop"), p => p.Contains("\"maxReplicas\":9", StringComparison.Ordinal), "the policy is the file's");
        Assert.Contains("\"minReplicas\":2", back, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await ImportAsync(silo, file.Replace("\"MaxReplicas\":9", "\"MaxReplicas\":8", StringComparison.Ordinal))).Status);
    }

    [PostgresFact]
    public async Task PostgreSqlLost_RegistrationsAreRefusedAndTheSiloStaysUpDegraded()
    {
        await using var silo = await Start().ReadyAsync();
        await using var second = await Start().ReadyAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web });

        await _database.StopAsync();
        var degraded = await Eventually.HoldsAsync(silo.ReadinessAsync, r => r.Text.StartsWith("degraded", StringComparison.Ordinal), "the silo says that it is degraded");
        Assert.Equal(HttpStatusCode.OK, degraded.Status);
        Assert.Equal("ok", await silo.Http.GetStringAsync("healthz"));
        // Many scopes and services: some of their grains are on the other silo, and what failed there has to travel.
        for (var i = 0; i < 8; i++)
        {
            var id = $"test/late{i}/deployment/web";
            AssertRefused(await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.RegisterAsync(new ServiceRegistration { Id = id })));
            AssertRefused(await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.PutPolicyAsync($"test/late{i}", "mode: Recommend\n")));
        }
        Assert.Equal([Web], await silo.Client.ListAsync());

        await _database.StartAsync();
        await Eventually.HoldsAsync(silo.ReadinessAsync, r => r.Text == "ready", "the silo is ready again");
        // Connections that died with the database fail once more on each silo; the answer says to repeat the call.
        await Eventually.AcceptedAsync(() => silo.Client.RegisterAsync(new ServiceRegistration { Id = "test/late0/deployment/web" }), "a registration");
        Assert.Equal(["test/late0/deployment/web", Web], await silo.Client.ListAsync());
    }

    [PostgresFact]
    public async Task Terminate_OfASilo_LeavesTheClusterAndEndsWithSuccess()
    {
        await using var silo = await Start().ReadyAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web });
        await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(Web), d => d.Count > 0, "the service has news to store");
        var before = await VersionAsync("service");

        var (exitCode, log) = await silo.TerminateAsync();

        Assert.True(exitCode == 0, log);
        Assert.True(await VersionAsync("service") > before, "the state was not stored at the end");
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM OrleansMembershipTable WHERE Status <> 6"));
    }

    [PostgresFact]
    public async Task Tls_WithOneAuthority_FormsAClusterThatAStrangerDoesNotJoin()
    {
        var own = Certificate("own");
        await using var first = await Start(own).ReadyAsync();
        await using var second = await Start(own).ReadyAsync();

        for (var i = 0; i < 8; i++) await first.Client.RegisterAsync(new ServiceRegistration { Id = $"test/shop/deployment/web{i}" });
        Assert.Equal(8, (await second.Client.ListAsync()).Count);
        Assert.Equal(2, await ScalarAsync("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 3"));

        await using var stranger = Start(Certificate("stranger"));
        await Eventually.HoldsAsync(
            async () => await first.ReadinessAsync() is { Text: "ready" } && await second.ReadinessAsync() is { Text: "ready" } && stranger.Log.Contains("Authentication failed", StringComparison.Ordinal),
            refused => refused, "the stranger is refused and the two stay");
        Assert.Equal(2, await ScalarAsync("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 3"));
    }

    [PostgresFact]
    public async Task Dashboard_WithTheToken_ShowsTheStateOfGrains()
    {
        await using var silo = await Start().ReadyAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web, DemandMetric = "requests_per_second" });
        await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(Web), d => d.Count > 0, "the service decides");

        Assert.Contains("requests_per_second", await GrainStateAsync(silo, "Services.ServiceGrain"), StringComparison.Ordinal);
        Assert.Contains($"{Web}@1.", await GrainStateAsync(silo, "Decisions.DecisionGrain"), StringComparison.Ordinal);
        Assert.Contains("Epoch", await GrainStateAsync(silo, "Actuation.ActuatorGrain"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Start_WithoutOrleansTables_FailsWithOneMessage()
    {
        await ExecuteAsync("CREATE DATABASE bare");
        var bare = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = "bare" }.ConnectionString;

        await using var silo = OperatedSilo.Start(_folder, bare, ("Streams", "AdoNet"));
        var (exitCode, log) = await silo.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("database 'bare': Orleans' tables are missing: run PostgreSQL-Main.sql", log, StringComparison.Ordinal);
        Assert.Equal(2, log.TrimEnd('\n').Split('\n').Length);
    }

    [StreamingFact]
    public async Task Streams_InAdoNet_CarryEveryStep()
    {
        await ExecuteAsync(await File.ReadAllTextAsync(StreamingScript.Path!));

        await using var silo = await Start([("Streams", "AdoNet")]).ReadyAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web });

        var decisions = await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(Web), d => d.Count >= 3, "the service decides, step after step");
        Assert.Equal(decisions.Select(d => d.Id).Distinct().Count(), decisions.Count);
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM OrleansStreamDeadLetter"));
    }

    private OperatedSilo Start((string, string?)[]? settings = null) => OperatedSilo.Start(_folder, _database.ConnectionString, settings ?? []);

    private (string, string?)[] Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=controlplane-silo", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(_folder, name + ".pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return [("Tls:Certificate", file), ("Tls:Authority", file)];
    }

    private static async Task<string> GrainStateAsync(OperatedSilo silo, string grain) =>
        await silo.Http.GetStringAsync($"orleans/GrainState?grainId={Web}&grainType=ControlPlane.Grains.{grain}");

    private static async Task<(HttpStatusCode Status, (int Imported, int Unchanged) Result)> ImportAsync(OperatedSilo silo, string file, bool force = false)
    {
        using var answer = await silo.Http.PostAsync($"api/v1/state?force={force}", new StringContent(file));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return answer.IsSuccessStatusCode
            ? (answer.StatusCode, (body.RootElement.GetProperty("imported").GetInt32(), body.RootElement.GetProperty("unchanged").GetInt32()))
            : (answer.StatusCode, default);
    }

    private static IEnumerable<string> Lines(string file, string state) =>
        file.Split('\n').Where(line => line.Contains($"\"state\":\"{state}\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static void AssertRefused(ControlPlaneException error)
    {
        Assert.True(error.StatusCode == HttpStatusCode.ServiceUnavailable, error.Message);
        Assert.Contains("nothing was acknowledged as stored", error.Message, StringComparison.Ordinal);
    }

    private Task<long> VersionAsync(string state) => ScalarAsync($"SELECT coalesce(sum(Version), 0) FROM OrleansStorage WHERE GrainTypeString = '{state}'");

    private async Task<long> ScalarAsync(string query)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(query);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using ControlPlane.Silo.Wiring;
using Npgsql;

namespace ControlPlane.Silo.Tests.Wiring;

public sealed class PostgreSqlTests
{
    [Theory]
    [InlineData("Host=db;Database=x", null)]
    [InlineData("Server=tcp:x;Integrated Security=maybe", "is not one of PostgreSQL")]
    [InlineData("Database=x", "names no Host")]
    public void Fault_OfAConnectionString_TellsTheRuleAndNotTheString(string text, string? part)
    {
        var fault = PostgreSql.Fault(text + (part is null ? "" : ";Password=hunter2"));

        if (part is null) Assert.Null(fault);
        else Assert.Contains(part, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_OfAConnectionString_KeepsWhatItSaysAndBoundsTheRest()
    {
        var plain = new NpgsqlConnectionStringBuilder(PostgreSql.Complete("Host=db"));
        Assert.Equal((2, 4, 20), (plain.Timeout, plain.CommandTimeout, plain.MaxPoolSize));

        var own = new NpgsqlConnectionStringBuilder(PostgreSql.Complete("Host=db;Timeout=9;CommandTimeout=8;MaxPoolSize=7"));
        Assert.Equal((9, 8, 7), (own.Timeout, own.CommandTimeout, own.MaxPoolSize));
    }

    [Fact]
    public async Task FaultsOutside_OfTakenPortsAndNoDatabase_NameEach()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new SiloOptions
        {
            AdvertisedAddress = "127.0.0.1",
            SiloPort = port,
            GatewayPort = 0,
            ConnectionString = $"Host=127.0.0.1;Port={((IPEndPoint)closed.LocalEndPoint!).Port};Username=u;Database=d",
        };

        var faults = await OrleansWiring.FaultsOutsideAsync(options, default);

        Assert.Equal(2, faults.Count);
        Assert.Equal($"ControlPlane:SiloPort {port} is in use by another process", faults[0]);
        Assert.Contains("database 'd': ", faults[1], StringComparison.Ordinal);
    }
}

namespace ControlPlane.Silo.Tests;

public sealed class SiloOptionsTests
{
    private static readonly SiloOptions Good = new() { Storage = SiloStorage.Memory, AdvertisedAddress = "" };

    [Fact]
    public void Faults_OfUsableSettings_AreNone() => Assert.Empty(Good.Faults());

    [Fact]
    public void Faults_OfManyWrongSettings_NameEach()
    {
        var wrong = Good with
        {
            Storage = (SiloStorage)9,
            Clustering = (SiloClustering)9,
            ClusterId = " ",
            ServiceId = "",
            SiloPort = 0,
            GatewayPort = 70_000,
            AdvertisedAddress = "here",
            ProbeTimeout = TimeSpan.FromMinutes(1),
            ResponseTimeout = TimeSpan.Zero,
            FalseAlarmsPerMonth = double.NaN,
            Cluster = "Two Words",
        };

        var faults = wrong.Faults().ToArray();

        string[] names = ["Storage", "Clustering", "ClusterId", "ServiceId", "SiloPort", "GatewayPort", "AdvertisedAddress", "ProbeTimeout", "ResponseTimeout", "FalseAlarmsPerMonth", "Cluster"];
        Assert.All(names, name => Assert.Single(faults, fault => fault.StartsWith($"{SiloOptions.Section}:{name} ", StringComparison.Ordinal)));
        Assert.Equal(names.Length, faults.Length);
    }

    [Fact]
    public void Faults_OfAdoNetWithoutAConnectionString_AskForIt()
        => Assert.Contains(
            (Good with { Storage = SiloStorage.AdoNet, Clustering = SiloClustering.AdoNet }).Faults(),
            fault => fault.StartsWith("ControlPlane:ConnectionString is empty", StringComparison.Ordinal));

    [Fact]
    public void Faults_OfTheSamePortTwice_SaySo()
        => Assert.Contains("GatewayPort 11111 is the SiloPort too", Assert.Single((Good with { GatewayPort = 11111 }).Faults()), StringComparison.Ordinal);

    [Fact]
    public void Faults_OfStorageThatTheEngineLacks_NameTheOther()
    {
        var lacking = SiloBuild.IsCluster ? SiloStorage.File : SiloStorage.AdoNet;

        var fault = Assert.Single((Good with { Storage = lacking, ConnectionString = "Host=127.0.0.1" }).Faults());

        Assert.StartsWith($"ControlPlane:Storage {lacking} ", fault, StringComparison.Ordinal);
    }
}

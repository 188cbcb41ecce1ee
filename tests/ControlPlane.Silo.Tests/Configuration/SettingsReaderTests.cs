using ControlPlane.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Silo.Tests.Configuration;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Read_OfSoundSettings_GivesThem()
    {
        var options = Read(("Storage", "memory"), ("SiloPort", "1234"), ("ResponseTimeout", "00:00:07"), ("EventHubs:Name", "hub"), ("AdminToken", "0123456789abcdef"));

        Assert.Equal(SiloStorage.Memory, options.Storage);
        Assert.Equal(1234, options.SiloPort);
        Assert.Equal(TimeSpan.FromSeconds(7), options.ResponseTimeout);
        Assert.Equal("hub", options.EventHubs.Name);
        Assert.Equal("$Default", options.EventHubs.ConsumerGroup);
    }

    [Fact]
    public void Read_OfUnreadableValuesUnknownNamesAndBrokenRules_NamesAllAtOnce()
    {
        var error = Assert.Throws<SiloConfigurationException>(() => Read(
            ("Storage", "Tape"), ("Streams", "7"), ("SiloPort", "many"), ("ProbeTimeout", "soon"), ("KubernetesHosting", "perhaps"),
            ("Strorage", "Memory"), ("Tls:Certficate", "x"), ("Cluster", "Two Words"), ("GatewayPort", "70000"), ("AdminToken", "short")));

        string[] parts =
        [
            "ControlPlane:Storage 'Tape' is not one of File, Memory, AdoNet", "ControlPlane:Streams '7' is not one of Memory, AdoNet, EventHubs",
            "ControlPlane:SiloPort 'many' is not a whole number", "ControlPlane:ProbeTimeout 'soon' is not a duration", "ControlPlane:KubernetesHosting 'perhaps' is not true or false",
            "ControlPlane:Strorage is no setting", "ControlPlane:Tls:Certficate is no setting: there are Authority, Certificate, Key, Password",
            "ControlPlane:Cluster 'Two Words'", "ControlPlane:GatewayPort 70000 is not within", "ControlPlane:AdminToken has 5 characters",
        ];
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("short", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Streams", "EventHubs", "-p:WithEventHubs=true")]
    [InlineData("KubernetesHosting", "true", "-p:WithKubernetesHosting=true")]
    public void Read_OfWhatIsNotBuiltIn_SaysHowToBuildItIn(string name, string value, string how)
    {
        var error = Assert.Throws<SiloConfigurationException>(() => Read(("Storage", "Memory"), (name, value)));

        Assert.Contains($"ControlPlane:{name} {value} is not in this build", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(how, error.Message, StringComparison.Ordinal);
    }

    private static SiloOptions Read(params (string Name, string Value)[] settings) =>
        SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"ControlPlane:{s.Name}", (string?)s.Value))).Build());
}

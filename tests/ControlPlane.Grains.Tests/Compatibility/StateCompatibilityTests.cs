using System.Text.Json.Nodes;

namespace ControlPlane.Grains.Tests.Compatibility;

/// <summary>
/// What earlier versions stored still reads. <c>CONTROLPLANE_GOLDEN=FOLDER</c> writes the files of the samples that have none yet.
/// </summary>
public sealed class StateCompatibilityTests
{
    public static TheoryData<int> Samples
    {
        get
        {
            WriteNew();
            return [.. Enumerable.Range(0, StoredSamples.All.Count)];
        }
    }

    [Theory, MemberData(nameof(Samples))]
    public void Read_GoldenFile_GivesTheValueThatWasWritten(int sample)
    {
        var stored = StoredSamples.All[sample];
        Assert.Equal(stored.Canonical(), stored.Read(stored.Golden));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Golden_EveryStoredMember_IsInTheFile(int sample)
    {
        var stored = StoredSamples.All[sample];
        var golden = JsonNode.Parse(stored.Golden)!.AsObject().Select(m => m.Key);
        var written = JsonNode.Parse(stored.Write())!.AsObject().Select(m => m.Key);
        Assert.All(golden, member => Assert.Contains(member, written));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Read_UnknownMembers_AreIgnored(int sample)
    {
        var stored = StoredSamples.All[sample];
        var json = JsonNode.Parse(stored.Golden)!;
        foreach (var place in Objects(json).ToList()) place["AddedByALaterVersion"] = new JsonObject { ["Deep"] = new JsonArray(1, "two", null) };

        Assert.Equal(stored.Canonical(), stored.Read(json.ToJsonString()));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Read_MissingMember_GivesItsDefault(int sample)
    {
        var stored = StoredSamples.All[sample];
        if (stored.Default() is not { } nothing) return;
        var defaults = JsonNode.Parse(nothing)!.AsObject();
        foreach (var member in JsonNode.Parse(stored.Golden)!.AsObject().Select(m => m.Key).ToList())
        {
            var json = JsonNode.Parse(stored.Golden)!.AsObject();
            json.Remove(member);
            var name = char.ToLowerInvariant(member[0]) + member[1..];
            var read = JsonNode.Parse(stored.Read(json.ToJsonString()))!.AsObject();
            Assert.Equal(defaults[name]?.ToJsonString(), read[name]?.ToJsonString());
            Assert.NotEqual(JsonNode.Parse(stored.Canonical())![name]?.ToJsonString(), read[name]?.ToJsonString());
        }
    }

    [Fact]
    public void Read_RenamedMember_IsNoticed()
    {
        var stored = StoredSamples.All.First(s => s.Alias == "cp.ActuatorState");
        Assert.NotEqual(stored.Canonical(), stored.Read(stored.Golden.Replace("\"Sequence\"", "\"Number\"", StringComparison.Ordinal)));
    }

    private static IEnumerable<JsonObject> Objects(JsonNode node) => node switch
    {
        JsonObject o => o.Where(m => m.Value is not null).SelectMany(m => Objects(m.Value!)).Prepend(o),
        JsonArray a => a.Where(n => n is not null).SelectMany(n => Objects(n!)),
        _ => [],
    };

    private static void WriteNew()
    {
        if (Environment.GetEnvironmentVariable("CONTROLPLANE_GOLDEN") is not { Length: > 0 } folder) return;
        foreach (var sample in StoredSamples.All)
        {
            var file = Path.Combine(folder, sample.FileName);
            if (!File.Exists(file)) File.WriteAllText(file, sample.Write() + "\n");
        }
    }
}

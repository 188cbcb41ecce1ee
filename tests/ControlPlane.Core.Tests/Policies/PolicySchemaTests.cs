using System.Text.Json.Nodes;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Tests.Policies;

/// <summary>The published schema and the reader accept the same.</summary>
public sealed class PolicySchemaTests
{
    /// <summary>Sound where everything is written; other values are put into it one at a time.</summary>
    private const string Full = """
        {
          "version": 1, "scope": "prod", "mode": "Auto", "minReplicas": 2, "maxReplicas": 40, "breachLimit": 60, "adviser": "Shadow",
          "objective": { "latency": "300ms", "percentile": 0.99, "requestsPerSecondPerReplica": 180 },
          "reactive": { "metrics": [ { "metric": "cpu", "type": "Utilization", "target": 0.6 } ], "tolerance": 0.05, "cpuInitializationPeriod": "2m", "initialReadinessDelay": "10s" },
          "predictive": { "enabled": true, "horizon": "15m", "leadTime": "90s", "violationCost": 500, "changeCost": 30 },
          "behavior": {
            "scaleUp": { "stabilizationWindow": "0s", "select": "Max", "limits": [ { "type": "Pods", "value": 4, "period": "15s" } ], "tolerance": 0.1 },
            "scaleDown": { "stabilizationWindow": "1m", "select": "Min", "limits": [ { "type": "Percent", "value": 10, "period": "1m" } ], "tolerance": null }
          },
          "pauseScaleUp": false, "pauseScaleDown": true,
          "schedule": [ { "days": ["Monday"], "from": "08:00", "to": "18:30", "minReplicas": 10, "maxReplicas": 60 } ],
          "step": "30s",
          "healing": { "enabled": true, "maxUnavailable": 0.5, "cooldown": "2m", "evictionsPerHour": 2, "evictionsPerDay": 6 },
          "budget": { "replicaHours": 5000, "money": null, "pricePerReplicaHour": 0.05, "period": "2d", "enforcement": "Soft" },
          "scaleToZero": { "enabled": true, "after": "5m", "activation": 0.5 },
          "team": "payments",
          "teams": [ { "name": "payments", "budget": { "replicaHours": 9000, "money": null, "pricePerReplicaHour": 0.05, "period": "2d", "enforcement": "Hard" } } ]
        }
        """;

    /// <summary>Values that are wrong somewhere; durations are all within every range.</summary>
    private static readonly string[] Values =
        ["-1", "0", "0.5", "1", "2", "3.5", "11", "49", "100001", "20000000", "true", "null", "\"soon\"", "\"2m\"", "\"08:00\"", "\"25:00\"", "\"Auto\"", "\"Max\"", "\"Pods\"", "\"Monday\"", "\"cpu\"", "[]", "{}"];

    private static readonly JsonObject Schema = JsonNode.Parse(PolicySchema.Text)!.AsObject();

    [Fact]
    public void Text_IsThePublishedFile() =>
        Assert.Equal(PolicySchema.Text, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policy.schema.json")));

    [Fact]
    public void Full_HoldsEveryPropertyOfTheSchema_AndBothAcceptIt()
    {
        var full = JsonNode.Parse(Full)!;
        Assert.Equal(Paths(Schema).Order(), Places(full).Select(p => p.Name).Distinct().Order());
        Assert.Empty(Faults(full));
        Assert.True(SchemaRules.Accepts(Schema, full));
    }

    [Fact]
    public void Schema_AnyValueAtAnyPlace_IsAcceptedWhereTheReaderTakesIt()
    {
        var count = 0;
        foreach (var (path, name) in Places(JsonNode.Parse(Full)!).ToList())
        {
            foreach (var value in Values)
            {
                if (IsKnownDifference(name, value)) continue;
                var document = JsonNode.Parse(Full)!;
                Replace(document, path, JsonNode.Parse(value));
                var faults = Faults(document);
                var isRead = !faults.Any(f => IsOf(f, path));
                if (isRead != SchemaRules.Accepts(Schema, document)) Assert.Fail($"{path} = {value}: reader {isRead}\n{string.Join('\n', faults)}");
                count++;
            }
        }
        Assert.True(count > 800, $"{count} cases");
    }

    [Fact]
    public void Schema_MissingOrUnknownProperty_IsAcceptedWhereTheReaderTakesIt()
    {
        foreach (var (path, _) in Places(JsonNode.Parse(Full)!).ToList())
        {
            var without = JsonNode.Parse(Full)!;
            var (owner, key) = Owner(without, path);
            owner.Remove(key);
            var faults = Faults(without);
            Assert.True(faults.All(IsCross) == SchemaRules.Accepts(Schema, without), $"without {path}: {string.Join('\n', faults)}");

            var renamed = JsonNode.Parse(Full)!;
            Owner(renamed, path).Object[key + "x"] = 1;
            Assert.Contains(Faults(renamed), f => f.Contains("unknown property", StringComparison.Ordinal));
            Assert.False(SchemaRules.Accepts(Schema, renamed), path);
        }
    }

    /// <summary>YAML has no types: what is quoted in JSON is read all the same, and a text may be a number.</summary>
    private static bool IsKnownDifference(string name, string value) =>
        (name is "scope" or "reactive.metrics.metric" or "team" or "teams.name" && value is not ("[]" or "{}")) || (name == "reactive.metrics.target" && value is "11" or "49" or "100001" or "20000000") || name == "version" || (name is "budget.period" or "teams.budget.period" && value == "\"2m\"");

    /// <summary>Faults at a place, above or below it; those that it has with other properties are not the schema's.</summary>
    private static bool IsOf(string fault, string path)
    {
        var at = fault.Split(": ")[1];
        var isThere = at == path || at.StartsWith(path + ".", StringComparison.Ordinal) || at.StartsWith(path + "[", StringComparison.Ordinal);
        return isThere && !IsCross(fault);
    }

    private static bool IsCross(string fault)
    {
        string[] cross =
        [
            "below minReplicas", "below maxReplicas", "below the window's", "does not reach past", "equals from", "has no request", "in the window", "set select to Disabled", "beside replicaHours",
            "is missing: money", "has neither replicaHours", "do not pay for", "is not declared in",
        ];
        return cross.Any(c => fault.Contains(c, StringComparison.Ordinal));
    }

    private static string[] Faults(JsonNode document) => [.. PolicyReader.Read(document.ToJsonString(), "p.json").Errors];

    /// <summary>Every property of a document: where it stands, and its name without indexes.</summary>
    private static IEnumerable<(string Path, string Name)> Places(JsonNode node, string path = "")
    {
        if (node is JsonArray { Count: > 0 } list && list[0] is JsonObject first)
            foreach (var place in Places(first, $"{path}[0]")) yield return place;
        if (node is not JsonObject section) yield break;
        foreach (var (key, value) in section)
        {
            var at = path.Length == 0 ? key : $"{path}.{key}";
            yield return (at, at.Replace("[0]", "", StringComparison.Ordinal));
            if (value is null) continue;
            foreach (var place in Places(value, at)) yield return place;
        }
    }

    private static IEnumerable<string> Paths(JsonObject schema, string path = "")
    {
        foreach (var (key, value) in schema["properties"]?.AsObject() ?? [])
        {
            var at = path.Length == 0 ? key : $"{path}.{key}";
            yield return at;
            var inner = value!["items"] as JsonObject ?? value.AsObject();
            foreach (var below in Paths(inner, at)) yield return below;
        }
    }

    private static (JsonObject Object, string Key) Owner(JsonNode document, string path)
    {
        var parts = path.Split('.');
        var at = document;
        foreach (var part in parts[..^1]) at = part.EndsWith("[0]", StringComparison.Ordinal) ? at[part[..^3]]![0]! : at[part]!;
        return (at.AsObject(), parts[^1]);
    }

    private static void Replace(JsonNode document, string path, JsonNode? value)
    {
        var (owner, key) = Owner(document, path);
        owner[key] = value;
    }
}

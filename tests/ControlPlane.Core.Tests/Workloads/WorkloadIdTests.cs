using System.Text.Json;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Workloads;

public sealed class WorkloadIdTests
{
    [Theory]
    [InlineData("prod/shop/deployment/web")]
    [InlineData("eu-1.example/ns/statefulset/db-0")]
    public void Parse_FourParts_RoundTrips(string text)
    {
        Assert.Equal(text, WorkloadId.Parse(text).ToString());
        Assert.Equal(WorkloadId.Parse(text), JsonSerializer.Deserialize<WorkloadId>(JsonSerializer.Serialize(WorkloadId.Parse(text))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("a/b/c/d/e")]
    [InlineData("a//c/d")]
    [InlineData("A/b/c/d")]
    [InlineData("a/b/c/d e")]
    public void Parse_SomethingElse_NamesTheTextAndTheRule(string text)
    {
        var error = Assert.Throws<FormatException>(() => WorkloadId.Parse(text));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("cluster/namespace/kind/name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_NoWorkloadId_Throws() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<WorkloadId>("\"nope\""));
}

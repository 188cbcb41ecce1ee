using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Api;

public sealed class WireTests
{
    [Fact]
    public void Deserialize_PodWithUnknownMembersAndNulls_KeepsWhatIsKnown()
    {
        var pod = JsonSerializer.Deserialize<Pod>(
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-1","managedFields":[{"manager":"x"}],"creationTimestamp":"2026-01-05T12:00:00Z","labels":null},
             "spec":{"volumes":[{}],"containers":[{"name":"a","image":"nginx:1","ports":[{"containerPort":80}],"resources":{"requests":{"cpu":"100m"}}}]},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-05T12:00:30Z"}]}}
            """,
            KubernetesJson.Options)!;
        Assert.Equal("web-1", pod.Metadata.Name);
        Assert.Equal(80, pod.Spec!.Containers![0].Ports![0].ContainerPortNumber);
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 12, 0, 30, TimeSpan.Zero), pod.Status!.Conditions![0].LastTransitionTime);
    }

    [Fact]
    public void Deserialize_ScaleOfZero_ReadsZero()
    {
        var scale = JsonSerializer.Deserialize<Scale>("""{"spec":{},"status":{"replicas":0}}""", KubernetesJson.Options)!;
        Assert.Equal(0, scale.Spec!.Replicas);
        Assert.NotNull(scale.Metadata);
    }

    [Fact]
    public void Deserialize_ListWithNullItems_IsEmpty() =>
        Assert.Empty(JsonSerializer.Deserialize<KubernetesList<Pod>>("""{"items":null,"metadata":null}""", KubernetesJson.Options)!.Items);

    [Fact]
    public void Serialize_Scale_HasKindFirstAndNoNulls()
    {
        var scale = new Scale { ApiVersion = "autoscaling/v1", Kind = "Scale", Metadata = new ObjectMeta(Name: "web", ResourceVersion: "7"), Spec = new ScaleSpec(0) };
        Assert.Equal(
            """{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web","resourceVersion":"7"},"spec":{"replicas":0}}""",
            JsonSerializer.Serialize(scale, KubernetesJson.Options));
    }

    [Fact]
    public void Serialize_Times_AreRfc3339AsKubernetesReadsThem()
    {
        var time = new DateTimeOffset(2026, 1, 5, 13, 0, 0, 500, TimeSpan.FromHours(1));
        var lease = new Lease { Metadata = new ObjectMeta(CreationTimestamp: time), Spec = new LeaseSpec { RenewTime = time } };
        Assert.Equal(
            """{"metadata":{"creationTimestamp":"2026-01-05T12:00:00Z"},"spec":{"renewTime":"2026-01-05T12:00:00.500000Z"}}""",
            JsonSerializer.Serialize(lease, KubernetesJson.Options));
    }

    [Fact]
    public void Serialize_Status_KeepsItsMemberNames()
    {
        var json = JsonSerializer.Serialize(new Status { Outcome = "Failure", Code = 404, Reason = "NotFound" }, KubernetesJson.Options);
        Assert.Contains("\"status\":\"Failure\"", json);
        Assert.Contains("\"kind\":\"Status\"", json);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("\"25%\"")]
    public void IntOrString_BothForms_KeepTheirForm(string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<IntOrString>(json, KubernetesJson.Options), KubernetesJson.Options));

    [Fact]
    public void MetricValue_OfZero_IsWritten() =>
        Assert.Contains("\"value\":\"0\"", JsonSerializer.Serialize(new MetricValue(Metric: new MetricIdentifier("demand")), KubernetesJson.Options));
}

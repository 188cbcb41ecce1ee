using System.Net;
using System.Text;
using ControlPlane.Client;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>Pushed samples: what is taken and what is not.</summary>
public sealed class SampleApiTests
{
    /// <summary>Seconds from now of each sample, and how many of them are taken.</summary>
    public static TheoryData<double[], int> Pushes => new()
    {
        { [0], 1 },
        { [-5, -3, 0, 20], 4 },
        { [-60], 1 },
        { [-600], 0 },
        { [60], 0 },
        { [-1, -1, -1], 1 },
        { [-600, -2, 0, 0, 3600], 2 },
        { [], 0 },
    };

    [Theory]
    [MemberData(nameof(Pushes))]
    public async Task Push_Samples_CountsThoseTaken(double[] seconds, int accepted)
    {
        await using var silo = await Registered();
        var now = silo.Clock.GetUtcNow();

        var result = await silo.Client.PushAsync(TestCluster.Id, [.. seconds.Select(s => Demand(now.AddSeconds(s)))]);

        Assert.Equal(new PushResult(accepted, seconds.Length - accepted), result);
    }

    [Fact]
    public async Task Push_SameSampleInASecondCall_IsNotTakenAgain()
    {
        await using var silo = await Registered();
        var sample = Demand(silo.Clock.GetUtcNow());

        Assert.Equal(new PushResult(1, 0), await silo.Client.PushAsync(TestCluster.Id, [sample]));
        Assert.Equal(new PushResult(0, 1), await silo.Client.PushAsync(TestCluster.Id, [sample]));
        Assert.Equal(new PushResult(0, 1), await silo.Client.PushAsync(TestCluster.Id, [sample with { Timestamp = sample.Timestamp.ToOffset(TimeSpan.FromHours(2)) }]));
    }

    [Fact]
    public async Task Push_TooMany_IsRefusedWhole()
    {
        await using var silo = await Registered();
        var now = silo.Clock.GetUtcNow();

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() =>
            silo.Client.PushAsync(TestCluster.Id, [.. Enumerable.Range(0, 10_001).Select(i => Demand(now.AddMilliseconds(-i)))]));

        Assert.Equal(HttpStatusCode.BadRequest, e.StatusCode);
        Assert.Equal("10001 samples in one call; at most 10000 are taken", e.Message);
    }

    [Theory]
    [InlineData("""[{"signal": "demand", "timestamp": "2026-01-05T00:00:00Z", "value": "many"}]""", "value")]
    [InlineData("""[{"signal": "demand", "timestamp": "soon", "value": 1}]""", "timestamp")]
    [InlineData("""[{"signal": "demand", "timestamp": "2026-01-05T00:00:00Z"}]""", "value")]
    [InlineData("""[{"signal": "demand", "timestamp": "2026-01-05T00:00:00Z", "value": 1, "unit": "rps"}]""", "unit")]
    [InlineData("""[null]""", "null")]
    [InlineData("""{"signal": "demand"}""", "JSON")]
    public async Task Push_BadBody_IsRefusedWithTheProperty(string body, string part)
    {
        await using var silo = await Registered();

        using var answer = await silo.Http.PostAsync($"api/v1/samples/{TestCluster.Id}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(part, await ServiceApiTests.Detail(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_ValueThatIsNotFinite_IsCountedAsRejected()
    {
        await using var silo = await Registered();
        const string Body = """[{"signal": "demand", "timestamp": "2026-01-05T00:00:00Z", "value": "NaN"}]""";

        using var answer = await silo.Http.PostAsync($"api/v1/samples/{TestCluster.Id}", new StringContent(Body, Encoding.UTF8, "application/json"));

        Assert.Equal("""{"accepted":0,"rejected":1}""", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<TestSilo> Registered()
    {
        var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id });
        return silo;
    }

    private static Sample Demand(DateTimeOffset time) => new() { Signal = "demand", Timestamp = time, Value = 12 };
}

using System.Net;
using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Client;

public sealed class KubernetesClientTests
{
    private static readonly KubernetesResource Pods = KubernetesResource.Pods("shop");
    private static readonly KubernetesResource Scale = KubernetesResource.Scale("apps/v1", "deployments", "shop", "web");
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Path_EveryForm_IsTheApis()
    {
        Assert.Equal("/api/v1/namespaces/shop/pods", Pods.Path);
        Assert.Equal("/api/v1/pods", KubernetesResource.Pods(null).Path);
        Assert.Equal("/apis/apps/v1/namespaces/shop/deployments/web/scale", Scale.Path);
        Assert.Equal(
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/http_requests",
            KubernetesResource.CustomMetric("shop", "deployments.apps", "web", "http_requests").Path);
        Assert.Equal("/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods", KubernetesResource.PodMetrics("shop").Path);
    }

    [Fact]
    public void List_SeveralPages_GivesAllItemsOnce()
    {
        var handler = new ScriptedHandler(r => ScriptedHandler.Json(r.Query.Contains("continue=b") ? Page("9", null, "p3") : r.Query.Contains("continue=a") ? Page("9", "b", "p2") : Page("9", "a", "p1")));
        var list = _time.Run(() => Client(handler).ListAsync<Pod>(Pods, new ListOptions("app=web"), default));
        Assert.Equal(["p1", "p2", "p3"], list.Items.Select(p => p.Metadata.Name));
        Assert.Equal("9", list.Metadata.ResourceVersion);
        Assert.Equal("?labelSelector=app%3Dweb&limit=500", handler.Requests[0].Query);
    }

    [Fact]
    public void List_PageTokenExpired_StartsAgain()
    {
        var expired = false;
        var handler = new ScriptedHandler(r =>
        {
            if (!r.Query.Contains("continue")) return ScriptedHandler.Json(Page(expired ? "20" : "9", "a", expired ? "q1" : "p1"));
            if (expired) return ScriptedHandler.Json(Page("20", null, "q2"));
            expired = true;
            return ScriptedHandler.Fault(410, "Expired");
        });
        var list = _time.Run(() => Client(handler).ListAsync<Pod>(Pods, null, default));
        Assert.Equal(["q1", "q2"], list.Items.Select(p => p.Metadata.Name));
    }

    [Fact]
    public void List_PageTokenAlwaysExpired_EndsWithTheFailure()
    {
        var handler = new ScriptedHandler(r => r.Query.Contains("continue") ? ScriptedHandler.Fault(410) : ScriptedHandler.Json(Page("9", "a", "p1")));
        Assert.Equal(KubernetesFailure.Expired, Fails(() => Client(handler).ListAsync<Pod>(Pods, null, default)).Failure);
        Assert.Equal(8, handler.Requests.Count);
    }

    [Theory]
    [InlineData(PatchType.Merge, "application/merge-patch+json")]
    [InlineData(PatchType.Strategic, "application/strategic-merge-patch+json")]
    [InlineData(PatchType.Json, "application/json-patch+json")]
    public void Patch_EachType_SendsItsMediaType(PatchType type, string mediaType)
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Json(new Scale()));
        _time.Run(() => Client(handler).PatchAsync<Scale>(Scale, type, new { spec = new { replicas = 3 } }, new WriteOptions("me"), default));
        var request = Assert.Single(handler.Requests);
        Assert.Equal(("PATCH", mediaType, "?fieldManager=me"), (request.Method, request.ContentType, request.Query));
        Assert.Equal("""{"spec":{"replicas":3}}""", request.Body);
    }

    [Fact]
    public void Delete_WithPreconditions_SendsThem()
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Json(new Status { Outcome = "Success" }));
        _time.Run(() => Client(handler).DeleteAsync(Pods with { Name = "p1" }, new DeleteOptions(Preconditions: new Preconditions(Uid: "u")), default));
        Assert.Equal("""{"preconditions":{"uid":"u"}}""", Assert.Single(handler.Requests).Body);
    }

    [Fact]
    public void Get_Forbidden_NamesUserVerbResourceAndGrant()
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Fault(
            403, "Forbidden", "deployments.apps \"web\" is forbidden: User \"system:serviceaccount:ops:controlplane\" cannot update resource \"deployments/scale\""));
        var e = Fails(() => Client(handler).UpdateAsync(Scale, new Scale(), null, default));
        Assert.Equal(
            "kube.test:6443: forbidden: cannot update deployments/scale web in namespace shop as system:serviceaccount:ops:controlplane: grant the verb update on deployments/scale in API group apps",
            e.Message);
        Assert.Equal((KubernetesFailure.Forbidden, HttpStatusCode.Forbidden, "Forbidden", "update", Scale.Path), (e.Failure, e.StatusCode!.Value, e.Reason, e.Verb, e.Path));
        Assert.False(e.IsOutcomeUnknown);
    }

    [Fact]
    public void Get_Unauthorized_SaysWhatToDo()
    {
        var e = Fails(() => Client(new ScriptedHandler(_ => ScriptedHandler.Fault(401))).GetAsync<Scale>(Scale, default));
        Assert.Equal("kube.test:6443: unauthorized: the server does not accept the credentials to get deployments/scale web in namespace shop: renew the token or certificate", e.Message);
    }

    [Theory]
    [InlineData(404, KubernetesFailure.NotFound, false)]
    [InlineData(409, KubernetesFailure.Conflict, false)]
    [InlineData(410, KubernetesFailure.Expired, false)]
    [InlineData(422, KubernetesFailure.Rejected, false)]
    [InlineData(429, KubernetesFailure.TooManyRequests, false)]
    [InlineData(500, KubernetesFailure.ServerError, true)]
    [InlineData(503, KubernetesFailure.ServerError, true)]
    public void Get_ErrorStatus_IsClassified(int code, KubernetesFailure failure, bool isUnknown)
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Fault(code, "Word", "a sentence", TimeSpan.FromSeconds(7)));
        var e = Fails(() => Client(handler).GetAsync<Scale>(Scale, default));
        Assert.Equal((failure, isUnknown, TimeSpan.FromSeconds(7)), (e.Failure, e.IsOutcomeUnknown, e.RetryAfter));
        Assert.Contains("a sentence", e.Message);
    }

    [Fact]
    public void Get_RetryAfterInStatusOrAsDate_IsRead()
    {
        var inStatus = ScriptedHandler.Json(new Status { Code = 429, Details = new StatusDetails(RetryAfterSeconds: 3) }, HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(3), Fails(() => Client(new ScriptedHandler(_ => inStatus)).GetAsync<Scale>(Scale, default)).RetryAfter);
        var asDate = ScriptedHandler.Fault(503);
        asDate.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(_time.Now.AddSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), Fails(() => Client(new ScriptedHandler(_ => asDate)).GetAsync<Scale>(Scale, default)).RetryAfter);
    }

    [Fact]
    public void Get_NoAnswer_TimesOutInItsTime()
    {
        var start = _time.Now;
        var e = Fails(() => Client(new ScriptedHandler((_, token) => ScriptedHandler.Never(token))).GetAsync<Scale>(Scale, default));
        Assert.Equal(KubernetesFailure.TimedOut, e.Failure);
        Assert.Equal(TimeSpan.FromSeconds(15), _time.Now - start);
        Assert.Equal("kube.test:6443: no answer within 15 s to get deployments/scale web in namespace shop", e.Message);
    }

    [Fact]
    public void Get_OwnCancellation_IsThrownAsSuch()
    {
        using var own = new CancellationTokenSource();
        var task = Client(new ScriptedHandler((_, token) => ScriptedHandler.Never(token))).GetAsync<Scale>(Scale, own.Token);
        own.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => task.GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData("<html>", "cannot be read")]
    [InlineData("null", "it is empty")]
    [InlineData("""{"spec":{"replicas":"many"}}""", "cannot be read")]
    public void Get_UnreadableAnswer_IsABadAnswer(string body, string expected)
    {
        var e = Fails(() => Client(new ScriptedHandler(_ => ScriptedHandler.Text(body))).GetAsync<Scale>(Scale, default));
        Assert.Equal(KubernetesFailure.BadAnswer, e.Failure);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Get_AnswerTooLong_IsABadAnswer()
    {
        var client = new KubernetesClient(new ScriptedHandler(_ => ScriptedHandler.Text(new string(' ', 5000))), ScriptedHandler.Server, _time, null, new KubernetesClientOptions { MaxAnswerBytes = 4096 });
        Assert.Contains("longer than 4096 bytes", Fails(() => client.GetAsync<Scale>(Scale, default)).Message);
    }

    [Fact]
    public void Get_BrokenConnection_HasAnUnknownOutcome()
    {
        var e = Fails(() => Client(new ScriptedHandler(_ => throw new HttpRequestException("reset by peer"))).GetAsync<Scale>(Scale, default));
        Assert.Equal((KubernetesFailure.ConnectionBroken, true), (e.Failure, e.IsOutcomeUnknown));
    }

    [Fact]
    public void Get_RefusedConnection_WasNotSent()
    {
        var e = Fails(() => Client(new ScriptedHandler(_ => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"))).GetAsync<Scale>(Scale, default));
        Assert.Equal((KubernetesFailure.Unreachable, false), (e.Failure, e.IsOutcomeUnknown));
        Assert.Equal("kube.test:6443: cannot connect for get deployments/scale web in namespace shop: Connection refused", e.Message);
    }

    private KubernetesClient Client(HttpMessageHandler handler) => new(handler, ScriptedHandler.Server, _time);

    private KubernetesException Fails<T>(Func<Task<T>> work) => Assert.Throws<KubernetesException>(() => _time.Run(work));

    private static KubernetesList<Pod> Page(string version, string? token, params string[] names) => new()
    {
        Metadata = new ListMeta(version, token),
        Items = [.. names.Select(n => new Pod { Metadata = new ObjectMeta(Name: n) })],
    };
}

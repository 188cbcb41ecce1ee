using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Actuation;

public sealed class ScaleActuatorTests
{
    [Fact]
    public void Apply_AllWell_WritesOnceAndTells()
    {
        var scene = new ActuationScene();
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Applied, 7, null), (result.Outcome, result.ReplicasSeen, result.Error));
        Assert.Equal((7, 1), (scene.Api.Replicas, scene.Api.Landed));
        Assert.Equal(new ScaleIntent("test/shop/deployment/web@3.12", 3, 4, 7, "100"), Assert.Single(scene.Intents));
        var put = Assert.Single(scene.Handler.Requests, r => r.Method == "PUT");
        Assert.Equal("?fieldManager=controlplane", put.Query);
        Assert.Matches(@"^controlplane/[0-9.]+ \(decision test/shop/deployment/web@3\.12; epoch 3\)$", put.UserAgent);
        Assert.Equal(("uid-1", "100"), (put.Read<Scale>().Metadata.Uid, put.Read<Scale>().Metadata.ResourceVersion));
    }

    [Fact]
    public void Apply_Applied_RecordsAnEventOnTheWorkload()
    {
        var scene = new ActuationScene();
        scene.Apply();
        var e = Assert.Single(scene.Api.Events);
        Assert.Equal(("ScaledUp", "Normal", "controlplane"), (e.Reason, e.Type, e.ReportingComponent));
        Assert.Equal(("Deployment", "web", "shop", "uid-1"), (e.InvolvedObject!.Kind, e.InvolvedObject.Name, e.InvolvedObject.Namespace, e.InvolvedObject.Uid));
        Assert.Equal("scaled 4 → 7: Reactive [decision test/shop/deployment/web@3.12]", e.Message);
        Assert.Matches("^web\\.[0-9a-f]{16}$", e.Metadata.Name!);
    }

    [Theory]
    [InlineData(Trouble.Forbidden)]
    [InlineData(Trouble.LostBefore)]
    [InlineData(Trouble.ServerErrorBefore)]
    public void Apply_EventFails_StaysApplied(object trouble)
    {
        var scene = new ActuationScene { EventTrouble = (Trouble)trouble };
        Assert.Equal(ActuationOutcome.Applied, scene.Apply().Outcome);
    }

    [Fact]
    public void Apply_NotActionableOrHold_AsksNothing()
    {
        var scene = new ActuationScene();
        Assert.Equal(ActuationOutcome.Skipped, scene.Apply(ActuationScene.Decision(isActionable: false)).Outcome);
        Assert.Equal(ActuationOutcome.Skipped, scene.Apply(ActuationScene.Decision(action: ScalingAction.Hold)).Outcome);
        Assert.Equal(ActuationOutcome.Skipped, scene.Apply(ActuationScene.Decision(desired: null)).Outcome);
        Assert.Empty(scene.Handler.Requests);
    }

    [Fact]
    public void Apply_AlreadyAsDesired_Skips()
    {
        var scene = new ActuationScene();
        scene.Api.SetByOthers(7);
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Skipped, 7, 0), (result.Outcome, result.ReplicasSeen, scene.Puts));
    }

    [Fact]
    public void Apply_ReplicasDifferFromTheDecisions_IsAConflictWithoutAWrite()
    {
        var scene = new ActuationScene();
        scene.Api.SetByOthers(5);
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Conflict, 5, 0), (result.Outcome, result.ReplicasSeen, scene.Puts));
        Assert.Contains("asks for 5 replicas, the decision was made for 4", result.Error);
    }

    [Fact]
    public void Apply_CurrentReplicasUnknown_StartsFromWhatIsRead()
    {
        var scene = new ActuationScene();
        Assert.Equal(ActuationOutcome.Applied, scene.Apply(ActuationScene.Decision(current: null)).Outcome);
        Assert.Equal(4, scene.Intents[0].From);
    }

    [Theory]
    [InlineData("apps/v1", "Deployment", "web", true)]
    [InlineData("apps/v1beta1", "Deployment", "web", true)]
    [InlineData("apps/v1", "Deployment", "web2", false)]
    [InlineData("apps/v1", "StatefulSet", "web", false)]
    [InlineData("example.org/v1", "Deployment", "web", false)]
    public void Apply_Autoscaler_DeniesOnlyForTheSameTarget(string apiVersion, string kind, string name, bool isSame)
    {
        var scene = new ActuationScene();
        scene.Api.Autoscalers.Add(new HorizontalPodAutoscaler
        {
            Metadata = new ObjectMeta(Name: "web-hpa"),
            Spec = new HorizontalPodAutoscalerSpec(new CrossVersionObjectReference(apiVersion, kind, name)),
        });
        var result = scene.Apply();
        Assert.Equal(isSame ? ActuationOutcome.Denied : ActuationOutcome.Applied, result.Outcome);
        if (!isSame) return;
        Assert.Contains("HorizontalPodAutoscaler web-hpa in namespace shop controls deployment web too", result.Error);
        Assert.Empty(scene.Intents);
    }

    [Theory]
    [InlineData(Trouble.NotFound, ActuationOutcome.Applied)]
    [InlineData(Trouble.Forbidden, ActuationOutcome.Denied)]
    [InlineData(Trouble.ServerErrorBefore, ActuationOutcome.Failed)]
    [InlineData(Trouble.LostBefore, ActuationOutcome.Failed)]
    public void Apply_AutoscalersCannotBeListed_NeverWritesBlindly(object trouble, ActuationOutcome expected)
    {
        var scene = new ActuationScene { AutoscalerTrouble = (Trouble)trouble };
        Assert.Equal(expected, scene.Apply().Outcome);
        Assert.Equal(expected == ActuationOutcome.Applied ? 1 : 0, scene.Puts);
    }

    [Fact]
    public void Apply_AutoscalerList_IsKeptForAMinute()
    {
        var scene = new ActuationScene();
        scene.Apply();
        scene.Apply(ActuationScene.Decision(current: 7, desired: 8));
        Assert.Single(Lists());
        scene.Time.Advance(TimeSpan.FromSeconds(61));
        scene.Apply(ActuationScene.Decision(current: 8, desired: 9));
        Assert.Equal(2, Lists().Count());

        IEnumerable<object> Lists() => scene.Handler.Requests.Where(r => r.Path.EndsWith("/horizontalpodautoscalers", StringComparison.Ordinal));
    }

    [Fact]
    public void Apply_BeforeWriteThrows_WritesNothingAndPassesIt()
    {
        var scene = new ActuationScene { BeforeWrite = _ => throw new InvalidDataException("etag") };
        Assert.Equal("etag", Assert.Throws<InvalidDataException>(() => scene.Apply()).Message);
        Assert.Equal(0, scene.Puts);
    }

    [Fact]
    public void Apply_BeforeWriteThrowsAKubernetesException_PassesItToo()
    {
        var scene = new ActuationScene { BeforeWrite = _ => Task.FromException(new KubernetesException(KubernetesFailure.TimedOut, "storage")) };
        Assert.Throws<KubernetesException>(() => scene.Apply());
        Assert.Equal(0, scene.Puts);
    }

    [Theory]
    [InlineData(Trouble.LostAfter)]
    [InlineData(Trouble.BrokenAfter)]
    [InlineData(Trouble.ServerErrorAfter)]
    [InlineData(Trouble.TruncatedAfter)]
    [InlineData(Trouble.LandsLate)]
    public void Apply_AnswerLostAfterLanding_IsSeenAsApplied(object trouble)
    {
        var scene = new ActuationScene().OnPut((Trouble)trouble);
        Assert.Equal(ActuationOutcome.Applied, scene.Apply().Outcome);
        Assert.Equal((1, 1), (scene.Api.Landed, scene.Puts));
        Assert.Single(scene.Intents);
    }

    [Theory]
    [InlineData(Trouble.LostBefore)]
    [InlineData(Trouble.BrokenBefore)]
    [InlineData(Trouble.ServerErrorBefore)]
    [InlineData(Trouble.Unavailable)]
    [InlineData(Trouble.Refused)]
    [InlineData(Trouble.TooMany)]
    public void Apply_RequestLost_IsTriedAgainWithTheSameVersion(object trouble)
    {
        var scene = new ActuationScene().OnPut((Trouble)trouble, (Trouble)trouble);
        Assert.Equal(ActuationOutcome.Applied, scene.Apply().Outcome);
        Assert.Equal(["100", "100", "100"], scene.Api.PutVersions);
        Assert.Equal(1, scene.Api.Landed);
        Assert.Single(scene.Intents);
    }

    [Fact]
    public void Apply_NeverAnswered_EndsUnknownAfterBoundedTries()
    {
        var scene = new ActuationScene().OnPut([.. Enumerable.Repeat(Trouble.BrokenBefore, 10)]);
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Failed, 4), (result.Outcome, scene.Puts));
        Assert.StartsWith("outcome unknown", result.Error);
    }

    [Fact]
    public void Apply_UnknownThenSomebodyElse_EndsUnknownWithoutAnotherWrite()
    {
        var scene = new ActuationScene().OnPut(Trouble.BrokenBefore).OnGet(Trouble.None, Trouble.SomebodyElse);
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Failed, 9, 1), (result.Outcome, result.ReplicasSeen, scene.Puts));
        Assert.StartsWith("outcome unknown", result.Error);
    }

    [Fact]
    public void Apply_UnknownThenStatusChange_DoesNotMoveToTheNewVersion()
    {
        var scene = new ActuationScene().OnPut(Trouble.BrokenBefore, Trouble.StatusChange);
        var result = scene.Apply();
        Assert.Equal(ActuationOutcome.Failed, result.Outcome);
        Assert.StartsWith("outcome unknown", result.Error);
        Assert.Equal(["100", "100"], scene.Api.PutVersions);
        Assert.Equal(0, scene.Api.Landed);
    }

    [Fact]
    public void Apply_StatusChangesUnderTheWrite_StoresTheIntentAgainAndWrites()
    {
        var scene = new ActuationScene().OnPut(Trouble.StatusChange, Trouble.StatusChange);
        Assert.Equal(ActuationOutcome.Applied, scene.Apply().Outcome);
        Assert.Equal(["100", "101", "102"], scene.Intents.Select(i => i.ResourceVersion));
        Assert.Equal(1, scene.Api.Landed);
    }

    [Fact]
    public void Apply_StatusChangesForEver_GivesUpAsConflict()
    {
        var scene = new ActuationScene().OnPut([.. Enumerable.Repeat(Trouble.StatusChange, 20)]);
        Assert.Equal(ActuationOutcome.Conflict, scene.Apply().Outcome);
        Assert.Equal((6, 0), (scene.Puts, scene.Api.Landed));
    }

    [Fact]
    public void Apply_SecondIntentCannotBeStored_WritesNothingMore()
    {
        var scene = new ActuationScene().OnPut(Trouble.StatusChange);
        scene.BeforeWrite = intent => intent.ResourceVersion == "100" ? Task.CompletedTask : throw new InvalidDataException("etag");
        Assert.Throws<InvalidDataException>(() => scene.Apply());
        Assert.Equal((1, 0), (scene.Puts, scene.Api.Landed));
    }

    [Theory]
    [InlineData(Trouble.SomebodyElse, ActuationOutcome.Conflict, 9)]
    [InlineData(Trouble.SomebodySetsDesired, ActuationOutcome.Skipped, 7)]
    public void Apply_SomebodyElseAtTheSameTime_IsNotOverwritten(object trouble, ActuationOutcome expected, int seen)
    {
        var scene = new ActuationScene().OnPut((Trouble)trouble);
        var result = scene.Apply();
        Assert.Equal((expected, seen, 0), (result.Outcome, result.ReplicasSeen, scene.Api.Landed));
    }

    [Theory]
    [InlineData(Trouble.Forbidden, ActuationOutcome.Denied, "forbidden: cannot update deployments/scale web in namespace shop as sa")]
    [InlineData(Trouble.NotFound, ActuationOutcome.Failed, "not found: cannot update deployments/scale web in namespace shop")]
    [InlineData(Trouble.Invalid, ActuationOutcome.Failed, "spec.replicas")]
    public void Apply_WriteRefused_SaysWhy(object trouble, ActuationOutcome expected, string sentence)
    {
        var result = new ActuationScene().OnPut((Trouble)trouble).Apply();
        Assert.Equal(expected, result.Outcome);
        Assert.Contains(sentence, result.Error);
    }

    [Theory]
    [InlineData(Trouble.Forbidden, ActuationOutcome.Denied, "cannot get deployments/scale web")]
    [InlineData(Trouble.NotFound, ActuationOutcome.Failed, "not found: cannot get deployments/scale web")]
    [InlineData(Trouble.TooManyLong, ActuationOutcome.Failed, "too many requests")]
    public void Apply_FirstReadRefused_SaysWhy(object trouble, ActuationOutcome expected, string sentence)
    {
        var scene = new ActuationScene().OnGet((Trouble)trouble);
        var result = scene.Apply();
        Assert.Equal((expected, 0), (result.Outcome, scene.Puts));
        Assert.Contains(sentence, result.Error);
    }

    [Fact]
    public void Apply_LongRetryAfter_IsHandedBack()
    {
        var scene = new ActuationScene().OnPut(Trouble.TooManyLong);
        var start = scene.Time.Now;
        var result = scene.Apply();
        Assert.Equal((ActuationOutcome.Failed, TimeSpan.FromSeconds(60)), (result.Outcome, result.RetryAfter));
        Assert.Equal(start, scene.Time.Now);
        Assert.DoesNotContain("unknown", result.Error);
    }

    [Fact]
    public void Apply_ShortRetryAfter_IsWaitedFor()
    {
        var scene = new ActuationScene().OnPut(Trouble.TooMany);
        var start = scene.Time.Now;
        Assert.Equal(ActuationOutcome.Applied, scene.Apply().Outcome);
        Assert.Equal(TimeSpan.FromSeconds(2), scene.Time.Now - start);
    }

    [Fact]
    public void Apply_WorkloadBudgetSpent_FailsWithTheWait()
    {
        var scene = new ActuationScene(new ActuatorOptions { WorkloadBurst = 2, WorkloadWritesPerMinute = 4 });
        scene.Apply();
        scene.Apply(ActuationScene.Decision(current: 7, desired: 8));
        var result = scene.Apply(ActuationScene.Decision(current: 8, desired: 9));
        Assert.Equal((ActuationOutcome.Failed, TimeSpan.FromSeconds(15), 2), (result.Outcome, result.RetryAfter, scene.Api.Landed));
        Assert.Contains("the workload's budget is used up", result.Error);
        scene.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(ActuationOutcome.Applied, scene.Apply(ActuationScene.Decision(current: 8, desired: 9)).Outcome);
    }

    [Fact]
    public void Apply_ClusterBudgetSpent_FailsForOtherWorkloadsToo()
    {
        var scene = new ActuationScene(new ActuatorOptions { ClusterBurst = 1, ClusterWritesPerSecond = 0.5 });
        scene.Apply();
        var other = new WorkloadSpec { Id = WorkloadId.Parse("test/shop/deployment/api") };
        var result = scene.Apply(ActuationScene.Decision(current: 7, desired: 8) with { Workload = other.Id }, other);
        Assert.Equal((ActuationOutcome.Failed, TimeSpan.FromSeconds(2)), (result.Outcome, result.RetryAfter));
        Assert.Contains("the cluster's budget", result.Error);
    }

    [Fact]
    public void Apply_UnknownCluster_FailsNamingIt()
    {
        var spec = new WorkloadSpec { Id = WorkloadId.Parse("elsewhere/shop/deployment/web") };
        var result = new ActuationScene().Apply(ActuationScene.Decision() with { Workload = spec.Id }, spec);
        Assert.Equal(ActuationOutcome.Failed, result.Outcome);
        Assert.Contains("'elsewhere'", result.Error);
    }

    [Fact]
    public void Apply_AnswersArriveElsewhere_BeforeWriteStaysOnTheCallersScheduler()
    {
        // A read that takes time completes off the caller's scheduler, as a socket's would.
        var scene = new ActuationScene().OnGet(Trouble.BrokenBefore).OnPut(Trouble.StatusChange);
        var scheduler = new OwnScheduler();
        var schedulers = new List<TaskScheduler>();
        scene.BeforeWrite = _ =>
        {
            schedulers.Add(TaskScheduler.Current);
            return Task.CompletedTask;
        };
        var task = Task.Factory.StartNew(
            () => scene.Actuator.ApplyAsync(
                ActuationScene.Spec, ActuationScene.Decision(), i => scene.BeforeWrite(i), default), default, TaskCreationOptions.None, scheduler).Unwrap();
        // The test runner's context would win over the scheduler.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        for (var i = 0; i < 100 && !task.IsCompleted; i++)
        {
            scheduler.RunAll();
            scene.Time.Advance(TimeSpan.FromSeconds(1));
        }

        SynchronizationContext.SetSynchronizationContext(context);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal([scheduler, scheduler], schedulers);
    }

    private sealed class OwnScheduler : TaskScheduler
    {
        private readonly Queue<Task> _tasks = new();

        public void RunAll()
        {
            while (_tasks.TryDequeue(out var task)) TryExecuteTask(task);
        }

        protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

        protected override void QueueTask(Task task) => _tasks.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
    }
}

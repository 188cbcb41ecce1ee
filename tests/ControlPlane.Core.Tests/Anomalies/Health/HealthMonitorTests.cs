using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Tests.Anomalies.Health;

public sealed class HealthMonitorTests
{
    [Fact]
    public void Update_HealthyPods_SaysNothing()
    {
        var scene = new PodScene(8);
        for (var step = 0; step < 200; step++) Assert.True(scene.Next().IsHealthy);
    }

    [Fact]
    public void Update_PodWithErrors_IsNamedAfterThreeSteps()
    {
        var scene = Warm(8);
        scene.Pods[3].Errors = 0.7;
        Assert.True(scene.Run(2).Faults.IsEmpty);
        var fault = Assert.Single(scene.Next().Faults);
        Assert.Equal(("web-03", "node-2", PodFaultKind.Errors, true), (fault.Pod, fault.Node, fault.Kind, fault.IsReady));
        Assert.Equal(scene.Time - 2 * PodScene.Step, fault.Since);
        Assert.Contains("share of errors 0.7", fault.Evidence);
    }

    [Fact]
    public void Update_WeakHarm_TakesLonger()
    {
        var scene = Warm(8);
        scene.Pods[3].Errors = 0.2;
        Assert.True(scene.Run(17).Faults.IsEmpty);
        Assert.Single(scene.Run(3).Faults);
    }

    [Theory]
    [InlineData(0.2, 7)]
    [InlineData(0.8, 2)]
    public void Update_HarmThatUsersFeel_CountsSooner(double errors, int steps)
    {
        var scene = Warm(8);
        (scene.Pods[3].Errors, scene.Latency) = (errors, 0.6);
        Assert.True(scene.Run(steps - 1).Faults.IsEmpty);
        Assert.Single(scene.Next().Faults);
    }

    [Fact]
    public void Update_PodThatIsSlowAndFails_IsNamedAfterTwoStepsThoughNobodyNotices()
    {
        var scene = Warm(8);
        (scene.Pods[3].Errors, scene.Pods[3].Latency) = (0.4, 3);
        Assert.True(scene.Next().Faults.IsEmpty);
        Assert.Equal(PodFaultKind.Slow, Assert.Single(scene.Next().Faults).Kind);
    }

    [Fact]
    public void Update_WorkloadIsAsSlowAsItsWorstPod_IsNoDependency()
    {
        // A workload without traffic metrics of its own is taken to be like its worst pod.
        var scene = Warm(20);
        (scene.Pods[3].Latency, scene.Latency) = (0.55, 0.55);
        for (var i = 0; i < 6; i++) Assert.Equal(CommonCause.None, scene.Next().Cause);
        foreach (var pod in scene.Pods) pod.Latency = 0.55;
        Assert.Equal(CommonCause.Dependency, scene.Next().Cause);
    }

    [Fact]
    public void Update_OnlyPodRestarts_IsNoDependency()
    {
        var scene = Warm(1);
        (scene.Pods[0].IsReady, scene.Latency, scene.Utilization) = (false, 3, 0.02);
        for (var i = 0; i < 3; i++) Assert.NotEqual(CommonCause.Dependency, scene.Next().Cause);
        scene.Pods[0].IsReady = true;
        Assert.NotEqual(CommonCause.Dependency, scene.Next().Cause);
    }

    [Fact]
    public void Update_PodsThatStartPullTheUtilizationDown_IsOverload()
    {
        var scene = Warm(2);
        scene.Pods.Add(new ScenePod("web-new", "node-2", scene.Time) { IsReady = false, Cpu = 0.02 });
        (scene.Latency, scene.Utilization) = (1.4, 0.6);
        Assert.Equal(CommonCause.Overload, scene.Run(3).Cause);
    }

    [Fact]
    public void Update_ShortHiccup_IsForgotten()
    {
        var scene = Warm(8);
        for (var day = 0; day < 20; day++)
        {
            scene.Pods[3].Latency = 2;
            Assert.True(scene.Run(2).Faults.IsEmpty);
            scene.Pods[3].Latency = 0.15;
            Assert.True(scene.Run(6).Faults.IsEmpty);
        }
    }

    [Fact]
    public void Update_IdlePodAmongBusyOnes_IsHung()
    {
        var scene = Warm(8);
        (scene.Pods[5].Cpu, scene.Pods[5].Errors, scene.Pods[5].Latency) = (0.02, 1, null);
        Assert.Equal(PodFaultKind.Hung, Assert.Single(scene.Run(2).Faults).Kind);
    }

    [Fact]
    public void Update_IdlePodWithoutTrafficMetrics_IsHungLater()
    {
        var scene = new PodScene(8);
        foreach (var pod in scene.Pods) (pod.Errors, pod.Latency) = (null, null);
        scene.Run(10);
        scene.Pods[5].Cpu = 0.02;
        Assert.True(scene.Run(5).Faults.IsEmpty);
        Assert.Equal(PodFaultKind.Hung, Assert.Single(scene.Run(2).Faults).Kind);
    }

    [Fact]
    public void Update_OddPodThatDoesNoHarm_IsOnlyReported()
    {
        var scene = Warm(8);
        scene.Pods[2].Cpu = 1.2;
        Assert.True(scene.Run(30).Faults.IsEmpty);
        Assert.Equal(PodFaultKind.Odd, Assert.Single(scene.Run(15).Faults).Kind);
    }

    [Fact]
    public void Update_GrowingMemory_IsALeakBeforeTheKill()
    {
        var scene = Warm(8);
        var report = scene.Run(60, i => scene.Pods[1].Memory = 0.6 + 0.02 * i);
        Assert.Equal(PodFaultKind.MemoryLeak, Assert.Single(report.Faults).Kind);
    }

    [Fact]
    public void Update_TwoRestarts_AreACrashLoopOneIsNot()
    {
        var scene = Warm(8);
        scene.Pods[6].Restarts = 1;
        Assert.True(scene.Run(3).Faults.IsEmpty);
        scene.Pods[6].Restarts = 2;
        Assert.Equal(PodFaultKind.CrashLoop, Assert.Single(scene.Next().Faults).Kind);
        Assert.True(scene.Run(50).IsHealthy, "restarts of long ago");
    }

    [Fact]
    public void Update_CrashLoopOfAPodThatIsJustReadyAgain_IsNamed()
    {
        var scene = Warm(8);
        scene.Pods[6].Restarts = 1;
        scene.Next();
        (scene.Pods[6].Restarts, scene.Pods[6].IsReady) = (2, false);
        scene.Next();
        scene.Pods[6].IsReady = true;
        Assert.Equal(PodFaultKind.CrashLoop, Assert.Single(scene.Next().Faults).Kind);
    }

    [Fact]
    public void Update_UnreadyForLongerThanARestart_IsAFault()
    {
        var scene = Warm(8);
        scene.Pods[4].IsReady = false;
        Assert.True(scene.Run(5).Faults.IsEmpty);
        var fault = Assert.Single(scene.Run(2).Faults);
        Assert.Equal((PodFaultKind.NotReady, false), (fault.Kind, fault.IsReady));
    }

    [Fact]
    public void Update_AllPodsOfANodeUnready_AreTheNodesAtOnce()
    {
        var scene = Warm(8);
        (scene.Pods[2].IsReady, scene.Pods[3].IsReady) = (false, false);
        var report = scene.Run(3);
        Assert.Equal((CommonCause.Node, "node-2", 2), (report.Cause, report.Node, report.Faults.Length));
    }

    [Fact]
    public void Update_MostPodsFaulty_HaveACommonCause()
    {
        var scene = Warm(8);
        foreach (var pod in scene.Pods.Take(5)) pod.Errors = 0.5;
        scene.Latency = 0.3;
        var report = scene.Run(8);
        Assert.True(report.Faults.Length != 1);
        Assert.NotEqual(CommonCause.Node, report.Cause);
        if (!report.Faults.IsEmpty) Assert.Equal(CommonCause.Dependency, report.Cause);
    }

    [Fact]
    public void Update_AllPodsSlowAndNotBusy_IsADependency()
    {
        var scene = Warm(8);
        scene.Latency = 1.4;
        foreach (var pod in scene.Pods) pod.Latency = 1.4;
        var report = scene.Run(3);
        Assert.Equal(CommonCause.Dependency, report.Cause);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public void Update_AllPodsSlowAndBusy_IsOverload()
    {
        var scene = Warm(8);
        (scene.Latency, scene.Utilization) = (1.4, 0.97);
        Assert.Equal(CommonCause.Overload, scene.Run(3).Cause);
    }

    [Fact]
    public void Update_OnlyPodTwiceAsBusyAsUsual_IsNoDependency()
    {
        var scene = new PodScene(1) { Utilization = 0.35 };
        Assert.True(scene.Run(20).IsHealthy);
        (scene.Latency, scene.Utilization) = (3, 0.77);
        Assert.Equal(CommonCause.Overload, scene.Run(3).Cause);
    }

    [Fact]
    public void Update_NewPodsFaultyFromTheirStart_AreTheRelease()
    {
        var scene = Warm(8);
        for (var i = 0; i < 2; i++) scene.Pods[2 * i] = new ScenePod($"web-n{i}", $"node-{i + 1}", scene.Time) { Errors = 0.6 };
        var report = scene.Run(12);
        Assert.Equal(CommonCause.Release, report.Cause);
    }

    [Fact]
    public void Update_NewPodsFailFromTheirFirstRequest_AreTheReleaseBeforeTheyAreWarm()
    {
        var scene = Warm(8);
        for (var i = 0; i < 2; i++) scene.Pods[2 * i] = new ScenePod($"web-n{i}", $"node-{i + 1}", scene.Time) { Errors = 0.6, Latency = 2 };
        Assert.Equal(CommonCause.None, scene.Next().Cause);
        var report = scene.Run(2);
        Assert.Equal((CommonCause.Release, 2), (report.Cause, report.Faults.Length));
    }

    [Fact]
    public void Update_OneOfSeveralNewPodsFails_IsNobodysFaultUntilItIsWarm()
    {
        var scene = Warm(8);
        for (var i = 0; i < 3; i++) scene.Pods[2 * i] = new ScenePod($"web-n{i}", $"node-{i + 1}", scene.Time) { Errors = i == 0 ? 0.6 : 0.002 };
        for (var i = 0; i < 3; i++) Assert.True(scene.Next().Faults.IsEmpty);
        Assert.Equal("web-n0", Assert.Single(scene.Run(2).Faults).Pod);
    }

    [Fact]
    public void Update_NewPodsSlowAtFirst_AreNobodysFault()
    {
        var scene = Warm(8);
        for (var i = 0; i < 2; i++) scene.Pods[2 * i] = new ScenePod($"web-n{i}", $"node-{i + 1}", scene.Time) { Latency = 3 };
        Assert.True(scene.Run(3).IsHealthy);
        foreach (var pod in scene.Pods) pod.Latency = 0.15;
        Assert.True(scene.Run(10).IsHealthy);
    }

    [Fact]
    public void Update_TwoPods_TheWorseOneIsNamed()
    {
        var scene = Warm(2);
        scene.Pods[1].Errors = 0.8;
        Assert.Equal("web-01", Assert.Single(scene.Run(3).Faults).Pod);
    }

    [Fact]
    public void Update_FrozenSamples_AreTheInputAndNobodysFaultBefore()
    {
        var scene = Warm(8, 60);
        (scene.Pods[1].Errors, scene.Pods[1].Latency, scene.IsFrozen) = (0.8, 3, true);
        for (var i = 0; i < 40; i++)
        {
            var report = scene.Next();
            Assert.Empty(report.Faults);
            Assert.Equal(i < 4 ? CommonCause.None : CommonCause.Input, report.Cause);
        }
    }

    [Fact]
    public void Update_SamplesThatNeverChange_AreNotCalledFrozen()
    {
        var scene = new PodScene(8) { IsFrozen = true };
        Assert.True(scene.Run(100).IsHealthy);
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public void Update_SamplesOfAnotherTime_AreTheInput(int seconds)
    {
        var scene = Warm(8);
        scene.Skew = TimeSpan.FromSeconds(seconds);
        scene.Pods[1].Errors = 0.8;
        Assert.Equal(CommonCause.Input, scene.Run(4).Cause);
    }

    [Fact]
    public void Update_NothingAtAll_IsTheInputAfterSomeSteps()
    {
        var scene = Warm(8);
        for (var i = 0; i < 3; i++) Assert.True(scene.Next(withReading: false).IsHealthy);
        Assert.Equal(CommonCause.Input, scene.Next(withReading: false).Cause);
        Assert.True(scene.Next().IsHealthy);
    }

    [Fact]
    public void Update_SamplesMissing_IsTheInputAndNobodysFault()
    {
        var scene = Warm(8);
        scene.Pods[1].Errors = 0.8;
        for (var i = 0; i < 20; i++) Assert.Empty(scene.Next(withSamples: false).Faults);
        Assert.Equal(CommonCause.Input, scene.Next(withSamples: false).Cause);
    }

    [Fact]
    public void Update_ValuesThatAreNotFinite_NameNobody()
    {
        var scene = Warm(8);
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1];
        for (var i = 0; i < 200; i++)
        {
            var pod = scene.Pods[i % 8];
            (pod.Cpu, pod.Memory, pod.Errors, pod.Latency) = (values[i % 4], values[(i + 1) % 4], values[(i + 2) % 4], values[(i + 3) % 4]);
            Assert.Empty(scene.Next().Faults);
        }
    }

    [Fact]
    public void Update_AbsurdButFiniteValues_DoNotFail()
    {
        var scene = Warm(8);
        double[] values = [double.NaN, double.MaxValue, -double.MaxValue, double.Epsilon, 1e300];
        for (var i = 0; i < 200; i++)
        {
            var pod = scene.Pods[i % 8];
            (pod.Cpu, pod.Memory, pod.Errors, pod.Latency) = (values[i % 5], values[(i + 1) % 5], values[(i + 2) % 5], values[(i + 3) % 5]);
            Assert.All(scene.Next().Faults, f => Assert.True(double.IsFinite(f.Score)));
        }
    }

    [Fact]
    public void Update_OtherPodsInEveryStep_NamesNobody()
    {
        var scene = new PodScene(8);
        for (var step = 0; step < 100; step++)
        {
            scene.Pods.Clear();
            for (var i = 0; i < 1 + step % 9; i++) scene.Pods.Add(new ScenePod($"web-{step:000}-{i}", $"node-{i}", scene.Time) { Errors = i == 0 ? 1 : 0, Cpu = i == 0 ? 0 : 0.6 });
            Assert.Empty(scene.Next().Faults);
        }
    }

    private static PodScene Warm(int pods, int steps = 10)
    {
        var scene = new PodScene(pods);
        Assert.True(scene.Run(steps).IsHealthy);
        return scene;
    }
}

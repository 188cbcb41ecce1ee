using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Anomalies.Pods;

public sealed class PodOutlierDetectorTests
{
    /// <summary>Latency in seconds and processor as a fraction.</summary>
    private static PodOutlierDetector Make() => new([0.02, 0.05]);

    private static DateTimeOffset Time(int step) => DateTimeOffset.UnixEpoch.AddSeconds(15 * step);

    [Fact]
    public void Update_OnePodSlow_IsReportedAfterFourStepsWithItsFeature()
    {
        var (detector, noise) = (Make(), new SeededNoise(1));
        for (var i = 0; i < 40; i++)
        {
            var found = detector.Update(Time(i), Pods(8, noise, i >= 20 ? "pod-3" : null));
            if (i < 23)
            {
                Assert.Empty(found);
                continue;
            }

            var slow = Assert.Single(found);
            Assert.Equal(("pod-3", Time(20), 0), (slow.Pod, slow.Since, slow.Feature));
            Assert.True(slow.Score > 10 && slow.Share > 0.8 && slow.Novelty > 4);
        }

        // It recovers: nothing is left of it.
        Assert.Empty(detector.Update(Time(40), Pods(8, noise, null)));
    }

    [Fact]
    public void Update_AllPodsSlow_IsNoPodsFault()
    {
        var (detector, noise) = (Make(), new SeededNoise(2));
        for (var i = 0; i < 40; i++)
        {
            PodReading[] pods = [.. Pods(8, noise, null).Select(p => i < 20 ? p : p with { Values = [p.Values[0] + 0.8, p.Values[1]] })];
            Assert.Empty(detector.Update(Time(i), pods));
        }
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Update_ManyPodsSlow_ReportsNobody(int slow, bool isCommonCause)
    {
        var (detector, noise) = (Make(), new SeededNoise(3));
        for (var i = 0; i < 20; i++)
        {
            PodReading[] pods = [.. Pods(8, noise, null).Select((p, k) => k >= slow ? p : p with { Values = [p.Values[0] + 0.8, p.Values[1]] })];
            Assert.Empty(detector.Update(Time(i), pods));
            // Two halves have no majority that the other could be unlike.
            Assert.Equal(isCommonCause, detector.IsCommonCause);
        }
    }

    [Fact]
    public void Update_PodListChangesEveryStep_ReportsNobodyAndStaysSmall()
    {
        var (detector, noise, largest) = (Make(), new SeededNoise(4), 0);
        for (var i = 0; i < 500; i++)
        {
            PodReading[] pods = [.. Enumerable.Range(0, 12).Select(k => new PodReading($"pod-{i}-{k}", [0.1 + (k == 0 ? 1 : 0) + 0.01 * noise.NextNormal(), 0.5]))];
            Assert.Empty(detector.Update(Time(i), pods));
            largest = Math.Max(largest, detector.Save().Length);
        }

        Assert.InRange(largest, 1, 4 * 1024);
    }

    [Fact]
    public void Update_UnknownFrozenAndFewPods_ReportNobody()
    {
        var detector = Make();
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(detector.Update(Time(i), []));
            Assert.Empty(detector.Update(Time(i), [new("a", [0.1, 0.5]), new("b", [9, 0.5]), new("c", [0.1, 0.5])]));
            Assert.Empty(detector.Update(Time(i), [.. Enumerable.Range(0, 6).Select(k => new PodReading($"pod-{k}", [double.NaN, double.PositiveInfinity]))]));
            Assert.Empty(detector.Update(Time(i), [.. Enumerable.Range(0, 6).Select(k => new PodReading($"pod-{k}", [0.2, 0]))]));
            Assert.Empty(detector.Update(Time(i), [new("a", default), new("", [1, 1])]));
        }
    }

    [Fact]
    public void Update_OrderOfPods_DoesNotMatter()
    {
        var (one, other) = (Make(), Make());
        var (a, b) = (new SeededNoise(5), new SeededNoise(5));
        for (var i = 0; i < 30; i++)
        {
            var reversed = Pods(10, b, "pod-7").Reverse().ToArray();
            Assert.Equal(one.Update(Time(i), Pods(10, a, "pod-7")).ToArray(), other.Update(Time(i), reversed).ToArray());
        }

        Assert.Equal(one.Save(), other.Save());
    }

    [Fact]
    public void SaveLoad_WhileAPodIsApart_Continues()
    {
        var (first, second, noise) = (Make(), Make(), new SeededNoise(6));
        for (var i = 0; i < 12; i++) first.Update(Time(i), Pods(8, noise, i >= 10 ? "pod-1" : null));
        second.Load(first.Save());
        for (var i = 12; i < 20; i++)
        {
            var pods = Pods(8, noise, "pod-1");
            Assert.Equal(first.Update(Time(i), pods).ToArray(), second.Update(Time(i), pods).ToArray());
        }

        Assert.Throws<InvalidDataException>(() => new PodOutlierDetector([0.1]).Load(first.Save()));
    }

    [Fact]
    public void DensityClusters_TwoGroupsAndAStray_AreTold()
    {
        double[] points = [0, 0, 0.1, 0, 0, 0.1, 5, 5, 5.1, 5, 5, 5.1, 20, -20];
        var groups = new int[7];
        Assert.Equal(2, DensityClusters.Find(points, 2, 0.5, 3, groups));
        Assert.Equal([0, 0, 0, 1, 1, 1, DensityClusters.Noise], groups);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void DensityClusters_PointsAroundTheOrigin_AreGroupedAsByTheDefinition(ulong seed)
    {
        var noise = new SeededNoise(seed);
        for (var round = 0; round < 50; round++)
        {
            var (count, fewest, spread) = (4 + (int)(40 * noise.NextDouble()), 2 + (int)(8 * noise.NextDouble()), 0.3 + 2 * noise.NextDouble());
            double[] points = [.. Enumerable.Range(0, 2 * count).Select(_ => spread * noise.NextNormal())];
            var groups = new int[count];
            DensityClusters.Find(points, 2, 1, fewest, groups);

            bool AreNear(int a, int b) => Math.Pow(points[2 * a] - points[2 * b], 2) + Math.Pow(points[2 * a + 1] - points[2 * b + 1], 2) <= 1;
            int[] all = [.. Enumerable.Range(0, count)];
            int[] cores = [.. all.Where(a => all.Count(b => AreNear(a, b)) >= fewest)];
            foreach (var a in all) Assert.Equal(!cores.Any(c => AreNear(a, c)), groups[a] == DensityClusters.Noise);
            foreach (var a in cores)
                foreach (var b in cores)
                    if (AreNear(a, b)) Assert.Equal(groups[a], groups[b]);
            // Groups that no chain of core points joins are different ones.
            Assert.Equal(Chains(cores, AreNear), cores.Select(c => groups[c]).Distinct().Count());
        }
    }

    private static int Chains(int[] cores, Func<int, int, bool> areNear)
    {
        var (left, chains) = (cores.ToHashSet(), 0);
        while (left.Count > 0)
        {
            chains++;
            var waiting = new Stack<int>([left.First()]);
            while (waiting.TryPop(out var core))
            {
                if (!left.Remove(core)) continue;
                foreach (var next in left.Where(n => areNear(core, n)).ToArray()) waiting.Push(next);
            }
        }

        return chains;
    }

    [Fact]
    public void DensityClusters_ChainOfPoints_IsOneGroupWithItsEnds()
    {
        double[] points = [.. Enumerable.Range(0, 30).Select(i => (double)i)];
        var groups = new int[30];
        Assert.Equal(1, DensityClusters.Find(points, 1, 1, 3, groups));
        Assert.All(groups, g => Assert.Equal(0, g));
    }

    [Fact]
    public void StreamingKMeans_ThreeClouds_FindsTheirCentres()
    {
        var (model, noise) = (new StreamingKMeans(4, 2, 1_000), new SeededNoise(7));
        double[][] clouds = [[0, 0], [10, 0], [0, 10]];
        for (var i = 0; i < 3_000; i++) model.Add([.. clouds[i % 3].Select(x => x + 0.3 * noise.NextNormal())], apart: 4);
        model.Add([double.NaN, 1], apart: 4);

        Assert.Equal(3, model.Count);
        foreach (var cloud in clouds) Assert.InRange(model.Distance(cloud), 0, 0.1);
        Assert.InRange(model.Distance([10, 10]), 9.5, 10.5);
    }

    private static PodReading[] Pods(int count, SeededNoise noise, string? slow) =>
        [.. Enumerable.Range(0, count).Select(k => new PodReading($"pod-{k}", [0.1 + 0.01 * noise.NextNormal() + (slow == $"pod-{k}" ? 0.6 : 0), 0.5 + 0.03 * noise.NextNormal()]))];
}

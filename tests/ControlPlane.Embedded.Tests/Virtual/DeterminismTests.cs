using ControlPlane.Embedded.Virtual;

namespace ControlPlane.Embedded.Tests.Virtual;

public sealed class DeterminismTests
{
    private static readonly VirtualClusterOptions KeepingLines = new() { KeepsTraceLines = true };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-77)]
    public void Run_OneSeedTwice_TheSameToTheLastTurn(long seed)
    {
        var first = VirtualRuns.Run(seed, VirtualRuns.Turmoil, KeepingLines);
        var second = VirtualRuns.Run(seed, VirtualRuns.Turmoil, KeepingLines);

        Assert.Equal(first.TraceLines, second.TraceLines);
        Assert.Equal((first.TraceHash, first.Turns, first.Elapsed), (second.TraceHash, second.Turns, second.Elapsed));
        Assert.NotEmpty(first.TraceLines);
    }

    [Fact]
    public void Run_OneSeedBesideBusyThreads_TheSame()
    {
        var quiet = VirtualRuns.Run(5, VirtualRuns.Turmoil);
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            var sum = 0L;
            while (!stop.IsCancellationRequested)
            {
                sum += new byte[1000].Length;
            }
        })).ToList();
        others.ForEach(thread => thread.Start());
        var busy = VirtualRuns.Run(5, VirtualRuns.Turmoil);
        stop.Cancel();
        others.ForEach(thread => thread.Join());

        Assert.Equal(quiet.TraceHash, busy.TraceHash);
    }

    [Fact]
    public void Run_DifferentSeeds_ExploreDifferentOrders()
    {
        var orders = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            VirtualRuns.Run(seed, async (context, journal) =>
            {
                await Task.WhenAll(context.Tally("a").Add(1), context.Tally("b").Add(1), context.Tally("c").Add(1));
                orders.Add(string.Join(' ', journal.Entries.Where(entry => entry.EndsWith('1'))));
            });
        }

        Assert.Equal(6, orders.Count);
    }

    [Fact]
    public void Run_CallsNotAwaited_CanArriveOutOfOrder()
    {
        var orders = new HashSet<int>();
        for (var seed = 0; seed < 30; seed++)
        {
            VirtualRuns.Run(seed, async (context, _) => orders.Add((await Task.WhenAll(context.Tally("a").Add(1), context.Tally("a").Add(10)))[0]));
        }

        Assert.Equal([1, 11], orders.Order());
    }

    [Fact]
    public void Run_BodyFails_NamesTheSeedAndKeepsTheCause()
    {
        var failure = Assert.Throws<VirtualRunException>(() => VirtualRuns.Run(4711, (_, _) => throw new FormatException("wrong")));

        Assert.Contains("4711", failure.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public void Run_LoopBesideTheBodyFails_Fails()
    {
        var failure = Assert.Throws<VirtualRunException>(() => VirtualRuns.Run(1, async (context, journal) =>
        {
            _ = context.Start(() => throw new FormatException("loop"));
            await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        }));

        Assert.IsType<FormatException>(failure.InnerException);
    }
}

using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests;

public sealed class SharedReadsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<TaskCompletionSource<int>> _reads = [];
    private readonly SharedReads<string, int> _shared;

    public SharedReadsTests() => _shared = new SharedReads<string, int>(TimeSpan.FromSeconds(10), _time);

    [Fact]
    public async Task Get_WhileAReadIsOnItsWay_JoinsIt()
    {
        var (first, second, other) = (Get("a"), Get("a"), Get("b"));
        Assert.Equal(2, _reads.Count);
        _reads[0].SetResult(1);
        Assert.Equal((1, 1, false), (await first, await second, other.IsCompleted));
    }

    [Fact]
    public async Task Get_YoungAnswer_IsGivenAgainAndAnOldOneIsNot()
    {
        var first = Get("a");
        _reads[0].SetResult(1);
        Assert.Equal(1, await first);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, await Get("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Get("a").IsCompleted);
    }

    [Fact]
    public async Task Get_FailedRead_IsTriedAgainByTheNext()
    {
        var first = Get("a");
        _reads[0].SetException(new InvalidDataException("x"));
        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        _ = Get("a");
        Assert.Equal(2, _reads.Count);
    }

    [Fact]
    public async Task Get_FirstReaderGivesUp_TheOtherStillGetsTheAnswer()
    {
        using var own = new CancellationTokenSource();
        var first = Get("a", own.Token);
        var second = Get("a");
        own.Cancel();
        Assert.True(first.IsCanceled);
        _reads[0].SetResult(5);
        Assert.Equal(5, await second);
    }

    [Fact]
    public void Get_ReadThatNeverEnds_IsReplacedInTheEnd()
    {
        _ = Get("a");
        _time.Advance(TimeSpan.FromMinutes(2));
        _ = Get("a");
        Assert.Equal(2, _reads.Count);
    }

    [Fact]
    public void Get_ManyKeys_ForgetsTheOld()
    {
        var done = new SharedReads<int, int>(TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 5000; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(done.GetAsync(i, _ => Task.FromResult(i), default).IsCompletedSuccessfully);
        }

        Assert.InRange(done.Count, 1, 1100);
    }

    private Task<int> Get(string key, CancellationToken cancellationToken = default) => _shared.GetAsync(
        key,
        _ =>
        {
            _reads.Add(new TaskCompletionSource<int>());
            return _reads[^1].Task;
        },
        cancellationToken);
}

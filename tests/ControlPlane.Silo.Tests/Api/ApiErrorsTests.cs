using ControlPlane.Silo.Api;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Silo.Tests.Api;

public sealed class ApiErrorsTests
{
    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new TimeoutException("late"), 504, "unknown" },
        { new SiloUnavailableException("gone"), 503, "the silo that holds this is stopping or lost" },
        { new InconsistentStateException("other", "2", "1"), 503, "somebody else changed the same state" },
        { new OrleansException("catalog of catalog/shard-1 was not stored: Connection refused\n   at Some.Code()"), 503, "was not stored: Connection refused)" },
        { new IOException("disk full"), 503, "disk full" },
        { new BadHttpRequestException("no body", 400), 400, "no body" },
        { new InvalidOperationException("secret"), 500, "the log has it" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Describe_OfAFailure_GivesTheStatusAndWhatToDo(Exception failure, int status, string part)
    {
        var (given, detail) = ApiErrors.Describe(failure);

        Assert.Equal(status, given);
        Assert.Contains(part, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
        Assert.Equal(status == 503, detail.Contains("repeat the call", StringComparison.Ordinal));
    }
}

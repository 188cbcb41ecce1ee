using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Tests.Runtime;

public sealed class GrainInterfaceRulesTests
{
    public interface IWithUnmarked : IGrainWithStringKey
    {
        Task Take(Unmarked value);
    }

    public interface IWithUnmarkedInList : IGrainWithStringKey
    {
        Task<List<Unmarked[]>> Give();
    }

    public interface IWithoutTask : IGrainWithStringKey
    {
        int Give();
    }

    public interface IGeneric : IGrainWithStringKey
    {
        Task Take<T>(T value);
    }

    public interface IFine : IGrainWithStringKey
    {
        Task<Dictionary<string, int?>> Give(DateTimeOffset time, DayOfWeek day, IFine other, CancellationToken cancellationToken);
    }

    internal interface IHidden : IGrainWithStringKey;

    [Theory]
    [InlineData(typeof(IWithUnmarked), "Unmarked")]
    [InlineData(typeof(IWithUnmarkedInList), "Unmarked")]
    [InlineData(typeof(IWithoutTask), "Give")]
    [InlineData(typeof(IGeneric), "generic")]
    [InlineData(typeof(IHidden), "public")]
    public void Check_InterfaceThatCannotWorkBetweenProcesses_Throws(Type face, string named)
        => Assert.Contains(named, Assert.Throws<ArgumentException>(() => GrainInterfaceRules.Check(face)).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_OrdinaryInterface_Passes() => Assert.Null(Record.Exception(() => GrainInterfaceRules.Check(typeof(IFine))));

    public sealed record Unmarked;
}

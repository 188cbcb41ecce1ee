using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Traces;

public sealed class PanelReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("panels").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("series,step,value\nH1,1,5\nH1,2,6.5\nH2,1,-1\n")]
    [InlineData("series,step,value\nH1,1,5\nH2,1,-1\nH1,2,6.5\n\n")]
    [InlineData("\"V1\",\"V2\",\"V3\",\"V4\"\n\"H1\",5,6.5,\nH2,-1,,\n")]
    [InlineData("V1,V2,V3,V4\nH1,5,6.5,NA\nH2,-1,NA,NA\n")]
    public void Read_LongAndWide_GiveTheSamePanel(string text)
    {
        var panel = PanelReader.Read(Write(text));
        Assert.Equal(["H1", "H2"], panel.Select(s => s.Name));
        Assert.Equal([5, 6.5], panel[0].Values);
        Assert.Equal([-1], panel[1].Values);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("series\n", "fewer than two columns")]
    [InlineData("series,step,value\n", "no rows")]
    [InlineData("id,step,value\nH1,1,5\n", "expected the columns series, step, value")]
    [InlineData("series,step,value\nH1,2,5\n", "line 2, column 'step': expected step 1")]
    [InlineData("series,step,value\nH1,1,5\nH1,1,5\n", "line 3, column 'step': expected step 2")]
    [InlineData("series,step,value\nH1,1\n", "line 2, column 'value': the value is missing")]
    [InlineData("series,step,value\nH1,1,x\n", "line 2, column 'value': 'x' is not a number")]
    [InlineData("series,step,value\nH1,1,Infinity\n", "line 2, column 'value': 'Infinity' is not finite")]
    [InlineData("series,step,value\n,1,5\n", "line 2, column 'series': the name")]
    [InlineData("a,b,c,d\nH1,1,,2\n", "line 2: a value follows an empty field")]
    [InlineData("a,b,c,d\nH1,,,\n", "line 2: the series has no values")]
    [InlineData("a,b,c,d\nH1,1,,\nH1,2,,\n", "line 3, column 'a': the series 'H1' was there before")]
    public void Read_BadFile_SaysWhereAndWhy(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<TraceException>(() => PanelReader.Read(Write(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NoSuchFile_SaysSo() =>
        Assert.Contains("there is no such file", Assert.Throws<TraceException>(() => PanelReader.Read(Path.Combine(_folder, "none.csv"))).Message, StringComparison.Ordinal);

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "panel.csv");
        File.WriteAllText(path, text);
        return path;
    }
}

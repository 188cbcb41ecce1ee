using System.IO.Compression;
using System.Text;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Traces;

public sealed class TraceReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("traces").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("t,v\n2024-01-01T00:00:00Z,60\n2024-01-01T00:01:00Z,120\n")]
    [InlineData("t,v\n2024-01-01 00:00:00,60\n2024-01-01 00:01:00,120\n\n")]
    [InlineData("t,v\n2023-12-31T20:00:00-04:00,60\r\n2023-12-31T20:01:00-04:00,120\r\n")]
    [InlineData("t,v\n1704067200,60\n1704067260,120")]
    [InlineData("t,name,v\n1704067200,\"a,b\",60\n1704067260,c,120")]
    public void Read_EveryTimestampForm_GivesUtcRates(string text)
    {
        var trace = TraceReader.Read(Write("a.csv", text));

        Assert.Equal("a", trace.Name);
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), trace.Start);
        Assert.Equal(TimeSpan.FromMinutes(1), trace.Interval);
        Assert.Equal([1.0, 2.0], Enumerable.Range(0, trace.Length).Select(trace.RequestsPerSecond));
        Assert.Equal(0, trace.UnknownIntervals);
    }

    [Theory]
    [InlineData("t,v\n0,abc\n60,1\n", "line 2, column 'v'", "'abc' is not a number")]
    [InlineData("t,v\n0,1\n60,NaN\n", "line 3, column 'v'", "not finite")]
    [InlineData("t,v\n0,1\n60,Infinity\n", "line 3, column 'v'", "not finite")]
    [InlineData("t,v\n0,1\n60,-2\n", "line 3, column 'v'", "negative")]
    [InlineData("t,v\n60,1\n0,2\n", "line 3, column 't'", "sorted")]
    [InlineData("t,v\n0,1\n0,2\n", "line 3, column 't'", "twice")]
    [InlineData("t,v\n0,1\nx,2\n", "line 3, column 't'", "not a timestamp")]
    [InlineData("t,v\n2024-02-30T00:00:00Z,2\n", "line 2, column 't'", "not a timestamp")]
    [InlineData("t,v\n0,1\n60,1\n120,1\n150,1\n", "line 5, column 't'", "regular")]
    [InlineData("t,v\n0,1\n60,1,9\n", "line 3", "3 fields")]
    [InlineData("t,v\n0,1\n60\n", "line 3", "1 fields")]
    [InlineData("t,v\n0,1\n\n60,1\n", "line 3", "blank")]
    [InlineData("t,v\n", "a.csv", "no rows")]
    [InlineData("", "a.csv", "empty")]
    [InlineData("\n", "a.csv", "empty")]
    [InlineData("t,v\n0,1\n", "a.csv", "one row")]
    [InlineData("t,v\n0,\n60,\n", "column 'v'", "no row has a value")]
    [InlineData("1704067200,60\n1704067260,120", "line 1", "header line is missing")]
    [InlineData("t\n0\n", "line 1", "at least one value column")]
    [InlineData("t,v\n0,1\n60,1\n200000,1\n200060,1\n", "line 4, column 't'", "regular")]
    [InlineData("t,v\n0,1\n60,1\n180060,1\n180120,1\n", "line 4, column 't'", "a gap may last")]
    public void Read_BadInput_TellsPlaceAndRule(string text, string place, string rule)
    {
        var path = Write("a.csv", text);

        var error = Assert.Throws<TraceException>(() => TraceReader.Read(path));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_WrongColumn_ListsThoseThereAre()
    {
        var path = Write("a.csv", "t,cpu,memory\n0,1,2\n60,1,2\n");

        var error = Assert.Throws<TraceException>(() => TraceReader.Read(path, new TraceOptions { Column = "requests" }));

        Assert.Contains("'requests'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'cpu', 'memory'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamedColumn_IsTaken() =>
        Assert.Equal(2, TraceReader.Read(Write("a.csv", "t,cpu,memory\n0,1,120\n60,1,2\n"), new TraceOptions { Column = "memory" }).RequestsPerSecond(0));

    [Fact]
    public void Read_MissingFile_SaysSo() =>
        Assert.Contains("no such file", Assert.Throws<TraceException>(() => TraceReader.Read(Path.Combine(_folder, "none.csv"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_Folder_SaysSo() =>
        Assert.Contains("folder", Assert.Throws<TraceException>(() => TraceReader.Read(_folder)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_GapsAndEmptyFields_AreUnknown()
    {
        var trace = TraceReader.Read(Write("a.csv", "t,v\n0,60\n60,\n120,60\n240,60\n300,60\n"));

        Assert.Equal(6, trace.Length);
        Assert.Equal((2, 2), (trace.UnknownIntervals, trace.Gaps));
        Assert.Equal([1.0, null, 1.0, null, 1.0, 1.0], Enumerable.Range(0, 6).Select(trace.RequestsPerSecond));
    }

    [Fact]
    public void Read_RatesAndGivenInterval_AreKept()
    {
        var options = new TraceOptions { Interval = TimeSpan.FromSeconds(60), ValuesAreRates = true };
        var trace = TraceReader.Read(Write("a.csv", "t,v\n0,7\n120,8\n"), options);

        Assert.Equal([7.0, null, 8.0], Enumerable.Range(0, 3).Select(trace.RequestsPerSecond));
    }

    [Fact]
    public void Read_LongGap_PassesWhenAllowed()
    {
        var path = Write("a.csv", "t,v\n0,1\n60,1\n180060,1\n180120,1\n");

        Assert.Equal(2999, TraceReader.Read(path, new TraceOptions { MaxGap = TimeSpan.FromDays(3) }).UnknownIntervals);
    }

    [Fact]
    public void Read_Gzip_GivesTheSame()
    {
        var bytes = Zip(Rows(1000));
        File.WriteAllBytes(Path.Combine(_folder, "b.csv.gz"), bytes);

        var trace = TraceReader.Read(Path.Combine(_folder, "b.csv.gz"));

        Assert.Equal(("b", 1000), (trace.Name, trace.Length));
    }

    [Theory]
    [InlineData(0, "empty")]
    [InlineData(1, "no gzip data")]
    [InlineData(15, "cut off")]
    [InlineData(400, "cut off")]
    public void Read_TruncatedGzip_SaysSo(int length, string rule)
    {
        var path = Path.Combine(_folder, "b.csv.gz");
        File.WriteAllBytes(path, Zip(Rows(1000))[..length]);

        Assert.Contains(rule, Assert.Throws<TraceException>(() => TraceReader.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyGzip_SaysSo()
    {
        var path = Path.Combine(_folder, "b.csv.gz");
        File.WriteAllBytes(path, Zip(""));

        Assert.Contains("empty", Assert.Throws<TraceException>(() => TraceReader.Read(path)).Message, StringComparison.Ordinal);
    }

    private static string Rows(int count) => "t,v\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i * 60},{i * 7919 % 1009}\n"));

    private static byte[] Zip(string text)
    {
        using var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionMode.Compress)) zip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

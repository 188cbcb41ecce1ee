using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Cli.Tests;

public sealed class ScoreAnomalyTests : IDisposable
{
    private const string Profiles = """
        {
          "standard": { "CostMatrix": { "tpWeight": 1, "fnWeight": 1, "fpWeight": 0.11, "tnWeight": 1 } },
          "reward_low_FP_rate": { "CostMatrix": { "tpWeight": 1, "fnWeight": 1, "fpWeight": 0.22, "tnWeight": 1 } },
          "reward_low_FN_rate": { "CostMatrix": { "tpWeight": 1, "fnWeight": 2, "fpWeight": 0.11, "tnWeight": 1 } }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ScoreNab_Json_HoldsTheThreeProfilesAndTheNumberOfFiles()
    {
        var (data, windows, profiles) = WriteNab();
        var result = await CliProcess.RunAsync("score", "anomaly", "--nab", data, "--windows", windows, "--profiles", profiles, "--format", "json");

        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal(["standard", "rewardLowFalsePositives", "rewardLowFalseNegatives", "files"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(2, json.RootElement.GetProperty("files").GetInt32());
        // One spike that is plain to see, in the middle of its window: 0.86 of the window's worth, and nothing false.
        Assert.InRange(json.RootElement.GetProperty("standard").GetDouble(), 85, 100);
    }

    [Fact]
    public async Task ScoreNab_Table_AlsoShowsScalesWithoutTheLengthOfTheFile()
    {
        var (data, windows, profiles) = WriteNab();
        var result = await CliProcess.RunAsync("score", "anomaly", "--nab", data, "--windows", windows, "--profiles", profiles);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 files, 1 windows", result.Out, StringComparison.Ordinal);
        Assert.Contains("warm-up by the step alone", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsd_JsonAndTable_ScoreTheCombinationAndWhatItIsComparedWith()
    {
        var data = WriteServer();
        var result = await CliProcess.RunAsync("score", "anomaly", "--asd", data, "--format", "json");

        result.AssertSucceeded();
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal(["eventF1", "f1", "vusPr", "delaySeconds", "blameTop3"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.InRange(json.RootElement.GetProperty("eventF1").GetDouble(), 0.9, 1);
        Assert.Equal(1.0 / 3, json.RootElement.GetProperty("blameTop3").GetDouble(), 6);
        Assert.InRange(json.RootElement.GetProperty("delaySeconds").GetDouble(), 0, 1_500);

        var table = await CliProcess.RunAsync("score", "anomaly", "--asd", data);
        table.AssertSucceeded();
        foreach (var detector in (string[])["robust z", "change points", "DSPOT", "k-means", "PCA", "autoencoder", "combination"]) Assert.Contains(detector, table.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WithoutOrWithBadData_SaysWhatIsMissing()
    {
        var (data, windows, profiles) = WriteNab();
        (await CliProcess.RunAsync("score", "anomaly")).AssertRefusedInOneLine("name the data, one of --nab DIR, --asd DIR and --smd DIR");
        (await CliProcess.RunAsync("score", "anomaly", "--nab", data)).AssertRefusedInOneLine("--windows FILE");
        (await CliProcess.RunAsync("score", "anomaly", "--nab", data, "--windows", windows, "--profiles", windows)).AssertRefusedInOneLine("has no profile 'standard'");
        (await CliProcess.RunAsync("score", "anomaly", "--nab", _folder.PathOf("none"), "--windows", windows, "--profiles", profiles)).AssertRefusedInOneLine("there is no folder");
        (await CliProcess.RunAsync("score", "anomaly", "--smd", data)).AssertRefusedInOneLine("_train.csv.gz");
    }

    private (string Data, string Windows, string Profiles) WriteNab()
    {
        var start = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        string Time(int row) => (start + row * TimeSpan.FromMinutes(5)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(_folder.PathOf("a"));
        foreach (var name in (string[])["quiet", "spike"])
        {
            var text = new StringBuilder("timestamp,value\n");
            for (var i = 0; i < 2_000; i++)
                text.Append(CultureInfo.InvariantCulture, $"{Time(i)},{20 + 5 * Math.Sin(2 * Math.PI * i / 288) + 0.5 * Math.Sin(12.9898 * i) + (name == "spike" && i == 1_500 ? 40 : 0)}\n");
            File.WriteAllText(_folder.PathOf(Path.Combine("a", name + ".csv")), text.ToString());
        }

        var (windows, profiles) = (_folder.PathOf("windows.json"), _folder.PathOf("profiles.json"));
        File.WriteAllText(windows, $$"""{ "a/quiet.csv": [], "a/spike.csv": [["{{Time(1_450)}}.000000", "{{Time(1_550)}}.000000"]], "a/elsewhere.csv": [] }""");
        File.WriteAllText(profiles, Profiles);
        return (_folder.PathOf("."), windows, profiles);
    }

    /// <summary>Twelve days to learn from, five to test; the second of five signals leaves its day for an hour and a half.</summary>
    private string WriteServer()
    {
        var folder = _folder.PathOf("servers");
        Directory.CreateDirectory(folder);
        void Write(string ending, int from, int rows, bool isTest)
        {
            using var file = File.Create(Path.Combine(folder, "web" + ending));
            using var packed = new GZipStream(file, CompressionLevel.Fastest);
            using var writer = new StreamWriter(packed);
            writer.Write(isTest ? "step,m1,m2,m3,m4,m5,label\n" : "step,m1,m2,m3,m4,m5\n");
            for (var i = 0; i < rows; i++)
            {
                var isAnomaly = isTest && i is >= 900 and < 918;
                var cells = Enumerable.Range(0, 5).Select(k => 0.5 + 0.2 * Math.Sin(2 * Math.PI * (from + i) / 288 + k) + 0.02 * Math.Sin(78.233 * (from + i) * (k + 1)) + (isAnomaly && k == 1 ? 0.5 : 0));
                writer.Write($"{i},{string.Join(',', cells.Select(c => c.ToString("0.#####", CultureInfo.InvariantCulture)))}{(isTest ? isAnomaly ? ",1" : ",0" : "")}\n");
            }
        }

        Write("_train.csv.gz", 0, 12 * 288, isTest: false);
        Write("_test.csv.gz", 12 * 288, 5 * 288, isTest: true);
        File.WriteAllText(Path.Combine(folder, "web_interpretation.txt"), "900-918:2\n");
        return folder;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ControlPlane.Cli.Tests;

/// <summary>A folder for one test's files, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    private static readonly DateTime Start = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("controlplane-test-");

    public string Path => _folder.FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Half a day of minutes with a morning that rises and two sharp peaks.</summary>
    public string WriteTrace(string name = "shop.csv", Func<int, bool>? isLeftOut = null) => Write(name, TraceText(isLeftOut));

    public static string TraceText(Func<int, bool>? isLeftOut = null)
    {
        var text = new StringBuilder("timestamp,requests\n");
        for (var minute = 0; minute < 720; minute++)
        {
            if (isLeftOut?.Invoke(minute) == true) continue;
            var count = 6000 + 4000 * Math.Sin(minute * Math.PI / 720) + (minute is (> 300 and < 330) or (> 500 and < 520) ? 9000 : 0) + minute * 37 % 211;
            text.Append(Start.AddMinutes(minute).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
                .Append(',').Append(((int)count).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
        return text.ToString();
    }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

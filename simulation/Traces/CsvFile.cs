using System.Text;

namespace ControlPlane.Simulation.Traces;

/// <summary>Opens a CSV file, plain or gzip, and tells what is wrong with it.</summary>
internal static class CsvFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TraceException">The file cannot be used; the message says where and why.</exception>
    public static T Read<T>(string path, Func<StreamReader, T> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var file = Open(path);
            var gzip = GzipStream.IsGzip(file) ? new GzipStream(file) : null;
            if (gzip is null && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) throw new TraceException(path, "ends in .gz but holds no gzip data");
            using var reader = new StreamReader(gzip ?? (Stream)file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferBytes);
            return Read(reader, read, gzip);
        }
        catch (InvalidDataException e)
        {
            throw new TraceException(path, "the gzip data is damaged or cut off", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TraceException(path, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TraceException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new TraceException(path, "is a folder, not a file");
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        if (file.Length > 0) return file;
        file.Dispose();
        throw new TraceException(path, "the file is empty");
    }

    /// <summary>A gzip file that is cut off must be told as such, not by the half row where it ends.</summary>
    private static T Read<T>(StreamReader reader, Func<StreamReader, T> read, GzipStream? gzip)
    {
        try
        {
            var result = read(reader);
            gzip?.ThrowIfCutOff();
            return result;
        }
        catch (TraceException)
        {
            gzip?.ThrowIfCutOff();
            throw;
        }
    }
}

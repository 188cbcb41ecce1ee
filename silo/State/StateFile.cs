using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Silo.State;

/// <summary>
/// A file of states: JSON lines. The first says what it is, then one for each state with its bytes as they were stored, the last counts them and
/// holds the SHA-256 of all lines before it, so that a file that was cut off or changed is noticed.
/// </summary>
internal static class StateFile
{
    private const string Format = "controlplane-state";
    private const int Version = 1;

    /// <summary>Writes a file.</summary>
    /// <returns>The number of states.</returns>
    public static async Task<int> WriteAsync(Stream target, IAsyncEnumerable<StateRecord> records, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new ArrayBufferWriter<byte>();
        await PutAsync(json =>
        {
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("exported", now.ToUniversalTime());
        });
        var count = 0;
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            await PutAsync(json =>
            {
                json.WriteString("storage", record.Storage);
                json.WriteString("state", record.State);
                json.WriteString("grain", record.Grain);
                json.WritePropertyName("json");
                json.WriteRawValue(record.Json.Span);
            });
            count++;
        }
        var sum = Convert.ToHexStringLower(hash.GetCurrentHash());
        await PutAsync(json =>
        {
            json.WriteNumber("records", count);
            json.WriteString("sha256", sum);
        });
        return count;

        async Task PutAsync(Action<Utf8JsonWriter> members)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line))
            {
                json.WriteStartObject();
                members(json);
                json.WriteEndObject();
            }
            line.Write("\n"u8);
            hash.AppendData(line.WrittenSpan);
            await target.WriteAsync(line.WrittenMemory, cancellationToken);
        }
    }

    /// <summary>Reads the whole file once.</summary>
    /// <returns>The number of states.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or it was cut off or changed.</exception>
    public static async Task<int> VerifyAsync(string file, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var _ in ReadAsync(file, cancellationToken)) count++;
        return count;
    }

    /// <summary>The states of a file; the checksum is only known to fit when the last one was given.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or it was cut off or changed.</exception>
    public static async IAsyncEnumerable<StateRecord> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var (count, number, isClosed) = (0, 0, false);
        while (await LineAsync(reader, cancellationToken) is { } text)
        {
            number++;
            if (isClosed) throw new InvalidDataException($"line {number} comes after the closing line");
            using var line = Parse(text, number);
            if (number == 1) CheckFormat(line.RootElement);
            else if (line.RootElement.TryGetProperty("sha256", out var sum))
            {
                Check(line.RootElement, sum, count, hash);
                isClosed = true;
            }
            else
            {
                count++;
                yield return Record(line.RootElement, number);
            }
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        }
        if (number == 0) throw new InvalidDataException("it is empty");
        if (!isClosed) throw new InvalidDataException($"it was cut off after {count} states: the closing line is missing");
    }

    private static async Task<string?> LineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("it is not UTF-8 text");
        }
    }

    private static JsonDocument Parse(string text, int number)
    {
        try
        {
            var line = JsonDocument.Parse(text);
            return line.RootElement.ValueKind == JsonValueKind.Object ? line : throw new InvalidDataException($"line {number} is not a JSON object");
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"line {number} is not JSON; the file was cut off or is not one of exported state");
        }
    }

    private static void CheckFormat(JsonElement header)
    {
        if (Text(header, "format") != Format) throw new InvalidDataException("it is no file of exported state");
        var version = header.TryGetProperty("version", out var v) ? v.GetRawText() : "none";
        if (version != Version.ToString(CultureInfo.InvariantCulture)) throw new InvalidDataException($"it has format version {version}; this program reads version {Version}");
    }

    private static void Check(JsonElement closing, JsonElement sum, int count, IncrementalHash hash)
    {
        if (!closing.TryGetProperty("records", out var said) || !said.TryGetInt32(out var records) || records != count)
            throw new InvalidDataException($"it holds {count} states, but its closing line says otherwise: it was changed");
        if (sum.GetString() != Convert.ToHexStringLower(hash.GetCurrentHash())) throw new InvalidDataException("its checksum does not fit: it was changed");
    }

    private static StateRecord Record(JsonElement line, int number) =>
        Text(line, "storage") is { } storage && Text(line, "state") is { } state && Text(line, "grain") is { } grain && line.TryGetProperty("json", out var json)
            ? new StateRecord(storage, state, grain, JsonMarshal.GetRawUtf8Value(json).ToArray())
            : throw new InvalidDataException($"line {number} is no state: it needs storage, state, grain and json");

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

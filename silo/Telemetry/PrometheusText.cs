using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ControlPlane.Silo.Telemetry;

/// <summary>
/// What a meter's observable instruments say at a moment, in Prometheus' text format 0.0.4. Dots become underscores, and a counter's name ends in <c>_total</c>.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Reads the instruments; one without measurements is left out.</summary>
    public static string Of(Meter meter)
    {
        var samples = new SortedDictionary<string, (string Head, StringBuilder Lines)>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, reader) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) reader.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(samples, instrument, value.ToString("R", CultureInfo.InvariantCulture), tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(samples, instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return string.Concat(samples.Values.Select(s => s.Head + s.Lines));
    }

    private static void Add(SortedDictionary<string, (string Head, StringBuilder Lines)> samples, Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument is ObservableCounter<long>;
        var name = instrument.Name.Replace('.', '_') + (isCounter ? "_total" : "");
        if (!samples.TryGetValue(name, out var sample))
            samples[name] = sample = ($"# HELP {name} {instrument.Description}\n# TYPE {name} {(isCounter ? "counter" : "gauge")}\n", new StringBuilder());
        sample.Lines.Append(name).Append('{');
        for (var i = 0; i < tags.Length; i++) sample.Lines.Append(i > 0 ? "," : "").Append(tags[i].Key).Append("=\"").Append(Escaped($"{tags[i].Value}")).Append('"');
        sample.Lines.Append("} ").Append(value).Append('\n');
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

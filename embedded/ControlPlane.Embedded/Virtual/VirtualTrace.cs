using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Virtual;

/// <summary>A fingerprint of everything that a run did, in order; and the text of it if wanted.</summary>
internal sealed class VirtualTrace(bool keepsLines, Func<long> elapsed) : IEngineTrace
{
    private readonly List<string> _lines = [];

    internal ulong Hash { get; private set; } = 14695981039346656037;

    internal IReadOnlyList<string> Lines => _lines;

    public void Began(Activation activation) => Note("activate", activation, string.Empty);

    public void Started(Activation activation, Request request) => Note("start", activation, request.Method);

    public void Ended(Activation activation) => Note("end", activation, string.Empty);

    internal void Turn(long time, ulong queue)
    {
        Mix((ulong)time);
        Mix(queue);
    }

    /// <summary>Puts something of the caller's own into the trace.</summary>
    internal void Note(string text)
    {
        Mix(text);
        if (keepsLines)
        {
            _lines.Add($"{TimeSpan.FromTicks(elapsed()):c} {text}");
        }
    }

    private void Note(string what, Activation activation, string method)
    {
        Mix(what);
        Mix((ulong)activation.Number);
        Mix(method);
        if (keepsLines)
        {
            _lines.Add($"{TimeSpan.FromTicks(elapsed()):c} {what} {activation.GrainId}#{activation.Number} {method}".TrimEnd());
        }
    }

    private void Mix(ulong value) => Hash = ulong.RotateLeft((Hash ^ value) * 0x9E3779B97F4A7C15, 29);

    private void Mix(string text)
    {
        foreach (var c in text)
        {
            Hash = (Hash ^ c) * 1099511628211;
        }
    }
}

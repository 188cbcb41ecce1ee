using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Metrics.Filters;

/// <summary>
/// Makes labels safe to keep: denied keys are removed, values become the first 64 bits of HMAC-SHA-256(key, label key ‖ 0 ‖ value) in
/// hexadecimal, so that equal values stay equal and nobody without the key can test a guess.
/// </summary>
public sealed class LabelAnonymizer
{
    private const int HashBytes = 8;
    private readonly byte[] _key;
    private readonly ImmutableArray<string> _denied;

    /// <summary>An anonymiser after <see cref="IntakeOptions.LabelKey"/> and <see cref="IntakeOptions.DeniedLabels"/>.</summary>
    public LabelAnonymizer(IntakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _key = [.. options.LabelKey];
        _denied = options.DeniedLabels;
    }

    /// <summary>Labels removed since the start.</summary>
    public long Removed { get; private set; }

    /// <summary>Labels hashed since the start.</summary>
    public long Hashed { get; private set; }

    /// <summary>The labels to keep, sorted by key.</summary>
    public ImmutableArray<WorkloadLabel> Apply(ImmutableArray<WorkloadLabel> labels)
    {
        var kept = new List<WorkloadLabel>(labels.Length);
        foreach (var label in labels)
        {
            if (_denied.Contains(label.Key, StringComparer.OrdinalIgnoreCase)) Removed++;
            else kept.Add(Hash(label));
        }

        kept.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return [.. kept];
    }

    private WorkloadLabel Hash(WorkloadLabel label)
    {
        if (_key.Length == 0) return label;
        Hashed++;
        var hash = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{label.Key}\0{label.Value}"));
        return label with { Value = Convert.ToHexStringLower(hash.AsSpan(0, HashBytes)) };
    }
}

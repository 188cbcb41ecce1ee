using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Api;

/// <summary>What goes wrong with a request.</summary>
public sealed record ApiFault
{
    /// <summary>The way it goes wrong.</summary>
    public required ApiFaultKind Kind { get; init; }

    /// <summary>The HTTP status of <see cref="ApiFaultKind.Fail"/>. Default 500.</summary>
    public int StatusCode { get; init; } = 500;

    /// <summary>How long <see cref="ApiFaultKind.Delay"/> holds the request back. Default 2 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The ways in which a request goes wrong.</summary>
public enum ApiFaultKind
{
    /// <summary>It is refused with a status and has no effect.</summary>
    Fail,

    /// <summary>It is carried out later; needs a time provider.</summary>
    Delay,

    /// <summary>It takes effect and the answer never arrives.</summary>
    LoseAnswer,

    /// <summary>A write meets a conflict as if somebody else had been faster.</summary>
    Conflict,
}

/// <summary>Decides by seed, or by an explicit list, which requests go wrong.</summary>
public sealed class ApiFaultPlan
{
    private readonly List<(Func<SimRequest, bool> Matches, ApiFault Fault)> _planned = [];
    private readonly SeededRandom? _random;
    private readonly double _probability;
    private readonly bool _withDelays;
    private readonly Lock _gate = new();

    /// <summary>A plan that only holds what is added to it.</summary>
    public ApiFaultPlan()
    {
    }

    /// <summary>A plan in which every request goes wrong with a probability; watches and discovery are spared.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="probability">Share of requests that go wrong, a fraction.</param>
    /// <param name="withDelays">Whether delays are among the faults; they need a time provider.</param>
    public ApiFaultPlan(ulong seed, double probability, bool withDelays = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        (_random, _probability, _withDelays) = (new SeededRandom(seed), probability, withDelays);
    }

    /// <summary>Whether the plan is in force. Default true; set it to false to let the system settle.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Lets the next request that matches go wrong, once.</summary>
    public void Add(Func<SimRequest, bool> matches, ApiFault fault)
    {
        ArgumentNullException.ThrowIfNull(matches);
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate) _planned.Add((matches, fault));
    }

    internal ApiFault? Next(SimRequest request)
    {
        if (!IsEnabled) return null;
        lock (_gate)
        {
            var index = _planned.FindIndex(p => p.Matches(request));
            if (index >= 0)
            {
                var fault = _planned[index].Fault;
                _planned.RemoveAt(index);
                return fault;
            }

            return _random is null || !IsExposed(request) || _random.NextDouble() >= _probability ? null : Draw(request, _random);
        }
    }

    private static bool IsExposed(SimRequest request) => request.Path.Count(c => c == '/') > 3 && !request.Flag("watch") && !request.Path.StartsWith("/openapi", StringComparison.Ordinal);

    private ApiFault Draw(SimRequest request, SeededRandom random)
    {
        ReadOnlySpan<int> statuses = [500, 503, 429, 504];
        return random.Next(request.IsRead ? 2 : 4) switch
        {
            0 => new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = statuses[random.Next(statuses.Length)] },
            1 when _withDelays => new ApiFault { Kind = ApiFaultKind.Delay, Delay = TimeSpan.FromMilliseconds(100 + random.Next(20_000)) },
            2 => new ApiFault { Kind = ApiFaultKind.LoseAnswer },
            3 => new ApiFault { Kind = ApiFaultKind.Conflict },
            _ => new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = 503 },
        };
    }
}

namespace ControlPlane.Embedded.Virtual;

/// <summary>What goes wrong in a virtual run: by probability, or once at a named grain. Every draw is a function of the seed.</summary>
public sealed class FaultPlan
{
    private static readonly GrainType ReminderTables = Runtime.GrainClass.NameOf(typeof(Reminders.ReminderTableGrain));

    private readonly double[] _probability = new double[Enum.GetValues<FaultKind>().Length];
    private readonly long[] _count = new long[Enum.GetValues<FaultKind>().Length];
    private readonly List<(FaultKind Kind, GrainId? Grain)> _once = [];
    private readonly SplitMix _random;

    internal FaultPlan(SplitMix random) => _random = random;

    /// <summary>The longest that anything is delayed. Default 2 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The grains that faults by probability happen to; null for all.</summary>
    public Func<GrainId, bool>? Only { get; set; }

    /// <summary>
    /// The probability of a fault each time that it could happen: per turn for activations, per call for answers, per operation for
    /// storage, per event and consumer for streams. Between 0 and 1; default 0.
    /// </summary>
    /// <param name="kind">The fault.</param>
    public double this[FaultKind kind]
    {
        get => _probability[(int)kind];
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            _probability[(int)kind] = value;
        }
    }

    /// <summary>How often a fault has happened.</summary>
    /// <param name="kind">The fault.</param>
    /// <returns>The count since the start of the run.</returns>
    public long Count(FaultKind kind) => _count[(int)kind];

    /// <summary>Makes a fault happen the next time that it could.</summary>
    /// <param name="kind">The fault.</param>
    /// <param name="grain">The grain that it happens to; null for any.</param>
    public void Once(FaultKind kind, IAddressable? grain = null) => _once.Add((kind, grain?.GetGrainId()));

    /// <summary>Ends all faults, so that what runs can settle.</summary>
    public void Stop()
    {
        Array.Clear(_probability);
        _once.Clear();
    }

    internal bool Happens(FaultKind kind, GrainId grain)
    {
        var happens = TakeOnce(kind, grain)
            || (_probability[(int)kind] > 0 && !IsOfTheEngine(grain) && Only?.Invoke(grain) != false && _random.NextDouble() < _probability[(int)kind]);
        _count[(int)kind] += happens ? 1 : 0;
        return happens;
    }

    internal TimeSpan NextDelay() => TimeSpan.FromTicks(1 + (long)(_random.NextDouble() * MaxDelay.Ticks));

    internal void Counted(FaultKind kind) => _count[(int)kind]++;

    // Faults are for the grains of the program; the engine's own would only stop a run from starting.
    private static bool IsOfTheEngine(GrainId grain) => grain.Type == ReminderTables;

    private bool TakeOnce(FaultKind kind, GrainId grain)
    {
        if (_once.Count == 0)
        {
            return false;
        }

        var index = _once.FindIndex(once => once.Kind == kind && (once.Grain is null || once.Grain == grain));
        if (index < 0)
        {
            return false;
        }

        _once.RemoveAt(index);
        return true;
    }
}

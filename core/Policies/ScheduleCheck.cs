using System.Collections;

namespace ControlPlane.Core.Policies;

/// <summary>Finds windows of a schedule that are empty, that never hold, or that contradict each other.</summary>
internal static class ScheduleCheck
{
    private const int MinutesPerDay = 24 * 60;
    private const int MinutesPerWeek = 7 * MinutesPerDay;

    public static void Run(PolicyDocument policy, PolicyCheck require)
    {
        var windows = policy.Schedule;
        if (windows.IsEmpty) return;
        var taken = new BitArray(MinutesPerWeek);
        var weeks = new BitArray[windows.Length];
        for (var i = 0; i < windows.Length; i++)
        {
            var (path, window, bounds) = ($"schedule[{i}]", windows[i], Bounds(windows[i], policy));
            require(window.From != window.To, $"{path}.to", $"{window.To:HH\\:mm} equals from: the window is empty");
            require(bounds.Max >= bounds.Min, $"{path}.maxReplicas", $"{bounds.Max} is below the window's minReplicas {bounds.Min}");
            weeks[i] = Minutes(window);
            for (var j = 0; j < i; j++) Compare(windows, weeks, i, j, policy, require);
            if (window.From != window.To) require(HasMore(weeks[i], taken), path, "never holds: the windows before it take all of its time");
            taken.Or(weeks[i]);
        }
    }

    /// <summary>Two windows that hold at one moment and leave no number of replicas to both are a mistake, whichever comes first.</summary>
    private static void Compare(IReadOnlyList<ScheduleWindow> windows, BitArray[] weeks, int later, int earlier, PolicyDocument policy, PolicyCheck require)
    {
        var (one, other) = (Bounds(windows[earlier], policy), Bounds(windows[later], policy));
        if (one.Min <= other.Max && other.Min <= one.Max) return;
        if (one.Min > one.Max || other.Min > other.Max) return;
        var minute = FirstCommon(weeks[earlier], weeks[later]);
        require(minute < 0, $"schedule[{later}]", $"contradicts schedule[{earlier}] on {Moment(minute)}: {other.Min}..{other.Max} replicas here, {one.Min}..{one.Max} there");
    }

    private static PolicyBounds Bounds(ScheduleWindow window, PolicyDocument policy) => new(window.MinReplicas ?? policy.MinReplicas, window.MaxReplicas ?? policy.MaxReplicas);

    /// <summary>The minutes of the week, from Sunday 00:00, in which a window holds.</summary>
    private static BitArray Minutes(ScheduleWindow window)
    {
        var week = new BitArray(MinutesPerWeek);
        var (from, to) = (Minute(window.From), Minute(window.To));
        if (from == to) return week;
        var length = to > from ? to - from : to + MinutesPerDay - from;
        for (var day = 0; day < 7; day++)
        {
            if (!window.Days.IsEmpty && !window.Days.Contains((DayOfWeek)day)) continue;
            for (var minute = 0; minute < length; minute++) week[((day * MinutesPerDay) + from + minute) % MinutesPerWeek] = true;
        }
        return week;
    }

    private static int Minute(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static bool HasMore(BitArray week, BitArray taken) => new BitArray(taken).Not().And(week).HasAnySet();

    private static int FirstCommon(BitArray one, BitArray other)
    {
        for (var minute = 0; minute < MinutesPerWeek; minute++)
            if (one[minute] && other[minute]) return minute;
        return -1;
    }

    private static string Moment(int minute) => minute < 0
        ? "no day"
        : $"{(DayOfWeek)(minute / MinutesPerDay)} {TimeOnly.MinValue.AddMinutes(minute % MinutesPerDay):HH\\:mm}";
}

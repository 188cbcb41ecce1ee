namespace ControlPlane.Embedded.Runtime;

/// <summary>Finds out whether a call that was not answered waits for itself.</summary>
internal static class CallCycle
{
    /// <summary>The shortest way from the call's sender through its target back to a grain on the way.</summary>
    /// <param name="request">The call.</param>
    /// <param name="edges">Which grains wait for which.</param>
    /// <returns>Such as <c>a/1 -> b/2 -> a/1</c>; null if there is none.</returns>
    internal static string? Find(Request request, Dictionary<GrainId, List<GrainId>> edges)
    {
        if (request.Sender is { } sender)
        {
            return Back(sender.GrainId, request.Target, edges) is { } way ? $"{sender.GrainId} -> {way}" : null;
        }

        // A call from outside has no place in a cycle but can wait for one.
        foreach (var next in edges.GetValueOrDefault(request.Target) ?? [])
        {
            if (Back(request.Target, next, edges) is { } way)
            {
                return $"{request.Target} -> {way}";
            }
        }

        return null;
    }

    private static string? Back(GrainId goal, GrainId from, Dictionary<GrainId, List<GrainId>> edges)
    {
        var cameFrom = new Dictionary<GrainId, GrainId> { [from] = from };
        var queue = new Queue<GrainId>([from]);
        while (queue.TryDequeue(out var at))
        {
            if (at == goal)
            {
                return Print(at, from, cameFrom);
            }

            foreach (var next in edges.GetValueOrDefault(at) ?? [])
            {
                if (cameFrom.TryAdd(next, at))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static string Print(GrainId at, GrainId from, Dictionary<GrainId, GrainId> cameFrom)
    {
        var way = new List<string> { at.ToString() };
        while (at != from)
        {
            at = cameFrom[at];
            way.Add(at.ToString());
        }

        way.Reverse();
        return string.Join(" -> ", way);
    }
}

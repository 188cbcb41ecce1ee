using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Learning;

namespace ControlPlane.Core.Tests.Learning;

/// <summary>
/// A corridor of five places: move 0 goes left, move 1 goes right. Left of place 0 there is 1 and the end, right of place 4 there is 4 and the end. The optimum is
/// known: from place p the right end is worth 4·γ^(4−p), the left one γ^p.
/// </summary>
internal static class Corridor
{
    public const int Places = 5;
    public const double Discount = 0.7;
    public static readonly StateGrid Grid = new([(0, [0.5f, 1.5f, 2.5f, 3.5f])]);

    /// <summary>Greatest value of a place and a move.</summary>
    public static double Value(int place, int move)
    {
        if (move == 0) return place == 0 ? 1 : Discount * Best(place - 1);
        return place == Places - 1 ? 4 : Discount * Best(place + 1);
    }

    /// <summary>Random moves from random places; the first feature is the place, the others say it one by one.</summary>
    public static Experience Walk(int moves, ulong seed)
    {
        var random = new SeededNoise(seed);
        var experience = new Experience(1 + Places);
        for (var i = 0; i < moves; i++)
        {
            var (place, move) = (random.NextInt(Places), random.NextInt(2));
            var next = move == 0 ? place - 1 : place + 1;
            var reward = next < 0 ? 1 : next == Places ? 4 : 0;
            experience.Add(Features(place), move, reward, next is < 0 or Places ? [] : Features(next));
        }

        return experience;
    }

    public static float[] Features(int place)
    {
        var features = new float[1 + Places];
        features[0] = place;
        features[1 + place] = 1;
        return features;
    }

    private static double Best(int place) => Math.Max(Math.Pow(Discount, place), 4 * Math.Pow(Discount, Places - 1 - place));
}

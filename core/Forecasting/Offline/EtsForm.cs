namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Which terms an <see cref="EtsModel"/> has.</summary>
/// <param name="Seasons">Steps of each season.</param>
/// <param name="HasTrend">Whether there is a damped trend.</param>
/// <param name="HasErrorLag">Whether the last error helps to forecast the next.</param>
internal readonly record struct EtsForm(int[] Seasons, bool HasTrend, bool HasErrorLag)
{
    /// <summary>The forms to choose from, simplest first.</summary>
    public static IEnumerable<EtsForm> All(int[] seasons)
    {
        for (var count = Math.Min(seasons.Length, 1); count <= seasons.Length; count++)
        {
            yield return new EtsForm(seasons[..count], false, false);
            yield return new EtsForm(seasons[..count], true, false);
            yield return new EtsForm(seasons[..count], false, true);
            yield return new EtsForm(seasons[..count], true, true);
        }
    }
}

namespace ControlPlane.Cli.Scoring;

/// <summary>One picture of a fan plot.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="History">Values before the forecast, oldest first.</param>
/// <param name="Actual">What came, NaN where unknown; from the first step ahead.</param>
/// <param name="Middle">The forecast's median.</param>
/// <param name="Bands">Pairs of lower and upper quantiles, widest first.</param>
internal sealed record FanPanel(string Title, double[] History, double[] Actual, double[] Middle, IReadOnlyList<(double[] Lower, double[] Upper)> Bands);

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>One model of a panel's table: a list of independent pieces of work, and the forecast once all are done.</summary>
internal abstract class PanelModel(string name, double cost)
{
    private long _ticks;

    public string Name { get; } = name;

    /// <summary>Rough share of the whole work, for the order of the work and the progress; only ratios count.</summary>
    public double Cost { get; } = cost;

    /// <summary>Models whose forecasts this one reads.</summary>
    public virtual IReadOnlyList<PanelModel> Parts => [];

    protected double Seconds => TimeSpan.FromTicks(_ticks).TotalSeconds;

    /// <summary>Pieces that may run in any order and at the same time; each reports its own time by <see cref="Timed"/>.</summary>
    public abstract IReadOnlyList<Action<CancellationToken>> Pieces(PanelRun run);

    /// <summary>The forecast, after the last piece of this model and of its parts.</summary>
    public abstract PanelForecast Finish(PanelRun run);

    protected Action<CancellationToken> Timed(PanelRun run, Action<CancellationToken> work) => cancellationToken =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = run.Time.GetTimestamp();
        work(cancellationToken);
        Interlocked.Add(ref _ticks, run.Time.GetElapsedTime(start).Ticks);
    };
}

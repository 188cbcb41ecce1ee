namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>A part of <see cref="DemandForecaster"/> on its own, to be scored beside it.</summary>
internal sealed class PartForecaster : EngineForecaster
{
    private PartForecaster(string name, TimeSpan step, Func<HorizonBank> bank) : base(new ForecastEngine(step, bank), "CPPF") => Name = name;

    public override string Name { get; }

    public override string Version => "0.6.0";

    /// <summary>One member of <see cref="MemberSet"/> with quantiles from its own errors.</summary>
    public static PartForecaster OfMember(TimeSpan step, int index) =>
        new(MemberSet.Names[index], step, () => new CoarseHorizons(step, [MemberSet.Create(step)[index]]));

    /// <summary>All members without a network.</summary>
    public static PartForecaster WithoutNetwork(TimeSpan step, string name) => new(name, step, () => MemberSet.Bank(step, null));
}

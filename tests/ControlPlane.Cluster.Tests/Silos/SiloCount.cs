namespace ControlPlane.Contract.Tests.Wiring;

/// <summary>How many silos stand behind the contract tests.</summary>
internal static class SiloCount
{
    public const short Value = 3;
}

namespace ControlPlane.Simulation.Tests.Hosting;

/// <summary>A test that needs the real kubectl.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        if (Kubectl.Path is null) Skip = "kubectl is not on the PATH";
    }
}

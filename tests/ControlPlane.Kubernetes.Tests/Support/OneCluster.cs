namespace ControlPlane.Kubernetes.Tests.Support;

internal sealed class OneCluster(KubernetesClient client) : IKubernetesClients
{
    public KubernetesClient Get(string cluster) =>
        cluster == "test" ? client : throw new KubernetesException(KubernetesFailure.Configuration, $"there is no cluster '{cluster}'");
}

namespace ControlPlane.Kubernetes.Api;

/// <summary>The <c>/scale</c> subresource (<c>autoscaling/v1</c>) of any workload kind.</summary>
public sealed record Scale : KubernetesObject
{
    /// <summary>What is asked for; null only in a malformed answer.</summary>
    public ScaleSpec? Spec { get; init; }

    /// <summary>What is there.</summary>
    public ScaleStatus? Status { get; init; }
}

/// <summary>What a scale asks for. Kubernetes leaves a zero out of the text, so an absent member is 0.</summary>
public sealed record ScaleSpec(int Replicas = 0);

/// <summary>What a scale sees.</summary>
/// <param name="Replicas">Pods that exist.</param>
/// <param name="Selector">The pods' label selector as text, for example <c>app=shop</c>.</param>
public sealed record ScaleStatus(int Replicas = 0, string? Selector = null);

/// <summary>An <c>apps/v1</c> Deployment.</summary>
public sealed record Deployment : KubernetesObject
{
    /// <summary>What is asked for.</summary>
    public WorkloadObjectSpec? Spec { get; init; }

    /// <summary>What is there.</summary>
    public WorkloadObjectStatus? Status { get; init; }
}

/// <summary>An <c>apps/v1</c> StatefulSet.</summary>
public sealed record StatefulSet : KubernetesObject
{
    /// <summary>What is asked for.</summary>
    public WorkloadObjectSpec? Spec { get; init; }

    /// <summary>What is there.</summary>
    public WorkloadObjectStatus? Status { get; init; }
}

/// <summary>An <c>apps/v1</c> ReplicaSet.</summary>
public sealed record ReplicaSet : KubernetesObject
{
    /// <summary>What is asked for.</summary>
    public WorkloadObjectSpec? Spec { get; init; }

    /// <summary>What is there.</summary>
    public WorkloadObjectStatus? Status { get; init; }
}

/// <summary>The spec that Deployment, StatefulSet and ReplicaSet share, as far as it is used here.</summary>
/// <param name="Replicas">Replicas asked for; absent means 1.</param>
/// <param name="Selector">Selects the pods.</param>
/// <param name="Template">The pods to make.</param>
/// <param name="MinReadySeconds">How long a pod must be ready to count as available.</param>
/// <param name="RevisionHistoryLimit">Old revisions to keep.</param>
/// <param name="ProgressDeadlineSeconds">When a Deployment that does not progress counts as failed.</param>
/// <param name="Strategy">How a Deployment replaces pods.</param>
/// <param name="ServiceName">The governing Service of a StatefulSet.</param>
/// <param name="PodManagementPolicy">In which order a StatefulSet makes pods.</param>
/// <param name="Paused">Whether a Deployment is paused.</param>
public sealed record WorkloadObjectSpec(
    int? Replicas = null,
    LabelSelector? Selector = null,
    PodTemplateSpec? Template = null,
    int? MinReadySeconds = null,
    int? RevisionHistoryLimit = null,
    int? ProgressDeadlineSeconds = null,
    DeploymentStrategy? Strategy = null,
    string? ServiceName = null,
    string? PodManagementPolicy = null,
    bool? Paused = null);

/// <summary>How a Deployment replaces pods.</summary>
public sealed record DeploymentStrategy(string? Type = null, RollingUpdateDeployment? RollingUpdate = null);

/// <summary>Bounds of a rolling update.</summary>
public sealed record RollingUpdateDeployment(IntOrString? MaxUnavailable = null, IntOrString? MaxSurge = null);

/// <summary>The status that Deployment, StatefulSet and ReplicaSet share. Kubernetes leaves zeroes out of the text.</summary>
public sealed record WorkloadObjectStatus(
    long? ObservedGeneration = null,
    int Replicas = 0,
    int? UpdatedReplicas = null,
    int? FullyLabeledReplicas = null,
    int? CurrentReplicas = null,
    int? ReadyReplicas = null,
    int? AvailableReplicas = null,
    int? UnavailableReplicas = null,
    string? CurrentRevision = null,
    string? UpdateRevision = null,
    int? CollisionCount = null,
    IReadOnlyList<Condition>? Conditions = null);

/// <summary>The pods that a workload makes.</summary>
public sealed record PodTemplateSpec(ObjectMeta? Metadata = null, PodSpec? Spec = null);

/// <summary>An <c>autoscaling/v2</c> HorizontalPodAutoscaler, as far as it is needed to see what it controls.</summary>
public sealed record HorizontalPodAutoscaler : KubernetesObject
{
    /// <summary>What it controls, and its bounds.</summary>
    public HorizontalPodAutoscalerSpec? Spec { get; init; }

    /// <summary>What it last saw and asked for.</summary>
    public HorizontalPodAutoscalerStatus? Status { get; init; }
}

/// <summary>What a HorizontalPodAutoscaler controls, and its bounds.</summary>
public sealed record HorizontalPodAutoscalerSpec(CrossVersionObjectReference? ScaleTargetRef = null, int? MinReplicas = null, int MaxReplicas = 0);

/// <summary>What a HorizontalPodAutoscaler last saw and asked for.</summary>
public sealed record HorizontalPodAutoscalerStatus(int? CurrentReplicas = null, int DesiredReplicas = 0, DateTimeOffset? LastScaleTime = null);

/// <summary>A <c>policy/v1</c> PodDisruptionBudget.</summary>
public sealed record PodDisruptionBudget : KubernetesObject
{
    /// <summary>What must stay.</summary>
    public PodDisruptionBudgetSpec? Spec { get; init; }

    /// <summary>What it allows now.</summary>
    public PodDisruptionBudgetStatus? Status { get; init; }
}

/// <summary>What a disruption budget keeps.</summary>
public sealed record PodDisruptionBudgetSpec(IntOrString? MinAvailable = null, IntOrString? MaxUnavailable = null, LabelSelector? Selector = null);

/// <summary>What a disruption budget allows now.</summary>
public sealed record PodDisruptionBudgetStatus(
    int DisruptionsAllowed = 0, int CurrentHealthy = 0, int DesiredHealthy = 0, int ExpectedPods = 0, long? ObservedGeneration = null, IReadOnlyList<Condition>? Conditions = null);

/// <summary>A <c>policy/v1</c> Eviction: the body of a POST to a pod's <c>eviction</c> subresource.</summary>
public sealed record Eviction : KubernetesObject
{
    /// <summary>How the pod is deleted.</summary>
    public DeleteOptions? DeleteOptions { get; init; }
}

/// <summary>A <c>coordination.k8s.io/v1</c> Lease.</summary>
public sealed record Lease : KubernetesObject
{
    /// <summary>Who holds it and until when.</summary>
    public LeaseSpec? Spec { get; init; }
}

/// <summary>Who holds a lease and until when.</summary>
public sealed record LeaseSpec
{
    /// <summary>The holder; null when nobody holds it.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long after <see cref="RenewTime"/> others must wait, seconds.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When the holder took it, UTC.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(MicroTimeConverter))] public DateTimeOffset? AcquireTime { get; init; }

    /// <summary>When the holder last renewed it, UTC.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(MicroTimeConverter))] public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often the holder changed.</summary>
    public int? LeaseTransitions { get; init; }
}

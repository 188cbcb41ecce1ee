namespace Orleans.Configuration;

/// <summary>How calls behave.</summary>
public class SiloMessagingOptions
{
    /// <summary>The default of <see cref="ResponseTimeout"/>.</summary>
    public static readonly TimeSpan DefaultResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits for an answer. The called method goes on after that. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = DefaultResponseTimeout;
}

/// <summary>When idle activations end.</summary>
public class GrainCollectionOptions
{
    /// <summary>How long an activation must be idle to be ended. Default 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Default 1 minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);
}

namespace Orleans.Runtime;

/// <summary>The engine, not the grain, failed.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>Makes one without a cause.</summary>
    public OrleansException() : base("Unexpected error.")
    {
    }

    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What failed.</param>
    public OrleansException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The process that held the grain went away before it answered.</summary>
/// <param name="message">What went away.</param>
public sealed class SiloUnavailableException(string message) : OrleansException(message);

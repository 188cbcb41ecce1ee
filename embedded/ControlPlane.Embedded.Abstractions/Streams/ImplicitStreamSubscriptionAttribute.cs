namespace Orleans;

/// <summary>The grain of a key receives every event of the streams with that key in a namespace.</summary>
/// <param name="streamNamespace">The namespace.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class ImplicitStreamSubscriptionAttribute(string streamNamespace) : Attribute
{
    internal string StreamNamespace { get; } = streamNamespace;
}

namespace ControlPlane.Core.Policies;

/// <summary>One broken rule of a policy.</summary>
/// <param name="Path">The property, for example <c>behavior.scaleDown.limits[0].value</c>.</param>
/// <param name="Message">The value and the rule that it breaks.</param>
/// <param name="Other">Another property that the rule compares it with; null when there is none.</param>
public sealed record PolicyFault(string Path, string Message, string? Other = null);

/// <summary>A fault of a text with its line.</summary>
internal readonly record struct PolicyError(long Line, string Path, string Message);

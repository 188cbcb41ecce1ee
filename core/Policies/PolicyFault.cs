namespace ControlPlane.Core.Policies;

/// <summary>One broken rule of a policy.</summary>
/// <param name="Path">The property, for example <c>behavior.scaleDown.limits[0].value</c>.</param>
/// <param name="Message">The value and the rule that it breaks.</param>
public sealed record PolicyFault(string Path, string Message);

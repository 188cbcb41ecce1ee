namespace ControlPlane.Core.Learning;

/// <summary>Names of the kinds of advisers; part of their versions' ids.</summary>
public static class AdviserKinds
{
    /// <summary>Q-learning over a table.</summary>
    public const string Table = "adviser-table";

    /// <summary>Deep Q-learning.</summary>
    public const string Dqn = "adviser-dqn";
}

namespace MatchCluster.Api.Tasks;

/// <summary>The kinds of tasks of which the same worker takes care.</summary>
internal static class TaskKinds
{
    /// <summary>A call of OSIA with a callback.</summary>
    public const string Osia = "osia";

    /// <summary>An alert, whose result is there from the beginning.</summary>
    public const string Alert = "alert";

    /// <summary>Kinds with a result that is sent to a callback address.</summary>
    public static IReadOnlyList<string> Delivered { get; } = [Osia, Alert];
}

namespace MatchCluster.Api.Jobs;

/// <summary>The kinds of jobs, as they stand in calls, stores and metrics.</summary>
internal static class JobKinds
{
    /// <summary>A gallery is compared with itself.</summary>
    public const string Deduplicate = "deduplicate";

    /// <summary>Many probes are searched.</summary>
    public const string BatchIdentify = "batch-identify";

    /// <summary>Probes of which it is known who they are are searched, and the errors are counted.</summary>
    public const string Accuracy = "accuracy";

    public static IReadOnlyList<string> All { get; } = [Deduplicate, BatchIdentify, Accuracy];
}

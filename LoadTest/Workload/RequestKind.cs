namespace MatchCluster.LoadTest.Workload;

/// <summary>What a request asks; each has its own line in the report.</summary>
internal enum RequestKind
{
    /// <summary>Identify with one or more fingers.</summary>
    Finger,

    /// <summary>Identify with both eyes.</summary>
    Iris,

    /// <summary>Identify with fingers and eyes together.</summary>
    Fused,

    /// <summary>Enrol a new person.</summary>
    Enrol,
}

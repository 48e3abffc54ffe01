using Orleans.Configuration;

namespace MatchCluster.Grains.Members;

/// <summary>How fast members notice that one of them is gone.</summary>
internal static class Detection
{
    /// <summary>
    /// A killed process closes its connections and is out within a second or two; a machine that vanishes, within two
    /// missed probes of at most <see cref="ClusterMembershipOptions.MaxProbeTimeout"/>. The heartbeat in Redis matters
    /// where every member died at once: a start does not wait for those whose heartbeat is that old.
    /// </summary>
    public static void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        membership.NumMissedTableIAmAliveLimit = 3;
        membership.MaxJoinAttemptTime = TimeSpan.FromSeconds(60);
    }
}

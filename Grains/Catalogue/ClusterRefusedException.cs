namespace MatchCluster.Grains.Catalogue;

/// <summary>The cluster will not have this silo as it is; the message says why.</summary>
public sealed class ClusterRefusedException(string message) : Exception(message);

namespace MatchCluster.Grains.Contracts;

/// <summary>
/// The grain cannot take a call at all: its bytes are no frame of this version, or the store has no partition of that
/// number. Two versions or two configurations met; repeating the call will not help.
/// </summary>
[GenerateSerializer]
[Alias("matchcluster.call-rejected")]
public sealed class CallRejectedException(string message) : Exception(message);

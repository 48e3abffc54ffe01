namespace MatchCluster.Grains.Contracts;

/// <summary>What a silo is asked to do with keys. The numbers are frozen.</summary>
[GenerateSerializer]
[Alias("matchcluster.key-work")]
public enum KeyWork
{
    List = 1,
    Close = 2,
    Destroy = 3,
    Rotate = 4,
    Rewrap = 5,
    Reopen = 6,
}

/// <param name="Work">What to do.</param>
/// <param name="Gallery">With which gallery's keys; empty where it is about all.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.key-request")]
public sealed record KeyRequest([property: Id(0)] KeyWork Work, [property: Id(1)] string Gallery);

/// <param name="MasterKeyId">Id of the master key; null where records are stored in the clear.</param>
/// <param name="Keys">Every key where they were asked for.</param>
/// <param name="Number">Number of a new key, or how many were wrapped; null where there was none to rotate.</param>
/// <param name="Failure">Why it could not be done; null where it was.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.key-reply")]
public sealed record KeyReply(
    [property: Id(0)] string? MasterKeyId, [property: Id(1)] KeyLine[] Keys, [property: Id(2)] int? Number,
    [property: Id(3)] string? Failure);

/// <param name="Gallery">Its gallery; empty for the store's own.</param>
/// <param name="Number">Its number.</param>
/// <param name="IsClosing">Whether its gallery is being deleted.</param>
/// <param name="Created">When it was made.</param>
/// <param name="IsCurrent">Whether it seals.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.key-line")]
public sealed record KeyLine(
    [property: Id(0)] string Gallery, [property: Id(1)] int Number, [property: Id(2)] bool IsClosing,
    [property: Id(3)] DateTimeOffset Created, [property: Id(4)] bool IsCurrent);

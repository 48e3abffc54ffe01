using Orleans.Concurrency;

namespace MatchCluster.Grains.Catalogue;

/// <summary>
/// What the members of a cluster must agree on: how many partitions there are, which silo shall own which, which
/// galleries exist. One grain, kept in the grain storage named <see cref="StorageName"/>.
/// </summary>
[Alias("matchcluster.catalogue")]
public interface ICatalogueGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the one catalogue.</summary>
    const int Key = 0;

    const string StorageName = "catalogue";

    /// <summary>Asks to take part. A silo that hosts partitions gets its share from then on.</summary>
    /// <returns>Null, or why not.</returns>
    [Alias("join")]
    Task<JoinRefusal?> JoinAsync(MemberCard card);

    /// <summary>A silo that will stop: its partitions get other owners, and it has time to hand them over.</summary>
    [Alias("leave")]
    Task LeaveAsync(SiloAddress silo);

    /// <summary>The owners, decided on the members of that version of the membership or of a later one.</summary>
    [Alias("owners")]
    Task<PartitionOwners> OwnersAsync(MembershipVersion membership);

    /// <summary>Tells of galleries that encounters name, known ones too.</summary>
    [Alias("note-galleries")]
    Task NoteGalleriesAsync(string[] galleries);

    /// <summary>Everything, for an operator.</summary>
    [AlwaysInterleave]
    [Alias("read")]
    Task<CatalogueView> ReadAsync();
}

/// <summary>Why a member cannot join.</summary>
/// <param name="Reason">What was found and what was wanted.</param>
/// <param name="MayRetry">Whether it may pass: a namesake that was killed is soon noticed.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.join-refusal")]
public sealed record JoinRefusal([property: Id(0)] string Reason, [property: Id(1)] bool MayRetry);

/// <summary>The catalogue as an operator sees it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.catalogue-view")]
public sealed record CatalogueView
{
    /// <summary>Partitions of the store; 0 before the first silo joined.</summary>
    [Id(0)]
    public required int Partitions { get; init; }

    [Id(1)]
    public required PartitionOwners Owners { get; init; }

    /// <summary>Members that joined and are active.</summary>
    [Id(2)]
    public required IReadOnlyList<MemberCard> Members { get; init; }

    /// <summary>Galleries and when each was first named.</summary>
    [Id(3)]
    public required IReadOnlyDictionary<string, DateTimeOffset> Galleries { get; init; }
}

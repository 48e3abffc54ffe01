namespace MatchCluster.Grains.Catalogue;

/// <summary>
/// Keeps the catalogue: reads it on activation, decides with <see cref="CatalogueRules"/>, writes what changed before
/// it tells anybody. Where there are two activations, the one that wrote last wins, storage refuses the
/// other's next write, and Orleans ends that one.
/// </summary>
[GrainType("catalogue")]
internal sealed class CatalogueGrain(
    [PersistentState("catalogue", ICatalogueGrain.StorageName)] IPersistentState<CatalogueState> stored,
    IClusterMembershipService membership, TimeProvider clock)
    : Grain, ICatalogueGrain
{
    private CatalogueRecord record = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (stored.RecordExists)
        {
            record = CatalogueRecord.Of(stored.State.Json);
        }

        return Task.CompletedTask;
    }

    public async Task<JoinRefusal?> JoinAsync(MemberCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        await membership.Refresh();
        ClusterMembershipSnapshot members = membership.CurrentSnapshot;
        if (CatalogueRules.RefusalOf(card, record, members) is { } refusal)
        {
            return refusal;
        }

        await KeepAsync(CatalogueRules.Decide(CatalogueRules.WithMember(record, card, members), members));
        return null;
    }

    public async Task LeaveAsync(SiloAddress silo) =>
        await KeepAsync(CatalogueRules.Decide(CatalogueRules.Leaving(record, silo), membership.CurrentSnapshot));

    public async Task<PartitionOwners> OwnersAsync(MembershipVersion atLeast)
    {
        await membership.Refresh(atLeast);
        await KeepAsync(CatalogueRules.Decide(record, membership.CurrentSnapshot));
        return CatalogueRules.OwnersOf(record, membership.CurrentSnapshot);
    }

    public async Task NoteGalleriesAsync(string[] galleries) =>
        await KeepAsync(CatalogueRules.WithGalleries(record, galleries, clock.GetUtcNow()));

    public Task<CatalogueView> ReadAsync() => Task.FromResult(new CatalogueView
    {
        Partitions = record.Partitions,
        Owners = CatalogueRules.OwnersOf(record, membership.CurrentSnapshot),
        Members =
        [
            .. record.Members.Select(member => member.Card)
                .Where(card => CatalogueRules.IsActive(membership.CurrentSnapshot, card.Address)),
        ],
        Galleries = record.Galleries,
    });

    /// <summary>What could not be written was not decided.</summary>
    private async Task KeepAsync(CatalogueRecord next)
    {
        if (ReferenceEquals(next, record))
        {
            return;
        }

        stored.State.Json = next.ToJson();
        await stored.WriteStateAsync();
        record = next;
    }
}

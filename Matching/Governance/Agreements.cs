using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// The agreements of an installation and what they decide. A decision looks at the store's count of changes first, so
/// that a change acts on the next request of every process that has the store. What cannot be read allows nothing.
/// </summary>
public sealed class Agreements : IUsePolicy
{
    /// <summary>The kind of documents that agreements are.</summary>
    public const string Kind = "agreement";

    private readonly Lock guard = new();
    private readonly TimeProvider clock;
    private Held held = new((-1, -1, -1), AgreementBook.Empty);
    private DateTimeOffset latest;

    /// <param name="store">Where they are kept.</param>
    /// <param name="clock">Tells the time.</param>
    public Agreements(IGovernanceStore store, TimeProvider clock)
    {
        this.clock = clock;
        Partners = new SignedDocuments<Agreement>(
            store, clock, Kind, GovernanceJson.Default.SignedAgreement, one => one.Id,
            (one, version) => one with { Version = version }, AgreementRules.Check);
        Galleries = new SignedDocuments<GalleryPolicy>(
            store, clock, "gallery", GovernanceJson.Default.SignedGalleryPolicy, one => one.Id,
            (one, version) => one with { Version = version }, AgreementRules.Check);
        Suspensions = new SignedDocuments<Suspension>(
            store, clock, "suspension", GovernanceJson.Default.SignedSuspension, one => one.Id,
            (one, version) => one with { Version = version }, AgreementRules.Check);
    }

    /// <summary>The agreements themselves.</summary>
    public SignedDocuments<Agreement> Partners { get; }

    /// <summary>The policies of galleries.</summary>
    public SignedDocuments<GalleryPolicy> Galleries { get; }

    /// <summary>Which agreements are suspended.</summary>
    public SignedDocuments<Suspension> Suspensions { get; }

    /// <summary>
    /// Suspends an agreement at once, by one administrator: what must be stopped does not wait for a second one. An
    /// end of the suspension that was proposed before is void.
    /// </summary>
    /// <param name="id">The agreement.</param>
    /// <param name="reason">Why, for people to read.</param>
    /// <param name="administrator">Who suspends it, the subject of a natural person.</param>
    /// <param name="cancel">Ends the call.</param>
    public async ValueTask<SignedResult> SuspendAsync(
        string id, string reason, string administrator, CancellationToken cancel) =>
        await Partners.ReadAsync(id, cancel) is null
            ? new SignedResult(0, new Refusal(RefusalKind.Unknown, "no agreement of that name"))
            : await Suspensions.HoldAtOnceAsync(
                new Suspension { Id = id, IsSuspended = true, Reason = reason }, administrator, cancel);

    /// <summary>
    /// Proposes to let a suspended agreement hold again; it does as soon as another administrator approves that.
    /// </summary>
    /// <inheritdoc cref="SuspendAsync"/>
    public async ValueTask<SignedResult> ProposeResumptionAsync(
        string id, string reason, string administrator, CancellationToken cancel) =>
        await Suspensions.ReadAsync(id, cancel) is not { Content.IsSuspended: true }
            ? new SignedResult(0, new Refusal(RefusalKind.Conflict, "the agreement is not suspended"))
            : await Suspensions.ProposeAsync(
                new Suspension { Id = id, IsSuspended = false, Reason = reason }, administrator, cancel);

    public async ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel)
    {
        try
        {
            UseDecision decision = (await BookAsync(cancel)).Decide(use, request, Now());
            use.Decided?.Invoke(decision);
            return decision;
        }
        catch (StoreException fault)
        {
            return new UseDecision
            {
                Refusal = new Refusal(
                    RefusalKind.Unavailable, $"the agreements cannot be read: {fault.Outage.Reason}",
                    TimeSpan.FromSeconds(1)),
            };
        }
    }

    /// <summary>
    /// What held at the last decision of this process, without a look at the store: for weights and counts, which
    /// decide nothing.
    /// </summary>
    /// <exception cref="StoreException">Nothing was read yet, and it cannot be.</exception>
    public ValueTask<AgreementBook> RecentBookAsync(CancellationToken cancel) =>
        Volatile.Read(ref held) is { IsRead: true } current ? ValueTask.FromResult(current.Book) : BookAsync(cancel);

    /// <summary>What holds now.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public async ValueTask<AgreementBook> BookAsync(CancellationToken cancel)
    {
        // The counts are read before the documents: a change in between is read again at the next call.
        // They are asked for together: in a cluster each is a way to Redis and back, in every decision.
        ValueTask<long> agreed = Partners.StampAsync(cancel);
        ValueTask<long> policies = Galleries.StampAsync(cancel);
        ValueTask<long> suspended = Suspensions.StampAsync(cancel);
        (long, long, long) now = (await agreed, await policies, await suspended);
        Held current = Volatile.Read(ref held);
        if (current.Stamps == now)
        {
            return current.Book;
        }

        Held read = new(now, new AgreementBook(
            (await Partners.ReadAllAsync(cancel)).Select(one => one.Content),
            (await Galleries.ReadAllAsync(cancel)).Select(one => one.Content),
            (await Suspensions.ReadAllAsync(cancel)).Select(one => one.Content)
                .Where(one => one.IsSuspended).Select(one => one.Id)));
        lock (guard)
        {
            // A slower reader does not put older agreements in the place of newer ones.
            if (now.Item1 >= held.Stamps.Agreements && now.Item2 >= held.Stamps.Policies
                && now.Item3 >= held.Stamps.Suspensions)
            {
                held = read;
            }
        }

        return read.Book;
    }

    /// <summary>The time, which never goes back here: an agreement that has expired does not hold again.</summary>
    private DateTimeOffset Now()
    {
        lock (guard)
        {
            DateTimeOffset now = clock.GetUtcNow();
            latest = now > latest ? now : latest;
            return latest;
        }
    }

    private sealed record Held((long Agreements, long Policies, long Suspensions) Stamps, AgreementBook Book)
    {
        public bool IsRead => Stamps.Agreements >= 0;
    }
}

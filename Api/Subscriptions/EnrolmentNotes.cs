using System.Collections.Concurrent;
using MatchCluster.Api.Http;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>
/// Notes which partner brings an encounter, and watches its galleries, where owners want to be told of enrolments by
/// others. Both are durable before the encounter is written: whoever looks at the change knows who brought it.
/// </summary>
internal sealed class EnrolmentNotes(
    SubscriptionStores stores, WrapBacks wrapBacks, Backend backend, TimeProvider clock, ILogger<EnrolmentNotes> log)
    : IEnrolmentNotes
{
    private readonly ConcurrentDictionary<string, bool> watched = new(StringComparer.Ordinal);

    public async ValueTask<Refusal?> NoteAsync(
        IReadOnlyList<BroughtEncounter> brought, Use use, CancellationToken cancel)
    {
        try
        {
            // Also where the owners are the caller: its note takes the place of one that somebody else left.
            if ((await wrapBacks.OfEnrolmentsAsync(cancel)).Count == 0)
            {
                return null;
            }

            foreach (string gallery in brought.SelectMany(one => one.Galleries).Distinct(StringComparer.Ordinal))
            {
                if (!watched.ContainsKey(gallery))
                {
                    long since = (await backend.Feed!.Log.PositionAsync(gallery, cancel)).Last;
                    await stores.Book.WatchAsync(gallery, since, cancel);
                    watched[gallery] = true;
                }
            }

            EnrolmentNote note = new(use.Partner, use.Purpose, clock.GetUtcNow());
            await Task.WhenAll(brought.Select(one => stores.Book.NoteEnrolmentAsync(
                one.PersonId, one.EncounterId, note, cancel).AsTask()));
            return null;
        }
        catch (StoreException fault)
        {
            return new Refusal(
                RefusalKind.Unavailable,
                "the owners of other galleries cannot be told now, and nobody is enrolled without: "
                    + fault.Outage.Reason,
                TimeSpan.FromSeconds(1));
        }
    }

    public async ValueTask TakeBackAsync(
        IReadOnlyList<BroughtEncounter> refused, Use use, CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(refused.Select(one => stores.Book.TakeBackEnrolmentAsync(
                one.PersonId, one.EncounterId, use.Partner, cancel).AsTask()));
        }
        catch (StoreException fault)
        {
            // The refusal is right all the same; an owner may be told of the wrong partner.
            log.NotesStay(fault.Message);
        }
    }
}

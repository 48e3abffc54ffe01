using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Subscriptions;

/// <summary>
/// All subscriptions as persons of a gallery of their own, in the memory of one process: the same kernels as those of
/// searches, with the roles of probe and gallery exchanged. It is another engine than the one that people are enrolled
/// in, so that nothing that asks that one (searches, lists, figures, change logs, packs) can meet a subscription.
/// </summary>
public sealed class SubscriptionIndex : IAsyncDisposable
{
    private const int Page = 1000;

    /// <summary>How long one page of searches may take; then it is tried again.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromMinutes(1);

    private readonly SubscriptionBook book;
    private readonly MatchEngine engine;
    private readonly SearchRoot search;
    private readonly EncounterRoot people;
    private readonly ConcurrentDictionary<string, Subscription> known = new(StringComparer.Ordinal);
    private string? seenTo;

    /// <param name="book">The subscriptions.</param>
    /// <param name="options">How the engine is built.</param>
    public SubscriptionIndex(SubscriptionBook book, MatchEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.book = book;
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        engine = MatchEngine.Open(new MemoryGalleryStore(threads), options with { Threads = threads });
        search = new SearchRoot(engine, options.Clock);
        people = new EncounterRoot(engine, options.Clock);
    }

    /// <summary>Subscriptions that are searched.</summary>
    public int Count => known.Count;

    /// <summary>Threads for work of no partition.</summary>
    public Scan.EngineCalls Calls => engine.Calls;

    /// <summary>Subscriptions of a gallery.</summary>
    public IEnumerable<Subscription> Of(string gallery) => known.Values.Where(one => one.Gallery == gallery);

    /// <summary>Takes in what was made since the last time.</summary>
    public async Task AddNewAsync(CancellationToken cancel)
    {
        string? after = seenTo;
        string next = book.Now();
        while (await book.ListComparedAsync(after, Page, cancel) is { Count: > 0 } ids)
        {
            await AddAsync([.. ids.Where(id => !known.ContainsKey(id))], cancel);
            after = ids[^1];
        }

        seenTo = next;
    }

    /// <summary>Forgets what was deleted or has ended; what has ended is deleted.</summary>
    public async Task DropGoneAsync(DateTimeOffset now, CancellationToken cancel)
    {
        HashSet<string> kept = new(StringComparer.Ordinal);
        string[] before = [.. known.Keys];
        string? after = null;
        while (await book.ListComparedAsync(after, Page, cancel) is { Count: > 0 } ids)
        {
            kept.UnionWith(ids);
            after = ids[^1];
        }

        foreach (string id in before)
        {
            if (known.TryGetValue(id, out Subscription? one) && one.ExpiresAt <= now)
            {
                await book.DeleteAsync(id, cancel);
                kept.Remove(id);
            }
        }

        await DropAsync([.. before.Where(id => !kept.Contains(id))], cancel);
    }

    /// <summary>The subscriptions of a gallery that each probe reaches the threshold of, the best first.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="probes">Persons that came in, at most <see cref="Limits.SearchesPerBatch"/>.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreException">Not every subscription was searched.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<SubscriptionHit>>> SearchAsync(
        string gallery, IReadOnlyList<Probe> probes, CancellationToken cancel)
    {
        Subscription[] all = [.. Of(gallery)];
        if (all.Length == 0 || probes.Count == 0)
        {
            return [.. probes.Select(_ => Array.Empty<SubscriptionHit>())];
        }

        IReadOnlyList<IdentifyAnswer> answers = await AskAsync(
            WatchedBy(gallery), all.Min(one => one.Threshold), probes, cancel);
        List<SubscriptionHit>[] hits = [.. answers.Select(HitsOf)];
        for (int i = 0; i < hits.Length; i++)
        {
            if (answers[i].IsCut != true)
            {
                continue;
            }

            // More than a list takes: then each owner's alone, so that nobody's crowd out anybody else's.
            foreach (IGrouping<string, Subscription> owner in all.GroupBy(one => one.Partner, StringComparer.Ordinal))
            {
                IReadOnlyList<IdentifyAnswer> own = await AskAsync(
                    WatchedBy(gallery, owner.Key), owner.Min(one => one.Threshold), [probes[i]], cancel);
                hits[i].AddRange(HitsOf(own[0]).Where(hit => !hits[i].Contains(hit)));
            }
        }

        return hits;
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private async Task<IReadOnlyList<IdentifyAnswer>> AskAsync(
        string gallery, double threshold, IReadOnlyList<Probe> probes, CancellationToken cancel)
    {
        IReadOnlyList<IdentifyAnswer> answers = await search.IdentifyAsync(
            [
                .. probes.Select(probe => new IdentifyRequest
                {
                    Probe = probe,
                    Gallery = gallery,
                    Threshold = threshold,
                    MaxCandidates = Limits.CandidatesPerSearch,
                }),
            ],
            SearchBudget.Of(SearchTime, cancel).For(Use.Internal));
        return answers.FirstOrDefault(answer => answer.Refusal is not null || !answer.Coverage.IsComplete) is { } bad
            ? throw new StoreException(
                $"subscriptions were not searched: {bad.Refusal?.Reason ?? string.Join("; ", bad.Coverage.Missing)}")
            : answers;
    }

    private List<SubscriptionHit> HitsOf(IdentifyAnswer answer) =>
    [
        .. answer.Candidates.Where(candidate =>
                known.TryGetValue(candidate.PersonId, out Subscription? one) && candidate.Score >= one.Threshold)
            .Select(candidate => new SubscriptionHit(candidate.PersonId, candidate.Score)),
    ];

    private async Task AddAsync(string[] ids, CancellationToken cancel)
    {
        foreach (string[] some in ids.Chunk(64))
        {
            Subscription?[] read = await Task.WhenAll(some.Select(id => book.FindAsync(id, cancel).AsTask()));
            Subscription[] found = [.. read.OfType<Subscription>()];
            await WriteAsync(
                [
                    .. found.Select(one => new Write.Create(one.ToEncounter(
                        WatchedBy(one.Gallery), WatchedBy(one.Gallery, one.Partner)))),
                ],
                cancel);
            foreach (Subscription one in found)
            {
                known[one.Id] = one with { Samples = [] };
            }
        }
    }

    private async Task DropAsync(string[] ids, CancellationToken cancel)
    {
        foreach (string[] some in ids.Chunk(Page))
        {
            await WriteAsync([.. some.Select(id => new Write.DeletePerson(id))], cancel);
            foreach (string id in some)
            {
                known.TryRemove(id, out _);
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancel)
    {
        if (writes.Count == 0)
        {
            return;
        }

        IReadOnlyList<WriteResult> results = await people.ApplyAsync(
            writes, SearchBudget.Of(SearchTime, cancel).For(Use.Internal));
        if (results.FirstOrDefault(result => result.Outage is not null).Outage is { } outage)
        {
            throw new StoreException(outage, "subscriptions in memory");
        }
    }

    /// <summary>Names of galleries of this engine; hashes, because names are as long as ids may be.</summary>
    private static string WatchedBy(string gallery, string? owner = null) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            owner is null ? gallery : $"{gallery}\n{owner}")));
}

/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Score">Fused score, -10 log10 FMR.</param>
public readonly record struct SubscriptionHit(string SubscriptionId, double Score);

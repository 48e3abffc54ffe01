using System.Runtime.CompilerServices;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Deduplication;

/// <summary>
/// Compares a gallery with itself. Partition by partition, in the order of their ids, persons are searched with the
/// rows that are stored of them: in their own partition among the persons after them, and in the partitions after it
/// among all. So each pair is compared once, and a walk goes on from wherever it was.
/// </summary>
/// <remarks>
/// It is background work: searches that callers wait for go first on every thread. A partition that cannot answer now
/// is asked again until it can.
/// </remarks>
/// <param name="directory">The partitions.</param>
/// <param name="request">What is compared.</param>
/// <param name="standing">Whose work it is.</param>
/// <param name="atOnce">Steps under way at a time, so that no thread waits for the slowest partition.</param>
/// <param name="clock">The clock.</param>
public sealed class DuplicateWalk(
    IPartitionDirectory directory, DuplicateRequest request, Standing standing, int atOnce, TimeProvider clock)
{
    private const int MostPersons = 32;

    /// <summary>A step takes about so long: what is redone after an interruption, and what a message carries.</summary>
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int persons = request.Exhaustive ? 1 : 4;

    /// <summary>Why the walk waits for a partition; null where it does not.</summary>
    public string? Waiting { get; private set; }

    /// <summary>The steps from a cursor on, in order.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<DuplicateStep> RunAsync(
        DuplicateCursor from, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(from);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Queue<Task<DuplicateStep>> running = new();
        try
        {
            await foreach (Batch batch in BatchesAsync(from, ended.Token))
            {
                running.Enqueue(StepAsync(batch, ended.Token));
                if (running.Count >= Math.Max(1, atOnce))
                {
                    yield return await running.Dequeue();
                }
            }

            while (running.TryDequeue(out Task<DuplicateStep>? next))
            {
                yield return await next;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async IAsyncEnumerable<Batch> BatchesAsync(
        DuplicateCursor from, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (int partition = from.Partition; partition < directory.All.Count; partition++)
        {
            string? after = partition == from.Partition ? from.After : null;
            while (true)
            {
                IReadOnlyList<StoredProbe> page = await ReadAsync(partition, after, from.Since, cancel);
                if (page.Count == 0)
                {
                    break;
                }

                StoredProbe[][] people = [.. page.GroupBy(probe => probe.PersonId).Select(group => group.ToArray())];
                for (int first = 0; first < people.Length;)
                {
                    StoredProbe[][] some = [.. people.Skip(first).Take(Volatile.Read(ref persons))];
                    first += some.Length;
                    after = some[^1][0].PersonId;
                    yield return new Batch(
                        new DuplicateCursor(partition, after) { Since = from.Since }, [.. some.Select(Person.Of)]);
                }
            }
        }
    }

    private async Task<IReadOnlyList<StoredProbe>> ReadAsync(
        int partition, string? after, DateTimeOffset? since, CancellationToken cancel)
    {
        while (true)
        {
            ReadAnswer page = await directory.All[partition].ReadAsync(
                new ReadQuery.Probes(request.Gallery, Limits.ProbePagePersons) { After = after, Since = since },
                SearchBudget.Of(Limits.LongestDeadline, cancel).At(standing));
            if (page.Outage is null && page.Refusal is null)
            {
                return page.Probes;
            }

            await WaitAsync(page.Outage?.Reason ?? page.Refusal!.Reason, cancel);
        }
    }

    private async Task<DuplicateStep> StepAsync(Batch batch, CancellationToken cancel)
    {
        long begun = clock.GetTimestamp();
        bool isLate = batch.Cursor.Since is not null;
        int own = batch.Cursor.Partition;
        (Person Person, Search Search)[] asked =
        [
            .. batch.People.SelectMany(person => person.Probes.Select(probe => (person, SearchOf(probe)))),
        ];
        Found[] found = asked.Length == 0 ? [] : await Task.WhenAll(Enumerable
            .Range(isLate ? 0 : own, directory.All.Count - (isLate ? 0 : own))
            .Select(partition => SearchAsync(partition, !isLate && partition == own, asked, cancel)));
        Adapt(clock.GetElapsedTime(begun), batch.People.Count);
        return new DuplicateStep(
            batch.Cursor, batch.People.Count, found.Sum(one => one.Pairs), [.. found.SelectMany(one => one.Hits)])
        {
            WithoutSamples = batch.People.Count(person => person.Probes.Count == 0),
            Cut = found.Sum(one => one.Cut),
            Unreadable = found.Sum(one => one.Unreadable),
            Comparisons = found.Sum(one => one.Comparisons),
        };
    }

    private Search SearchOf(Probe probe) => new()
    {
        Probe = probe,
        Gallery = request.Gallery,
        Threshold = request.Threshold,
        MaxCandidates = Limits.CandidatesPerSearch,
        Exhaustive = request.Exhaustive,
    };

    private async Task<Found> SearchAsync(
        int partition, bool isOwn, (Person Person, Search Search)[] asked, CancellationToken cancel)
    {
        Search[] searches = [.. asked.Select(one => isOwn
            ? one.Search with { OnlyAfter = one.Person.Id } : one.Search)];
        if (searches.Length > Limits.SearchesPerBatch)
        {
            return await HalvesAsync(partition, isOwn, asked, cancel);
        }

        while (true)
        {
            SearchBudget budget = SearchBudget.Of(Limits.LongestDeadline, cancel).At(standing);
            PartitionAnswer answer = await directory.All[partition].SearchAsync(
                new SearchBatch(searches) { Standing = standing, IsBackground = true }, budget);
            cancel.ThrowIfCancellationRequested();

            // What cannot be read now can never be: whatever else is missing is asked for again.
            bool isWhole = answer.Outcome == PartitionOutcome.Complete
                || (answer.Outcome == PartitionOutcome.Partial && answer.RetryAfter is null);
            if (isWhole)
            {
                return Found.Of(answer, asked);
            }

            if (answer.Outcome == PartitionOutcome.Partial && asked.Length > 1)
            {
                return await HalvesAsync(partition, isOwn, asked, cancel);
            }

            await WaitAsync(answer.Reason ?? $"partition {partition} gave no answer", cancel);
        }
    }

    private async Task<Found> HalvesAsync(
        int partition, bool isOwn, (Person Person, Search Search)[] asked, CancellationToken cancel)
    {
        int half = asked.Length / 2;
        return Found.Join(
            await SearchAsync(partition, isOwn, asked[..half], cancel),
            await SearchAsync(partition, isOwn, asked[half..], cancel));
    }

    private async Task WaitAsync(string reason, CancellationToken cancel)
    {
        Waiting = reason;
        await Task.Delay(Pause, clock, cancel);
        Waiting = null;
    }

    private void Adapt(TimeSpan took, int count)
    {
        if (took > 2 * StepTime)
        {
            Volatile.Write(ref persons, Math.Max(1, count / 2));
        }
        else if (took < StepTime)
        {
            Volatile.Write(ref persons, Math.Min(MostPersons, Math.Max(Volatile.Read(ref persons), count * 2)));
        }
    }

    private sealed record Batch(DuplicateCursor Cursor, IReadOnlyList<Person> People);

    /// <summary>A person's samples as probes: one, unless they are more than a probe has.</summary>
    private sealed record Person(string Id, IReadOnlyList<string> Encounters, IReadOnlyList<Probe> Probes)
    {
        public static Person Of(StoredProbe[] stored)
        {
            FingerProbe[] fingers = [.. stored.SelectMany(one => one.Probe.Fingers)];
            IrisProbe[] irises = [.. stored.SelectMany(one => one.Probe.Irises)];
            int parts = Math.Max(1, (fingers.Length + irises.Length + Limits.RowsPerProbe - 1) / Limits.RowsPerProbe);
            Probe[] probes =
            [
                .. Enumerable.Range(0, parts).Select(part => new Probe(
                    [.. fingers.Where((_, i) => i % parts == part)], [.. irises.Where((_, i) => i % parts == part)])),
            ];
            return new Person(
                stored[0].PersonId, [.. stored.Select(one => one.EncounterId)],
                [.. probes.Where(probe => probe.Fingers.Count + probe.Irises.Count > 0)]);
        }
    }

    private sealed record Found(
        long Pairs, IReadOnlyList<DuplicatePair> Hits, int Cut, long Unreadable, long Comparisons)
    {
        public static Found Of(PartitionAnswer answer, (Person Person, Search Search)[] asked)
        {
            List<DuplicatePair> hits = [];
            long pairs = 0;
            int cut = 0;
            for (int i = 0; i < asked.Length; i++)
            {
                (Person person, SearchHits result) = (asked[i].Person, answer.Results[i]);
                hits.AddRange(result.Hits.Where(hit => hit.PersonId != person.Id).Select(hit => new DuplicatePair(
                    person.Id, person.Encounters, hit.PersonId, hit.Score, hit.Details)));
                pairs += ReferenceEquals(asked[i].Search.Probe, person.Probes[0]) ? result.Count?.Searched ?? 0 : 0;
                cut += result.Count?.Reached > result.Hits.Count ? 1 : 0;
            }

            return new Found(
                pairs, hits, cut, answer.IdentitiesHeld - answer.IdentitiesSearched, answer.Comparisons);
        }

        public static Found Join(Found a, Found b) => new(
            a.Pairs + b.Pairs, [.. a.Hits, .. b.Hits], a.Cut + b.Cut, Math.Max(a.Unreadable, b.Unreadable),
            a.Comparisons + b.Comparisons);
    }
}

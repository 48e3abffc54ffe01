using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Unique;

/// <summary>
/// What the holder of the galleries' turn does with a batch: looks for each in the galleries, compares those whom
/// nobody is like among themselves, and enrols them in one group of writes. One who is like another of the same batch
/// waits for that write and is searched again after it, so that the answer is that of any other search.
/// </summary>
internal sealed class UniqueRound(
    SearchService search, EncounterRoot root, ProbePreparation probes, EngineCalls calls)
{
    /// <summary>
    /// Two of a batch are searched one after the other already where their score lies so little below the threshold: a
    /// threshold that follows from FPIR moves with the gallery.
    /// </summary>
    private const double Margin = 1;

    /// <summary>A commit is worth waiting for beyond the deadline: unheard, nothing is known.</summary>
    private static readonly TimeSpan CommitTime = TimeSpan.FromSeconds(5);

    /// <summary>Answers all of the batch.</summary>
    /// <param name="batch">In the order in which they came.</param>
    /// <param name="galleries">Those of each of them.</param>
    /// <param name="leases">What the turn gave.</param>
    public async Task RunAsync(
        IReadOnlyList<UniqueWaiting> batch, IReadOnlyList<string> galleries, IReadOnlyList<GalleryLease> leases)
    {
        SearchBudget budget = SearchBudget.Of(batch.Max(one => one.Budget.Remaining)).At(batch[0].Budget.Standing);
        double[][]? scores = await ScoresAsync(batch, budget);
        if (scores is null)
        {
            foreach (UniqueWaiting one in batch)
            {
                one.Answer(UniqueAnswer.Undecided(Failure.DeadlinePassed));
            }

            return;
        }

        Entry[] entries = [.. batch.Select((one, index) => new Entry(index, one, one.Probe))];
        bool isFirst = true;
        while (entries.Length > 0)
        {
            entries = await WithoutKnownAsync(entries, budget);
            entries = isFirst ? entries : await PreparedAgainAsync(entries, budget);
            isFirst = false;
            List<Entry> unknown = [];
            foreach (IGrouping<Use, Entry> caller in entries.GroupBy(entry => entry.Waiting.Use))
            {
                unknown.AddRange(await SearchAsync([.. caller], galleries, budget.For(caller.Key).In(leases)));
            }

            List<Entry> enrolled = [];
            List<Entry> later = [];
            foreach (Entry entry in unknown.OrderBy(entry => entry.Index))
            {
                double threshold = entry.Found.Min(answer => answer.Threshold) - Margin;
                bool isLike = enrolled.Any(other => scores[entry.Index][other.Index] >= threshold);
                (isLike ? later : enrolled).Add(entry);
            }

            bool isKnown = true;
            foreach (IGrouping<Use, Entry> caller in enrolled.GroupBy(entry => entry.Waiting.Use))
            {
                isKnown &= await WriteAsync([.. caller], caller.Key, leases, budget);
            }

            if (!isKnown)
            {
                // A write without an answer may still come, and only the next turn keeps it out.
                later.ForEach(entry => entry.Waiting.Answer(UniqueAnswer.Undecided(Failure.Of(new Outage(
                    "a write of the same turn has no answer; nobody was enrolled here", MayRetry: true)))));
                return;
            }

            entries = [.. later];
        }
    }

    private async ValueTask<double[][]?> ScoresAsync(IReadOnlyList<UniqueWaiting> batch, SearchBudget budget)
    {
        if (batch.Count == 1)
        {
            return [[]];
        }

        CallResult<BatchTwins> made = await calls.RunAsync(
            () => BatchTwins.Of(
                [.. batch.Select(one => one.Probe)], [.. batch.Select(one => one.Request.Encounter.Samples)],
                calls.Calibration),
            budget);
        if (!made.IsInTime)
        {
            return null;
        }

        BatchTwins twins = made.Value!;
        CallResult<double[]?>[] rows = await Task.WhenAll(Enumerable.Range(0, batch.Count).Select(
            index => calls.RunAsync(() => twins.ScoresOf(index, budget), budget).AsTask()));
        return rows.Any(row => !row.IsInTime || row.Value is null) ? null : [.. rows.Select(row => row.Value!)];
    }

    /// <summary>
    /// Answers those whom an earlier request of the same transaction enrolled, and those whose person is somebody
    /// already; gives the rest.
    /// </summary>
    private async ValueTask<Entry[]> WithoutKnownAsync(Entry[] entries, SearchBudget budget)
    {
        SearchBudget own = budget.For(Use.Internal);
        ReadAnswer[] stored = await Task.WhenAll(entries.Select(
            entry => root.ReadPersonAsync(entry.Encounter.PersonId, own).AsTask()));
        for (int i = 0; i < entries.Length; i++)
        {
            if (Known(entries[i].Encounter, stored[i]) is { } answer)
            {
                entries[i].Waiting.Answer(answer);
                entries[i] = entries[i] with { IsAnswered = true };
            }
        }

        return [.. entries.Where(entry => !entry.IsAnswered)];
    }

    private static UniqueAnswer? Known(Encounter encounter, ReadAnswer stored)
    {
        if (stored.Outage is { } outage)
        {
            return UniqueAnswer.Undecided(Failure.Of(outage));
        }

        Encounter? same = stored.Encounters.FirstOrDefault(one => one.EncounterId == encounter.EncounterId);
        return same?.Origin is { } origin && origin == encounter.Origin
            ? new UniqueAnswer { Outcome = UniqueOutcome.Enrolled, IsRepeated = true }
            : stored.Encounters.Count == 0 ? null
            : UniqueAnswer.Undecided(new Failure(
                FailureCode.Conflict,
                same?.Origin?.Call == encounter.Origin?.Call && same is not null
                    ? "the same transaction of this operation came before with another content"
                    : "the person is enrolled already, wanted a new one"));
    }

    /// <summary>What was prepared may have been cleared after the first search.</summary>
    private async ValueTask<Entry[]> PreparedAgainAsync(Entry[] entries, SearchBudget budget)
    {
        List<Entry> prepared = [];
        foreach (Entry entry in entries)
        {
            Parsed<Probe> probe = await probes.PrepareAsync(entry.Encounter.Samples, "biometricData", budget);
            if (probe.IsFailed)
            {
                entry.Waiting.Answer(UniqueAnswer.Undecided(probe.Failure));
            }
            else
            {
                prepared.Add(entry with { Probe = probe.Value });
            }
        }

        return [.. prepared];
    }

    /// <summary>Searches for those of one caller; gives those whom nobody is like, and answers the rest.</summary>
    private async ValueTask<IReadOnlyList<Entry>> SearchAsync(
        Entry[] entries, IReadOnlyList<string> galleries, SearchBudget budget)
    {
        Parsed<IReadOnlyList<IdentifyAnswer>> all = await search.WaitAndIdentifyAsync(
            [.. entries.SelectMany(entry => galleries.Select(gallery => RequestOf(entry, gallery)))],
            entries[0].Waiting.Asker, budget);
        List<Entry> unknown = [];
        for (int i = 0; i < entries.Length; i++)
        {
            UniqueWaiting waiting = entries[i].Waiting;
            if (all.IsFailed)
            {
                waiting.Answer(UniqueAnswer.Undecided(all.Failure));
                continue;
            }

            IdentifyAnswer[] found = [.. all.Value.Skip(i * galleries.Count).Take(galleries.Count)];
            foreach (IdentifyAnswer answer in found)
            {
                waiting.Budget.Use.Decided?.Invoke(answer.Permission);
            }

            if (found.Any(answer => answer.Candidates.Count > 0))
            {
                // A write of an earlier turn that came late may have been its own.
                ReadAnswer own = await root.ReadPersonAsync(
                    entries[i].Encounter.PersonId, budget.For(Use.Internal));
                waiting.Answer(Known(entries[i].Encounter, own)
                    ?? new UniqueAnswer { Outcome = UniqueOutcome.Duplicate, Searched = found });
            }
            else if (found.Select(FailureOf).FirstOrDefault(failure => failure is not null) is { } failure)
            {
                waiting.Answer(UniqueAnswer.Undecided(failure, found));
            }
            else
            {
                unknown.Add(entries[i] with { Found = found });
            }
        }

        return unknown;
    }

    private static IdentifyRequest RequestOf(Entry entry, string gallery) => new()
    {
        Probe = entry.Probe,
        Gallery = gallery,
        MaxCandidates = entry.Waiting.Request.MaxCandidates,
        Threshold = entry.Waiting.Request.Threshold,
        TargetFpir = entry.Waiting.Request.TargetFpir,
        Exhaustive = entry.Waiting.Request.Exhaustive,
    };

    /// <summary>
    /// Why an answer without candidates does not say that nobody is like it; null where it does. A gallery in which
    /// nobody is says it too.
    /// </summary>
    private static Failure? FailureOf(IdentifyAnswer answer) =>
        answer.Coverage is { IsComplete: true, IdentitiesHeld: 0 } && answer.Permission.Refusal is null
            && answer.Refusal is null or { Kind: RefusalKind.Unknown }
            ? null : CoverageRule.FailureOf(answer);

    /// <summary>Enrols them and answers them.</summary>
    /// <returns>False where it is not known what became of one of the writes.</returns>
    private async ValueTask<bool> WriteAsync(
        Entry[] entries, Use use, IReadOnlyList<GalleryLease> leases, SearchBudget budget)
    {
        TimeSpan time = budget.Remaining > CommitTime ? budget.Remaining : CommitTime;
        IReadOnlyList<WriteResult> results = await root.ApplyAsync(
            [.. entries.Select(entry => new Write.Create(entry.Encounter))],
            SearchBudget.Of(time).For(use).At(budget.Standing).In(leases));
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i].Waiting.Answer(EncounterService.FailureOf(results[i]) is { } failure
                ? UniqueAnswer.Undecided(failure, entries[i].Found)
                : new UniqueAnswer { Outcome = UniqueOutcome.Enrolled, Searched = entries[i].Found });
        }

        return results.All(result => result.Outage is null);
    }

    /// <param name="Index">Its place in the batch.</param>
    /// <param name="Waiting">The request.</param>
    /// <param name="Probe">What is searched with.</param>
    private sealed record Entry(int Index, UniqueWaiting Waiting, Probe Probe)
    {
        public Encounter Encounter => Waiting.Request.Encounter;

        public IReadOnlyList<IdentifyAnswer> Found { get; init; } = [];

        public bool IsAnswered { get; init; }
    }
}

using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Compares a gallery with itself, and saves pairs as it finds them.</summary>
internal sealed class DeduplicateRunner(IPartitionDirectory directory, TimeProvider clock) : IJobRunner
{
    /// <summary>More pairs than this say that the threshold is too low for the gallery.</summary>
    private const long MostPairs = 1_000_000;

    private const int PairsPerPart = 500;

    /// <summary>Clocks of front ends may differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public string Kind => JobKinds.Deduplicate;

    public async Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel)
    {
        string gallery = run.Call.GalleryId;
        JobNotes notes = run.Notes;
        if (notes.Began is null)
        {
            long persons = await CountAsync(gallery, cancel);
            notes = notes with
            {
                Began = clock.GetUtcNow(),
                PersonsTotal = persons,
                StateAtStart = await StateAsync(gallery, cancel),
                Threshold = Math.Max(
                    run.Call.Threshold ?? DuplicateRequest.ThresholdFor(DuplicateRequest.DefaultFalsePairs, persons),
                    decision.MinThreshold),
            };
        }

        await run.SaveAsync(notes, default, 0, cancel);
        if (notes.Cursor.Since is null)
        {
            await WalkAsync(run, cancel);
            await run.SaveAsync(
                run.Notes with { StateAtEnd = await StateAsync(gallery, cancel) }, default, 0, cancel);
        }

        // Whoever came meanwhile is compared with everybody, where the state says that somebody did.
        notes = run.Notes;
        if (notes.StateAtEnd is null || notes.StateAtEnd != notes.StateAtStart)
        {
            DuplicateCursor late = notes.Cursor.Since is not null ? notes.Cursor
                : DuplicateCursor.Start with { Since = notes.Began - Skew };
            await run.SaveAsync(notes with { Cursor = late }, default, 0, cancel);
            await WalkAsync(run, cancel);
        }

        return run.Notes.Found > MostPairs
            ? JobEnd.Failed($"more than {MostPairs} pairs: take a higher threshold") : JobEnd.Done;
    }

    /// <summary>Walks from the cursor to the end and saves on the way.</summary>
    private async Task WalkAsync(JobRun run, CancellationToken cancel)
    {
        JobNotes notes = run.Notes;
        DuplicateWalk walk = new(
            directory,
            new DuplicateRequest(run.Call.GalleryId, notes.Threshold!.Value) { Exhaustive = run.Call.Exhaustive },
            new Standing(Standing.NumberOf(run.Call.Partner), 1, 0), Math.Max(2, Environment.ProcessorCount), clock);
        List<DuplicatePair> found = [];
        long saved = notes.Pairs;
        await foreach (DuplicateStep step in walk.RunAsync(notes.Cursor, cancel))
        {
            bool isLate = step.Cursor.Since is not null;
            notes = notes with
            {
                Cursor = step.Cursor,
                Persons = notes.Persons + (isLate ? 0 : step.Persons),
                ChangedDuring = notes.ChangedDuring + (isLate ? step.Persons : 0),
                Pairs = notes.Pairs + (isLate ? 0 : step.Pairs),
                Found = notes.Found + step.Found.Count,
                WithoutSamples = notes.WithoutSamples + (isLate ? 0 : step.WithoutSamples),
                Cut = notes.Cut + step.Cut,
                Unreadable = Math.Max(notes.Unreadable, step.Unreadable),
                Reason = walk.Waiting,
            };
            found.AddRange(step.Found);
            if (run.IsDue || found.Count > PairsPerPart)
            {
                await SaveAsync();
                if (notes.Found > MostPairs)
                {
                    return;
                }
            }
        }

        notes = notes with { Reason = null };
        await SaveAsync();

        async Task SaveAsync()
        {
            await run.SaveAsync(notes, PairLines.Write(found), notes.Pairs - saved, cancel);
            (found, saved) = ([], notes.Pairs);
        }
    }

    /// <summary>Persons of the gallery: a search for nobody counts who is active and in it.</summary>
    private async Task<long> CountAsync(string gallery, CancellationToken cancel)
    {
        long persons = 0;
        foreach (IPartition partition in directory.All)
        {
            SearchBudget budget = SearchBudget.Of(Matching.Limits.LongestDeadline, cancel);
            PartitionAnswer answer = await partition.SearchAsync(
                new SearchBatch(
                [
                    new Search
                    {
                        Probe = new([], []),
                        Gallery = gallery,
                        Threshold = 0,
                        MaxCandidates = 1,
                    },
                ]),
                budget);
            persons += answer.Results.Sum(result => result.Count?.Held ?? 0);
        }

        return persons;
    }

    private async Task<string?> StateAsync(string gallery, CancellationToken cancel)
    {
        GalleryState? held = EncounterRoot.StateOf(gallery, await directory.StatusAllAsync(cancel));
        return held?.Hash.ToString();
    }
}

using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Unique;

/// <summary>
/// Identifies and enrols as one act: an order per gallery with group commit. Requests wait in a queue of their
/// galleries; whoever holds the galleries' turn takes all that wait, up to a batch, and answers them together
/// (<see cref="UniqueRound"/>). The next holder's search sees what this one has written.
/// </summary>
internal sealed class UniqueEnrolment(
    SearchService search, EncounterRoot root, IGalleryTurns turns, ProbePreparation probes, EngineCalls calls,
    Agreements? agreements = null)
{
    /// <summary>Requests that wait in one process; each holds its samples.</summary>
    private const int MostWaiting = 16_384;

    /// <summary>After it those who wait no longer are looked for.</summary>
    private static readonly TimeSpan TurnWithin = TimeSpan.FromSeconds(1);

    private readonly UniqueRound round = new(search, root, probes, calls);
    private readonly Lock gate = new();
    private readonly Dictionary<string, UniqueQueue> queues = new(StringComparer.Ordinal);
    private int waiting;

    /// <summary>Enrols the encounter if nobody like it is in any of its galleries.</summary>
    /// <param name="request">The encounter and how alike is alike.</param>
    /// <param name="asker">Who asks, and how urgently.</param>
    /// <param name="budget">How long the caller waits, and on whose behalf it asks.</param>
    public async ValueTask<UniqueAnswer> EnrolAsync(UniqueRequest request, Asker asker, SearchBudget budget)
    {
        if (Check(request, budget) is { } failure)
        {
            return UniqueAnswer.Undecided(failure);
        }

        if (await MayEnrolAsync(request.Encounter, budget) is { } refusal)
        {
            return UniqueAnswer.Undecided(Failure.Of(refusal));
        }

        Parsed<Probe> probe = await probes.PrepareAsync(request.Encounter.Samples, "biometricData", budget);
        if (probe.IsFailed)
        {
            return UniqueAnswer.Undecided(probe.Failure);
        }

        UniqueWaiting one = new(request, probe.Value, asker, budget);
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return UniqueAnswer.Undecided(Failure.Of(new Refusal(
                RefusalKind.Overloaded, $"{MostWaiting} requests wait for the turn of their galleries")));
        }

        try
        {
            Offer(one);
            return await one.AnsweredAsync();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>
    /// Whoever may not enrol learns nothing here of who is enrolled. The write is decided and counted when it is made.
    /// </summary>
    private async ValueTask<Refusal?> MayEnrolAsync(Encounter encounter, SearchBudget budget) =>
        agreements is null ? null : (await agreements.DecideAsync(
            budget.Use,
            new UseRequest(Operation.Enrol, encounter.Galleries)
            {
                Modalities = [.. encounter.Samples.Select(sample => sample.Position.Modality).Distinct()],
            },
            budget.Cancel)).Refusal;

    private static Failure? Check(UniqueRequest request, SearchBudget budget) =>
        EncounterRules.Check(request.Encounter) is { } refusal ? Failure.Of(refusal)
        : request.Encounter.Status != EncounterStatus.Active
            ? new Failure(FailureCode.InvalidEncounter,
                "status: found INACTIVE, wanted ACTIVE: nobody would find it, and the next would be enrolled too")
        : request.Encounter.Samples.Count == 0
            ? new Failure(FailureCode.InvalidBiometricData,
                "biometricData: found nothing that can be compared, wanted at least one sample: nobody can say that it "
                + "is unique")
        : budget.Use.NoRetain
            ? new Failure(FailureCode.InvalidParameter,
                "found a request that nothing of it is kept, wanted none: who is unique is enrolled")
        : null;

    private void Offer(UniqueWaiting one)
    {
        string[] galleries = [.. one.Request.Encounter.Galleries.Order(StringComparer.Ordinal)];
        string key = string.Concat(galleries.Select(gallery => $"{gallery.Length}:{gallery}"));
        lock (gate)
        {
            if (queues.TryGetValue(key, out UniqueQueue? running))
            {
                running.Waiting.Enqueue(one);
                return;
            }

            UniqueQueue queue = new(key, galleries);
            queue.Waiting.Enqueue(one);
            queues.Add(key, queue);
            _ = Task.Run(() => RunAsync(queue));
        }
    }

    /// <summary>Turn after turn until nobody waits. Whatever goes wrong is the answer of those in it.</summary>
    private async Task RunAsync(UniqueQueue queue)
    {
        List<UniqueWaiting> batch = [];
        while (HasWaiting(queue))
        {
            batch.Clear();
            try
            {
                IGalleryTurn? turn = await turns.TakeAsync(queue.Galleries, TurnWithin, CancellationToken.None);
                if (turn is null)
                {
                    continue;
                }

                await using (turn)
                {
                    Take(queue, batch);
                    if (batch.Count > 0)
                    {
                        await round.RunAsync(batch, queue.Galleries, turn.Leases);
                    }
                }
            }
            catch (StoreException broken)
            {
                TakeIfNone(queue, batch);
                batch.ForEach(one => one.Answer(UniqueAnswer.Undecided(Failure.Of(broken.Outage))));
            }
            catch (Exception bug)
            {
                TakeIfNone(queue, batch);
                batch.ForEach(one => one.Throw(bug));
            }
        }
    }

    /// <summary>False where the queue has ended; whoever comes then begins another one.</summary>
    private bool HasWaiting(UniqueQueue queue)
    {
        lock (gate)
        {
            while (queue.Waiting.TryPeek(out UniqueWaiting? first) && first.HasLeft)
            {
                queue.Waiting.Dequeue();
            }

            return queue.Waiting.Count > 0 || !queues.Remove(queue.Key);
        }
    }

    /// <summary>What went wrong before anybody was taken is the answer of those who would have been.</summary>
    private void TakeIfNone(UniqueQueue queue, List<UniqueWaiting> batch)
    {
        if (batch.Count == 0)
        {
            Take(queue, batch);
        }
    }

    private void Take(UniqueQueue queue, List<UniqueWaiting> batch)
    {
        lock (gate)
        {
            while ((batch.Count + 1) * queue.Galleries.Count <= Limits.SearchesPerBatch
                && queue.Waiting.TryDequeue(out UniqueWaiting? one))
            {
                if (one.TryTake())
                {
                    batch.Add(one);
                }
            }
        }
    }

    private sealed record UniqueQueue(string Key, IReadOnlyList<string> Galleries)
    {
        public Queue<UniqueWaiting> Waiting { get; } = new();
    }
}

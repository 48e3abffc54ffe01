using MatchCluster.Grains.Partitions;
using MatchCluster.Matching;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// A partition somewhere in the cluster. Every call has the caller's deadline; a silo that dies, a partition that
/// moves and a frame that is too long become the same answers that a partition in this process gives.
/// </summary>
public sealed class GrainPartition : IPartition
{
    /// <summary>A partition ends its scan at the deadline; its answer needs a moment to come back.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    /// <summary>A status is read from memory; a partition that needs longer is out of reach.</summary>
    private static readonly TimeSpan StatusTime = TimeSpan.FromSeconds(2);

    private readonly IIdentityPartitionGrain grain;
    private readonly SearchFrames frames;
    private readonly WriteSender writer;
    private long lastHeld;

    internal GrainPartition(PartitionId id, IIdentityPartitionGrain grain, SearchFrames frames)
    {
        Id = id;
        this.grain = grain;
        this.frames = frames;
        writer = new WriteSender(id, grain);
    }

    public PartitionId Id { get; }

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(batch);
        PartitionFrame frame = frames.Of(batch);
        int count = batch.Searches.Count;
        if (frame.Bytes.Length <= MessageLimits.RequestBytes)
        {
            return await CallAsync(frame, budget);
        }

        if (count == 1)
        {
            return NotSearched(
                PartitionOutcome.Refused,
                $"a search takes {frame.Bytes.Length} bytes,"
                + $" wanted at most {MessageLimits.RequestBytes} in one message",
                retryAfter: null);
        }

        PartitionAnswer[] halves = await Task.WhenAll(
            SearchAsync(new SearchBatch([.. batch.Searches.Take(count / 2)]), budget).AsTask(),
            SearchAsync(new SearchBatch([.. batch.Searches.Skip(count / 2)]), budget).AsTask());
        return Join(halves[0], halves[1]);
    }

    public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Writes.Count > Limits.WritesPerBatch)
        {
            throw new ArgumentException(
                $"a batch of {writes.Writes.Count} writes, wanted at most {Limits.WritesPerBatch}", nameof(writes));
        }

        return writer.ApplyAsync(writes, budget);
    }

    public async ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(query);
        string name = query is ReadQuery.Person person ? person.PersonId : ((ReadQuery.Gallery)query).GalleryId;
        if (EncounterRules.CheckId("the name of what is read", name) is { } refusal)
        {
            return new ReadAnswer { Refusal = refusal };
        }

        return query is ReadQuery.Gallery gallery
            ? await ReadPagesAsync(gallery, budget)
            : await AskAsync(query, budget);
    }

    public async ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel)
    {
        Reply<PartitionStatus> reply = await GrainCall.OnceAsync(
            Id, token => grain.StatusAsync(token), PartitionStatusFrame.Decode, StatusTime, cancel);
        cancel.ThrowIfCancellationRequested();
        if (reply.Answer is { } status)
        {
            if (status.State == PartitionState.Ready)
            {
                Volatile.Write(ref lastHeld, status.Identities);
            }

            return status;
        }

        return new PartitionStatus
        {
            Partition = Id,
            State = PartitionState.Failed,
            Reason = reply.Failure!.Reason,
            ToLoad = Volatile.Read(ref lastHeld),
        };
    }

    private async ValueTask<PartitionAnswer> CallAsync(PartitionFrame frame, SearchBudget budget)
    {
        Reply<PartitionAnswer> reply = await GrainCall.UntilDeadlineAsync(
            Id,
            cancel => grain.SearchAsync(frame, (long)budget.Remaining.TotalMilliseconds, cancel),
            PartitionAnswerFrame.Decode, budget, AnswerTime);
        if (reply.Answer is not { } answer)
        {
            return NotSearched(
                PartitionOutcome.Unavailable, reply.Failure!.Reason,
                reply.Failure.MayRetry ? TimeSpan.FromSeconds(1) : null);
        }

        if (answer.Outcome == PartitionOutcome.Unavailable)
        {
            // An activation that only begins to load does not know yet what it will hold.
            return answer with { IdentitiesHeld = Math.Max(answer.IdentitiesHeld, Volatile.Read(ref lastHeld)) };
        }

        Volatile.Write(ref lastHeld, answer.IdentitiesHeld);
        return answer;
    }

    /// <summary>A long list comes in several messages: writes in between may show or hide a member.</summary>
    private async ValueTask<ReadAnswer> ReadPagesAsync(ReadQuery.Gallery query, SearchBudget budget)
    {
        List<GalleryMember> members = [];
        while (true)
        {
            int wanted = Math.Min(query.Limit - members.Count, MessageLimits.MembersPerAnswer);
            ReadAnswer page = await AskAsync(
                new ReadQuery.Gallery(query.GalleryId, query.Skip + members.Count, wanted), budget);
            members.AddRange(page.Members);
            if (page.Refusal is not null || page.Outage is not null)
            {
                return page;
            }

            if (page.Members.Count < wanted || members.Count >= query.Limit)
            {
                return page with { Members = members };
            }
        }
    }

    private async ValueTask<ReadAnswer> AskAsync(ReadQuery query, SearchBudget budget)
    {
        PartitionFrame frame = new(ReadQueryFrame.Encode(query));
        Reply<ReadAnswer> reply = await GrainCall.UntilDeadlineAsync(
            Id,
            cancel => grain.ReadAsync(frame, (long)budget.Remaining.TotalMilliseconds, cancel),
            ReadAnswerFrame.Decode, budget, AnswerTime);
        return reply.Answer ?? new ReadAnswer { Outage = reply.Failure };
    }

    /// <summary>Two parts of one batch: the weaker one says what was searched.</summary>
    private static PartitionAnswer Join(PartitionAnswer first, PartitionAnswer second)
    {
        PartitionAnswer weaker = second.IdentitiesSearched < first.IdentitiesSearched
            || (first.Outcome == PartitionOutcome.Complete && second.Outcome != PartitionOutcome.Complete)
            ? second : first;
        bool bothSearched = first.Results.Count > 0 && second.Results.Count > 0;
        return weaker with
        {
            Comparisons = first.Comparisons + second.Comparisons,
            Results = bothSearched ? [.. first.Results, .. second.Results] : [],
        };
    }

    private PartitionAnswer NotSearched(PartitionOutcome outcome, string reason, TimeSpan? retryAfter) => new()
    {
        Partition = Id,
        Outcome = outcome,
        Reason = reason,
        RetryAfter = retryAfter,
        IdentitiesHeld = Volatile.Read(ref lastHeld),
    };
}

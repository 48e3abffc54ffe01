using MatchCluster.Grains.Contracts;
using MatchCluster.Matching;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// A partition somewhere in the cluster. Every call has the caller's deadline; a silo that dies, a partition that
/// moves and a frame that is too long become answers such as a partition in this process gives.
/// </summary>
public sealed class GrainPartition : IPartition
{
    /// <summary>
    /// A partition ends its scan at the deadline; its answer needs a moment to come back. A search
    /// through the engine's root waits less, 100 ms (<c>PartitionGather.AnswerTime</c>); this longer time
    /// holds for reads.
    /// </summary>
    internal static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    /// <summary>A status is read from memory; a partition that needs longer is out of reach.</summary>
    internal static readonly TimeSpan StatusTime = TimeSpan.FromSeconds(2);

    private const long NeverHeard = -1;

    private readonly IIdentityPartitionGrain grain;
    private readonly SearchFrames frames;
    private readonly PartitionMap map;
    private readonly SiloPulse pulse;
    private readonly WriteSender writer;
    private readonly string who;
    private long lastHeld = NeverHeard;

    internal GrainPartition(
        PartitionId id, IIdentityPartitionGrain grain, SearchFrames frames, PartitionMap map, SiloPulse pulse)
    {
        Id = id;
        this.grain = grain;
        this.frames = frames;
        this.map = map;
        this.pulse = pulse;
        who = $"partition {id}";
        writer = new WriteSender(id, grain);
    }

    public PartitionId Id { get; }

    /// <summary>Identities it last said it holds, or null where it has not said.</summary>
    private long? LastHeld => Volatile.Read(ref lastHeld) is >= 0 and var held ? held : null;

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
            SearchAsync(batch with { Searches = [.. batch.Searches.Take(count / 2)] }, budget).AsTask(),
            SearchAsync(batch with { Searches = [.. batch.Searches.Skip(count / 2)] }, budget).AsTask());
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

        // A write to a silent silo may be applied when it wakes up, unheard: it is not sent.
        return SilentSilo() is { } silo
            ? ValueTask.FromResult(new WriteAck([.. writes.Writes.Select(_ => new WriteResult(
                Outage: Not("sent", silo)))]))
            : writer.ApplyAsync(writes, budget);
    }

    public async ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(query);
        string name = query switch
        {
            ReadQuery.Person person => person.PersonId,
            ReadQuery.Pictures one => one.PersonId,
            ReadQuery.Gallery members => members.GalleryId,
            ReadQuery.Probes probes => probes.GalleryId,
            _ => throw new ArgumentException($"a query of type {query.GetType().Name}", nameof(query)),
        };
        if (IdRule.CheckHeld("the name of what is read", name) is { } wrong)
        {
            return new ReadAnswer { Refusal = new Refusal(RefusalKind.Invalid, wrong) };
        }

        return query is ReadQuery.Gallery gallery
            ? await ReadPagesAsync(gallery, budget)
            : await AskAsync(query, budget);
    }

    public async ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel)
    {
        Reply<PartitionFrame> reply = await GrainCall.OnceAsync(
            who, token => grain.StatusAsync(token), SilentSilo() is null ? StatusTime : SiloPulse.QuietTime, cancel);
        cancel.ThrowIfCancellationRequested();
        Found(reply);
        Reply<PartitionStatus> read = reply.Read(who, PartitionStatusFrame.Decode);
        return read.Answer is { } status ? Heard(status) : new PartitionStatus
        {
            Partition = Id,
            State = PartitionState.Failed,
            Reason = read.Failure!.Reason,
            ToLoad = LastHeld ?? 0,
        };
    }

    /// <summary>Remembers what a status says, whichever way it came.</summary>
    internal PartitionStatus Heard(PartitionStatus status)
    {
        if (status.State == PartitionState.Ready)
        {
            Volatile.Write(ref lastHeld, status.Identities);
        }

        return status;
    }

    /// <summary>
    /// Remembers what an answer says it holds. An activation that only begins to load does not know yet: what the
    /// partition last said stands.
    /// </summary>
    internal PartitionAnswer Heard(PartitionAnswer answer)
    {
        if (answer.Outcome == PartitionOutcome.Unavailable)
        {
            return answer with { IdentitiesHeld = Math.Max(answer.IdentitiesHeld, LastHeld ?? 0) };
        }

        Volatile.Write(ref lastHeld, answer.IdentitiesHeld);
        return answer;
    }

    private async ValueTask<PartitionAnswer> CallAsync(PartitionFrame frame, SearchBudget budget)
    {
        Reply<PartitionFrame> reply = await AskAsync(
            cancel => grain.SearchAsync(frame, (long)budget.Remaining.TotalMilliseconds, cancel), budget);
        Found(reply);
        Reply<PartitionAnswer> read = reply.Read(who, PartitionAnswerFrame.Decode);
        return read.Answer is { } answer ? Heard(answer) : NotSearched(read.Failure!);
    }

    /// <summary>The answer in the place of one that did not come.</summary>
    internal PartitionAnswer NotSearched(Outage outage) => NotSearched(
        PartitionOutcome.Unavailable, outage.Reason, outage.MayRetry ? TimeSpan.FromSeconds(1) : null);

    private void Found(Reply<PartitionFrame> reply)
    {
        if (reply.Answer?.Silo is { } silo)
        {
            map.Found(Id.Number, silo);
        }
    }

    /// <summary>A long list comes in several messages: writes in between may show or hide a member.</summary>
    private async ValueTask<ReadAnswer> ReadPagesAsync(ReadQuery.Gallery query, SearchBudget budget)
    {
        List<GalleryMember> members = [];
        while (true)
        {
            int wanted = Math.Min(query.Limit - members.Count, MessageLimits.MembersPerAnswer);

            // From the last member on and not by counting: between two messages somebody may be deleted.
            ReadAnswer page = await AskAsync(
                members.Count == 0 ? query with { Limit = wanted }
                    : query with { Skip = 0, Limit = wanted, After = members[^1] },
                budget);
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
        Reply<ReadAnswer> reply = (await AskAsync(
            cancel => grain.ReadAsync(frame, (long)budget.Remaining.TotalMilliseconds, cancel), budget))
            .Read(who, ReadAnswerFrame.Decode);
        return reply.Answer ?? new ReadAnswer { Outage = reply.Failure };
    }

    /// <summary>
    /// Calls until there is an answer, the deadline has passed, or the silo that it waits for is found to be silent.
    /// </summary>
    private async Task<Reply<PartitionFrame>> AskAsync(
        Func<CancellationToken, Task<PartitionFrame>> call, SearchBudget budget)
    {
        if (SilentSilo() is { } known)
        {
            return new Reply<PartitionFrame>(null, Not("asked", known));
        }

        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(budget.Cancel);
        Task<Reply<PartitionFrame>> asked = GrainCall.UntilDeadlineAsync(
            who, call, budget.With(enough.Token), AnswerTime).AsTask();
        if (await pulse.WatchAllAsync(asked, PingAsync) is not { } silent)
        {
            return await asked;
        }

        await enough.CancelAsync();
        Reply<PartitionFrame> late = await asked;
        return late.Answer is not null ? late : new Reply<PartitionFrame>(
            null, new Outage($"{who} does not answer, nor does silo {silent}", MayRetry: true));
    }

    /// <summary>Says where it is while its silo is busy with it.</summary>
    private async Task PingAsync(CancellationToken cancel)
    {
        PartitionFrame status = await grain.StatusAsync(cancel);
        Found(new Reply<PartitionFrame>(status, null));
    }

    /// <summary>The silo where this was found last, if that is silent.</summary>
    private string? SilentSilo() => map.Of(Id.Number) is { } silo && pulse.IsSilent(silo) ? silo : null;

    private Outage Not(string done, string silo)
    {
        Outage silent = SiloPulse.OutageOf(silo);
        return silent with { Reason = $"{who} was not {done}: {silent.Reason}" };
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
        IdentitiesHeld = LastHeld ?? 0,
    };
}

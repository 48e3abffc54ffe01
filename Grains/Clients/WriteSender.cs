using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// Sends writes to a partition in as many frames as they need, in their order. What has no frame (an encounter that
/// breaks a rule) is refused here. A write that got no answer may have been applied: the outage says so, and the
/// writes after it are not sent, because they could overtake it.
/// </summary>
internal sealed class WriteSender(PartitionId id, IIdentityPartitionGrain grain)
{
    /// <summary>A commit under way is worth waiting for beyond the deadline: unheard, nothing is known.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    public async ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
    {
        WriteResult[] results = [.. writes.Writes.Select(write => new WriteResult(Refuse(write)))];
        int[] sent = [.. Enumerable.Range(0, results.Length).Where(i => results[i].IsApplied)];
        if (writes.AllOrNothing && sent.Length < results.Length)
        {
            return new WriteAck(Repeated(results.Length, results.First(result => !result.IsApplied)));
        }

        IReadOnlyList<WriteResult> answers = await SendAsync(
            writes with { Writes = [.. sent.Select(i => writes.Writes[i])] }, budget);
        for (int i = 0; i < sent.Length; i++)
        {
            results[sent[i]] = answers[i];
        }

        return new WriteAck(results);
    }

    private async ValueTask<IReadOnlyList<WriteResult>> SendAsync(WriteBatch batch, SearchBudget budget)
    {
        int count = batch.Writes.Count;
        if (count == 0)
        {
            return [];
        }

        byte[] frame = WriteBatchFrame.Encode(batch);
        if (frame.Length <= MessageLimits.RequestBytes)
        {
            return await CallAsync(new PartitionFrame(frame), count, budget);
        }

        if (batch.AllOrNothing || count == 1)
        {
            return Repeated(count, new WriteResult(new Refusal(
                RefusalKind.Invalid,
                $"{count} writes that apply together take {frame.Length} bytes,"
                + $" wanted at most {MessageLimits.RequestBytes} in one message")));
        }

        // Frames are rarely more than twice too long; halves find the parts in a few encodings.
        int half = count / 2;
        IReadOnlyList<WriteResult> first = await SendAsync(
            batch with { Writes = [.. batch.Writes.Take(half)] }, budget);
        WriteResult broken = first.FirstOrDefault(result => result.Outage is not null);
        IReadOnlyList<WriteResult> second = broken.IsApplied
            ? await SendAsync(batch with { Writes = [.. batch.Writes.Skip(half)] }, budget)
            : Repeated(count - half, new WriteResult(Outage: broken.Outage! with
            {
                Reason = $"not sent, because a write before it failed: {broken.Outage!.Reason}",
            }));
        return [.. first, .. second];
    }

    private async ValueTask<IReadOnlyList<WriteResult>> CallAsync(
        PartitionFrame frame, int count, SearchBudget budget)
    {
        long milliseconds = (long)budget.Remaining.TotalMilliseconds;

        // The caller's going does not stop a write: it would be applied unheard.
        string who = $"partition {id}";
        Reply<WriteAck> reply = (await GrainCall.OnceAsync(
            who, cancel => grain.ApplyAsync(frame, milliseconds, cancel), budget.Remaining + AnswerTime,
            CancellationToken.None)).Read(who, WriteAckFrame.Decode);
        if (reply.Answer is { } ack)
        {
            return ack.Results.Count == count
                ? ack.Results
                : Repeated(count, new WriteResult(Outage: new Outage(
                    $"{who} answered {ack.Results.Count} writes, wanted {count}", MayRetry: false)));
        }

        return Repeated(count, new WriteResult(Outage: reply.Failure! with
        {
            Reason = $"{reply.Failure!.Reason}; the write may have been applied",
        }));
    }

    private static Refusal? Refuse(Write write) => write switch
    {
        Write.Create create => EncounterRules.Check(create.Encounter),
        Write.Update update => EncounterRules.Check(update.Encounter),
        Write.Arrive arrive => EncounterRules.CheckMoved(arrive.Encounter),
        Write.Leave leave => CheckIds(leave.Person, leave.EncounterId),
        Write.EndMove end => CheckIds(end.Person, end.EncounterId),
        Write.SetGalleries set =>
            EncounterRules.CheckGalleries(set.Galleries) ?? CheckIds(set.Person, set.EncounterId),
        Write.SetStatus set => CheckIds(set.Person, set.EncounterId),
        Write.ErasePictures erase => CheckIds(erase.Person, erase.EncounterId),
        Write.SetHold hold => CheckIds(hold.Person, hold.EncounterId),
        Write.Delete delete => CheckIds(delete.Person, delete.EncounterId),
        _ => CheckHeld("personId", write.PersonId),
    };

    private static Refusal? CheckIds(string person, string encounter) =>
        CheckHeld("personId", person) ?? CheckHeld("encounterId", encounter);

    private static Refusal? CheckHeld(string name, string id) =>
        IdRule.CheckHeld(name, id) is { } wrong ? new Refusal(RefusalKind.Invalid, wrong) : null;

    private static WriteResult[] Repeated(int count, WriteResult result) => [.. Enumerable.Repeat(result, count)];
}

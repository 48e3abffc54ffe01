using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>
/// A partition whose every word goes through its frame and back, as it does between two processes.
/// </summary>
internal sealed class FramedPartition(IPartition inner) : IPartition
{
    public PartitionId Id => inner.Id;

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget)
    {
        SearchBatch arrived = Accepted(SearchBatchFrame.Decode(SearchBatchFrame.Encode(batch)));
        PartitionAnswer answer = await inner.SearchAsync(arrived, budget);
        return Accepted(PartitionAnswerFrame.Decode(PartitionAnswerFrame.Encode(answer)));
    }

    public async ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
    {
        // An encounter that breaks a rule has no frame: the sender refuses it.
        WriteResult[] results = [.. writes.Writes.Select(write => new WriteResult(Refuse(write)))];
        int[] sent = [.. Enumerable.Range(0, results.Length).Where(i => results[i].IsApplied)];
        if (writes.AllOrNothing && sent.Length < results.Length)
        {
            return new WriteAck([.. results.Select(_ => results.First(r => !r.IsApplied))]);
        }

        WriteBatch batch = writes with { Writes = [.. sent.Select(i => writes.Writes[i])] };
        WriteAck ack = await inner.ApplyAsync(
            Accepted(WriteBatchFrame.Decode(WriteBatchFrame.Encode(batch))), budget);
        WriteAck arrived = Accepted(WriteAckFrame.Decode(WriteAckFrame.Encode(ack)));
        for (int i = 0; i < sent.Length; i++)
        {
            results[sent[i]] = arrived.Results[i];
        }

        return new WriteAck(results);
    }

    public async ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget)
    {
        ReadAnswer answer = await inner.ReadAsync(
            Accepted(ReadQueryFrame.Decode(ReadQueryFrame.Encode(query))), budget);
        return Accepted(ReadAnswerFrame.Decode(ReadAnswerFrame.Encode(answer)));
    }

    public async ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) =>
        Accepted(PartitionStatusFrame.Decode(PartitionStatusFrame.Encode(await inner.StatusAsync(cancel))));

    private static Refusal? Refuse(Write write) => write switch
    {
        Write.Create create => EncounterRules.Check(create.Encounter),
        Write.Update update => EncounterRules.Check(update.Encounter),
        _ => null,
    };

    private static T Accepted<T>(Decoded<T> decoded)
        where T : class
    {
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }
}

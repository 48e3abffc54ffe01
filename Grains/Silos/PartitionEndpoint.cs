using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// The silo's end of the seam: reads a frame, asks the partition, frames its answer. An answer too large to send is
/// replaced by a refusal with the numbers. Decoding is CPU work and stays off the grain's turn.
/// </summary>
public sealed class PartitionEndpoint(IPartition partition)
{
    public Task<PartitionFrame> SearchAsync(PartitionFrame frame, long budgetMilliseconds, CancellationToken cancel)
    {
        SearchBudget budget = BudgetOf(budgetMilliseconds, cancel);
        return Task.Run(
            async () =>
            {
                PartitionAnswer answer = await partition.SearchAsync(
                    Accepted(SearchBatchFrame.Decode(frame.Bytes)), budget);
                byte[] bytes = PartitionAnswerFrame.Encode(answer);
                return new PartitionFrame(bytes.Length <= MessageLimits.AnswerBytes
                    ? bytes
                    : PartitionAnswerFrame.Encode(TooLarge(answer, "the candidates", bytes.Length)));
            },
            CancellationToken.None);
    }

    public Task<PartitionFrame> ApplyAsync(PartitionFrame frame, long budgetMilliseconds, CancellationToken cancel)
    {
        SearchBudget budget = BudgetOf(budgetMilliseconds, cancel);
        return Task.Run(
            async () => new PartitionFrame(WriteAckFrame.Encode(
                await partition.ApplyAsync(Accepted(WriteBatchFrame.Decode(frame.Bytes)), budget))),
            CancellationToken.None);
    }

    public Task<PartitionFrame> ReadAsync(PartitionFrame frame, long budgetMilliseconds, CancellationToken cancel)
    {
        SearchBudget budget = BudgetOf(budgetMilliseconds, cancel);
        return Task.Run(
            async () =>
            {
                ReadAnswer answer = await partition.ReadAsync(Accepted(ReadQueryFrame.Decode(frame.Bytes)), budget);
                byte[] bytes = ReadAnswerFrame.Encode(answer);
                return new PartitionFrame(bytes.Length <= MessageLimits.AnswerBytes
                    ? bytes
                    : ReadAnswerFrame.Encode(new ReadAnswer
                    {
                        Refusal = new Refusal(RefusalKind.Invalid, TooLarge("what is stored", bytes.Length)),
                    }));
            },
            CancellationToken.None);
    }

    public async Task<PartitionFrame> StatusAsync(CancellationToken cancel) =>
        new(PartitionStatusFrame.Encode(await partition.StatusAsync(cancel)));

    /// <summary>What is said instead of an answer that one message cannot carry.</summary>
    internal static PartitionAnswer TooLarge(PartitionAnswer answer, string what, long bytes) => answer with
    {
        Outcome = PartitionOutcome.Refused,
        Reason = TooLarge(what, bytes) + "; ask for fewer",
        IdentitiesSearched = 0,
        Results = [],
    };

    private static string TooLarge(string what, long bytes) =>
        $"{what} take {bytes} bytes, wanted at most {MessageLimits.AnswerBytes} in one message";

    internal static SearchBudget BudgetOf(long milliseconds, CancellationToken cancel)
    {
        long longest = (long)Matching.Limits.LongestDeadline.TotalMilliseconds;
        return SearchBudget.Of(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, longest)), cancel);
    }

    internal static T Accepted<T>(Decoded<T> decoded)
        where T : class =>
        decoded.IsAccepted
            ? decoded.Value
            : throw new CallRejectedException($"no frame that can be read: {decoded.Rejection}");
}

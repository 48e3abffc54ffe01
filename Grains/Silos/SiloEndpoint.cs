using System.Diagnostics;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// The silo's end of a scatter: reads the batch once, asks the partitions that are here as their grains would, sends
/// back the best of them all. It goes past the grains: a search changes nothing and needs no turn of theirs.
/// </summary>
internal sealed class SiloEndpoint(HostedPartitions hosted, SiloInstruments instruments)
{
    public async Task<SiloAnswers> SearchAsync(SiloSearch search, CancellationToken cancel)
    {
        SearchBudget budget = PartitionEndpoint.BudgetOf(search.BudgetMilliseconds, cancel);
        SearchBatch batch = PartitionEndpoint.Accepted(SearchBatchFrame.Decode(search.Batch));
        using Activity? span = instruments.BeginSearch(batch);
        HostedPartition[] here = [.. search.Partitions.Select(hosted.Find).OfType<HostedPartition>()];
        PartitionAnswer[] answers = await Task.WhenAll(
            here.Select(partition => partition.Partition.SearchAsync(batch, budget).AsTask()));
        instruments.Searched(span, answers);
        foreach (HostedPartition partition in here)
        {
            partition.LeaveIfFailed();
        }

        // A partition that was closed while it was asked has gone elsewhere and is asked there.
        PartitionAnswer[] stayed = [.. answers.Where((answer, i) =>
            answer.Outcome != PartitionOutcome.Unavailable || hosted.Find(here[i].Partition.Id.Number) == here[i])];
        return new SiloAnswers(Fitting(SearchRanking.KeepBest(batch, stayed)), Numbers());
    }

    public async Task<SiloAnswers> StatusAsync(CancellationToken cancel)
    {
        List<byte[]> frames = [];
        foreach (HostedPartition partition in hosted.Active.Values)
        {
            frames.Add(PartitionStatusFrame.Encode(await partition.Partition.StatusAsync(cancel)));
            partition.LeaveIfFailed();
        }

        return new SiloAnswers([.. frames], Numbers());
    }

    /// <summary>All that fits one message; what does not is refused with its size.</summary>
    private static byte[][] Fitting(PartitionAnswer[] answers)
    {
        byte[][] frames = [.. answers.Select(PartitionAnswerFrame.Encode)];
        long bytes = frames.Sum(frame => (long)frame.Length);
        return bytes <= MessageLimits.AnswerBytes
            ? frames
            : [.. answers.Select(answer => PartitionAnswerFrame.Encode(
                PartitionEndpoint.TooLarge(answer, "the candidates of a silo's partitions", bytes)))];
    }

    private int[] Numbers() => [.. hosted.Active.Keys];
}

using System.Runtime.CompilerServices;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// Frames of search batches under way: a batch goes to every partition, and its frame is made once for all of them.
/// A frame lives as long as its batch.
/// </summary>
internal sealed class SearchFrames
{
    private readonly ConditionalWeakTable<SearchBatch, PartitionFrame> frames = [];

    public PartitionFrame Of(SearchBatch batch) =>
        frames.GetValue(batch, static b => new PartitionFrame(SearchBatchFrame.Encode(b)));
}

using System.Diagnostics;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>Waits for a state, not for a time; gives up with what it last saw.</summary>
internal static class PartitionWaits
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static Task<PartitionStatus> UntilReadyAsync(IPartition partition) => UntilAsync(
        async () => await partition.StatusAsync(default), status => status.State == PartitionState.Ready);

    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isReached)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            T seen = await look();
            if (isReached(seen))
            {
                return seen;
            }

            Assert.True(waited.Elapsed < Longest, $"after {waited.Elapsed} still {seen}");
            await Task.Delay(20);
        }
    }
}

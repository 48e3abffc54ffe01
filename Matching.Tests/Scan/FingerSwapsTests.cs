using MatchCluster.Matching.Scan;

namespace MatchCluster.Matching.Tests.Scan;

public sealed class FingerSwapsTests
{
    [Theory]
    [InlineData(new byte[0], 0)]
    [InlineData(new byte[] { 2 }, 1)]
    [InlineData(new byte[] { 2, 7 }, 1)]
    [InlineData(new byte[] { 2, 3 }, 2)]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, 46)]
    public void Every_swap_is_there_once_and_moves_only_the_fingers_in_doubt(byte[] fingers, int count)
    {
        List<byte[]> swaps = FingerSwaps.Of(fingers);

        Assert.Equal(count, swaps.Count);
        Assert.Equal(count, swaps.Select(Convert.ToHexString).Distinct().Count());
        foreach (byte[] swap in swaps)
        {
            Assert.Equal(FingerSwaps.Labels, swap.Length);
            int[] moved = [.. Enumerable.Range(0, swap.Length).Where(label => swap[label] != label)];
            Assert.NotEmpty(moved);
            Assert.All(moved, label => Assert.Contains((byte)label, fingers));
            Assert.Equal(moved.Length, moved.Select(label => swap[label]).Distinct().Count());
        }
    }
}

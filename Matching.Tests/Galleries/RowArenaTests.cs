using System.Runtime.CompilerServices;
using MatchCluster.Matching.Galleries;

namespace MatchCluster.Matching.Tests.Galleries;

public sealed class RowArenaTests
{
    [Fact]
    public unsafe void Every_row_is_aligned_and_overlaps_no_other()
    {
        RowArena arena = new(64 * 10);
        for (byte i = 0; i < 5; i++)
        {
            Span<byte> row = arena.Take(128, 64, out int offset);
            Assert.Equal(0u, (nuint)Unsafe.AsPointer(ref row[0]) % 64);
            Assert.Equal(i * 128, offset);
            row.Fill(i);
        }

        for (byte i = 0; i < 5; i++)
        {
            Assert.Equal(-1, arena.From(i * 128)[..128].IndexOfAnyExcept(i));
        }
    }

    [Fact]
    public void A_row_begins_where_its_own_alignment_allows_and_costs_no_wider_gap_than_stated()
    {
        RowArena arena = new(64 * 4);
        arena.Take(8, 8, out int first);
        arena.Take(64, 64, out int second);
        arena.Take(16, 8, out int third);
        Assert.Equal((0, 64, 128), (first, second, third));
        Assert.Equal(144, arena.Used);
        Assert.Equal(RowArena.MostGap, second - 8);
    }

    [Fact]
    public void A_row_that_does_not_fit_behind_its_gap_or_is_no_multiple_of_its_alignment_is_refused()
    {
        RowArena arena = new(128);
        Assert.Throws<InvalidOperationException>(() => { arena.Take(100, 64, out _); });
        Assert.Throws<InvalidOperationException>(() => { arena.Take(192, 64, out _); });
        Assert.Equal(0, arena.Used);
        arena.Take(8, 8, out _);
        Assert.Throws<InvalidOperationException>(() => { arena.Take(128, 64, out _); });
        Assert.Equal(8, arena.Used);
    }
}

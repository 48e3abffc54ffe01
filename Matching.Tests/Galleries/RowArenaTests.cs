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
            Span<byte> row = arena.Take(128, out int offset);
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
    public void A_row_that_does_not_fit_or_is_no_multiple_of_64_is_refused()
    {
        RowArena arena = new(128);
        Assert.Throws<InvalidOperationException>(() => { arena.Take(100, out _); });
        Assert.Throws<InvalidOperationException>(() => { arena.Take(192, out _); });
        Assert.Equal(0, arena.Used);
    }
}

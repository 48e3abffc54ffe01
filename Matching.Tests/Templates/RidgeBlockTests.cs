using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// The block of ridge detail in a record: what is written is read, what is damaged is dropped and said, what is of
/// another version or another vendor is left alone, and the minutiae are read in every case.
/// </summary>
public sealed class RidgeBlockTests
{
    private const int ChecksumBytes = 4;
    private const int AreaHeaderBytes = 4;
    private const int Seed = 4711;

    /// <summary>Offsets in the block.</summary>
    private const int VersionAt = 4;
    private const int SideAt = 5;
    private const int ColumnsAt = 10;
    private const int RowsAt = 11;
    private const int BitmapAt = 12;

    private static readonly FingerView View = SomeRidges.View();

    public static TheoryData<TemplateFormat> Formats => [.. FieldRecords.Fingers];

    private static byte[] Block => RidgeBlockCodec.Encode(View.Ridges!, View.Minutiae);

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_written_is_read_in_every_format(TemplateFormat format)
    {
        FingerView[] views = [View, View with { ViewNumber = 1, Ridges = null }, View with { ViewNumber = 2 }];

        FingerRecord read = Same.Accepted(FingerRecords.Decode(format, FingerRecords.Encode(format, views)));

        Assert.Empty(read.Forgiven);
        SomeRidges.AssertSame(View.Ridges!.Detail, read.Views[0].Ridges?.Detail);
        Assert.Null(read.Views[1].Ridges);
        SomeRidges.AssertSame(View.Ridges.Detail, read.Views[2].Ridges?.Detail);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_record_with_it_is_frozen(TemplateFormat format)
    {
        string file = format switch
        {
            TemplateFormat.Iso19794v2005 => "iso2005-ridges-v1.fmr",
            TemplateFormat.Iso19794v2011 => "iso2011-ridges-v1.fmr",
            TemplateFormat.Ansi378v2004 => "ansi2004-ridges-v1.fmr",
            _ => "ansi2009-ridges-v1.fmr",
        };
        byte[] golden = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Templates", "Golden", file));

        Assert.Equal(golden, FingerRecords.Encode(format, [View]));
        FingerRecord read = Same.Accepted(FingerRecords.Decode(format, golden));
        SomeRidges.AssertSame(View.Ridges!.Detail, read.Views[0].Ridges?.Detail);
        Assert.Equal(golden, FingerRecords.Encode(format, read.Views));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_conversion_keeps_it_and_a_card_drops_it(TemplateFormat format)
    {
        FingerRecord read = Same.Accepted(FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, FingerRecords.Encode(TemplateFormat.Iso19794v2005, [View])));

        FingerRecord converted = Same.Accepted(FingerRecords.Decode(format, FingerRecords.Encode(format, read.Views)));

        SomeRidges.AssertSame(View.Ridges!.Detail, converted.Views[0].Ridges?.Detail);
        FingerRecord card = Same.Accepted(CardMinutiae.Decode(
            CardSize.Normal, CardMinutiae.Encode(CardSize.Normal, converted.Views)));
        Assert.Null(card.Views[0].Ridges);
    }

    [Fact]
    public void The_largest_one_keeps_the_limit_and_every_number_of_minutiae_is_read_back()
    {
        for (int minutiae = 0; minutiae <= Limits.MinutiaePerView; minutiae++)
        {
            FingerView view = SomeRidges.View(minutiae) with { Width = 6000, Height = 9000 };
            AssertRead(view);
            RidgeCell[] cells = new RidgeCell[RidgeDetail.MostCells];
            Array.Fill(cells, new RidgeCell(true, 255, 31, 7));
            RidgeDetail full = new(view.Minutiae)
            {
                CellSide = RidgeDetail.MostCellSide,
                Left = ushort.MaxValue,
                Top = ushort.MaxValue,
                Columns = 8,
                Rows = 12,
                Cells = cells,
                Ridges = view.Ridges!.Detail!.Ridges,
                Points = [.. Enumerable.Repeat(new SingularPoint(SingularKind.Delta, 65535, 65535, 255), 8)],
            };
            AssertRead(view with { Ridges = new RidgeBlock(full, view.Minutiae) });
        }
    }

    [Fact]
    public void A_grid_of_no_cells_is_read_back()
    {
        RidgeDetail none = new(View.Minutiae)
        {
            CellSide = 32,
            Left = 0,
            Top = 0,
            Columns = 0,
            Rows = 0,
            Cells = [],
            Points = [],
            Ridges = View.Ridges!.Detail!.Ridges,
        };
        AssertRead(View with { Ridges = new RidgeBlock(none, View.Minutiae) });
    }

    [Fact]
    public void Every_shorter_and_every_changed_block_is_dropped_and_said()
    {
        for (int length = "MCRD".Length; length < Block.Length; length++)
        {
            AssertDropped(Block[..length]);
        }

        for (int at = "MCRD".Length; at < Block.Length; at++)
        {
            byte[] damaged = Block;
            damaged[at] ^= 0x11;
            AssertDropped(damaged);
        }

        AssertDropped([.. Block, 0]);
        AssertDropped(Resealed([.. Block[..^ChecksumBytes], .. new byte[Limits.RidgeBlockBytes]]));
    }

    /// <summary>One field outside of what it can be, under a checksum that is right.</summary>
    [Fact]
    public void Every_field_that_cannot_be_is_dropped_and_said()
    {
        int points = Block.Length - ChecksumBytes - (2 * 6) - 1;
        (int At, byte Value)[] wrong =
        [
            (SideAt, 7), (ColumnsAt, 0), (RowsAt, 0), (ColumnsAt, 4), (RowsAt, 4), (ColumnsAt, 97), (RowsAt, 255),
            (BitmapAt, 0xff), (BitmapAt + 1, 0x01), (points, 1), (points, 3), (points, 9), (points + 1, 0),
            (points + 1, 3), (points + 7, 0),
        ];
        foreach ((int at, byte value) in wrong)
        {
            byte[] changed = Block;
            Assert.NotEqual(changed[at], value);
            changed[at] = value;
            AssertDropped(Resealed(changed[..^ChecksumBytes]));
        }
    }

    [Fact]
    public void A_block_of_another_version_is_kept_as_it_is_and_not_used()
    {
        byte[] unknown = Resealed([.. "MCRD"u8, 2, 1, 2, 3]);

        FingerView read = Read(Area(unknown), out IReadOnlyList<Forgiven> forgiven);

        Assert.Empty(forgiven);
        Assert.Null(read.Ridges!.Detail);
        Assert.Equal(unknown, read.Ridges.Unknown.ToArray());
        byte[] written = FingerRecords.Encode(TemplateFormat.Iso19794v2011, [read]);
        Assert.Equal(Area(unknown), written[^(unknown.Length + AreaHeaderBytes)..]);
    }

    [Fact]
    public void Areas_of_others_are_passed_over_and_the_first_of_ours_counts()
    {
        byte[] other = [0x01, 0x07, 0x00, 0x06, 0xab, 0xcd];
        byte[] sameType = [0x4d, 0x43, 0x00, 0x08, 1, 2, 3, 4];
        byte[] empty = [0x00, 0x01, 0x00, 0x04];

        SomeRidges.AssertSame(
            View.Ridges!.Detail,
            Read([.. other, .. sameType, .. empty, .. Area(Block), .. other, 7], out _).Ridges?.Detail);
        foreach (byte[] areas in (byte[][])[other, sameType, empty, [0, 2, 0, 3, .. Area(Block)], [1], []])
        {
            Assert.Null(Read(areas, out IReadOnlyList<Forgiven> forgiven).Ridges);
            Assert.Empty(forgiven);
        }
    }

    [Fact]
    public void A_block_of_other_minutiae_is_none()
    {
        Minutia[] turned = [.. View.Minutiae.Reverse()];
        foreach (IReadOnlyList<Minutia> others in (IReadOnlyList<Minutia>[])[turned, [.. View.Minutiae.Skip(1)]])
        {
            byte[] written = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [View with { Minutiae = others }]);
            Assert.Null(Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, written)).Views[0].Ridges);
        }

        byte[] record = Record(Area(Block));
        record[28 + 1] ^= 4; // x of the first minutia, as another program might move it
        FingerRecord moved = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record));
        Assert.Null(moved.Views[0].Ridges);
        Assert.Equal(ForgivenKind.RidgeDetail, Assert.Single(moved.Forgiven).Kind);

        FingerView without = View with { Minutiae = [.. View.Minutiae.Select(each => each with { Quality = 0 })] };
        SomeRidges.AssertSame(View.Ridges!.Detail, without.OwnRidges?.Detail);
    }

    /// <summary>The standard's own area, for readers that know no other: one core, one delta.</summary>
    [Fact]
    public void Cores_and_deltas_are_written_as_the_standard_has_them_too()
    {
        byte[] area = [0, 2, 0, 18, 1, 0x40, 100, 0, 120, 64, 1, 0x40, 200, 1, 4, 170, 255, 85];
        byte[] written = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [View]);
        Assert.Equal(area, written[(28 + (6 * 12) + 2)..][..area.Length]);
        Assert.Equal(
            area.Length, written.Length - FingerRecords.Encode(TemplateFormat.Ansi378v2004, [View]).Length + 2);
    }

    [Fact]
    public void Neighbours_are_the_nearest_and_the_lower_of_two_as_near()
    {
        RidgeDetail detail = SomeRidges.Detail(
            [.. new (int X, int Y)[] { (50, 50), (60, 50), (50, 60), (40, 50), (50, 40), (90, 90) }.Select(
                at => new Minutia((ushort)at.X, (ushort)at.Y, 0, 0, MinutiaKind.RidgeEnding))]);

        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(k => detail.NeighbourOf(0, k)));
        Assert.Equal([1, 2, 0, 3], Enumerable.Range(0, 4).Select(k => detail.NeighbourOf(5, k)));
        Assert.Equal(-1, SomeRidges.Detail(View.Minutiae.Take(4).ToArray()).NeighbourOf(3, 3));
    }

    [Fact]
    public void Periods_are_stated_to_three_per_cent()
    {
        for (double period = 5; period < 30; period += 0.07)
        {
            Assert.InRange(RidgeDetail.PeriodOf(RidgeDetail.PeriodStep(period)) / period, 0.97, 1.03);
        }

        Assert.Equal((0, 31), (RidgeDetail.PeriodStep(0), RidgeDetail.PeriodStep(1e9)));
    }

    /// <summary>Under a right checksum every form of damage is dropped, or is read and written as it was.</summary>
    [Fact]
    public void Damage_under_a_right_checksum_does_no_harm()
    {
        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = new TemplateFuzzer(Seed + round).Mutate(Block.AsSpan()[..^ChecksumBytes]);
            byte[] sealedBlock = Resealed(data);
            RidgeBlock? block = RidgeBlockCodec.Decode(sealedBlock, [.. View.Minutiae]);
            if (block is not null && RidgeBlockCodec.IsOurs(sealedBlock))
            {
                Assert.Equal(sealedBlock, RidgeBlockCodec.Encode(block, View.Minutiae));
            }
        }
    }

    private static void AssertRead(FingerView view)
    {
        byte[] record = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]);
        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record));
        Assert.Empty(read.Forgiven);
        SomeRidges.AssertSame(view.Ridges!.Detail, read.Views[0].Ridges?.Detail);
        Assert.InRange(record.Length, 0, 28 + (6 * view.Minutiae.Count) + 2 + Limits.RidgeBlockBytes);
    }

    private static void AssertDropped(byte[] block)
    {
        FingerView read = Read(Area(block), out IReadOnlyList<Forgiven> forgiven);
        Assert.Null(read.Ridges);
        Forgiven said = Assert.Single(forgiven);
        Assert.Equal(
            (ForgivenKind.RidgeDetail, block.Length + AreaHeaderBytes), (said.Kind, (int)said.Value));
        Assert.Equal(View.Minutiae.Select(each => each.X), read.Minutiae.Select(each => each.X));
    }

    private static FingerView Read(byte[] areas, out IReadOnlyList<Forgiven> forgiven)
    {
        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, Record(areas)));
        forgiven = read.Forgiven;
        return read.Views[0];
    }

    /// <summary>The view's record with other extended data.</summary>
    private static byte[] Record(byte[] areas)
    {
        byte[] bare = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [View with { Ridges = null }]);
        byte[] record = [.. bare[..^2], (byte)(areas.Length >> 8), (byte)areas.Length, .. areas];
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(8), (uint)record.Length);
        return record;
    }

    private static byte[] Area(byte[] block)
    {
        int length = block.Length + AreaHeaderBytes;
        return [0x4d, 0x43, (byte)(length >> 8), (byte)length, .. block];
    }

    /// <summary>The bytes with a right checksum after them.</summary>
    private static byte[] Resealed(byte[] bytes)
    {
        byte[] places = [.. View.Minutiae.SelectMany(
            each => new[] { (byte)(each.X >> 8), (byte)each.X, (byte)(each.Y >> 8), (byte)each.Y })];
        byte[] checksum = new byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32C.Of(bytes, places));
        return [.. bytes, .. checksum];
    }
}

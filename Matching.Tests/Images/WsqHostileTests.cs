using System.Buffers.Binary;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Streams that break decoders: each gives a picture or a reason, and never an exception.</summary>
public sealed class WsqHostileTests
{
    private const int Mutations = 4_000;

    private static readonly GrayImage Picture = WsqPictures.Ridges(96, 84);
    private static readonly byte[] Stream = WsqEncoder.Encode(Picture);
    private static readonly byte[] Pixels = WsqDecoder.Decode(Stream).Value!.Pixels.ToArray();

    [Fact]
    public void Comments_between_any_segments_change_nothing()
    {
        byte[] comment = [0xFF, 0xA8, 0, 12, .. "NIST_COM 1"u8];
        byte[] longOne = [0xFF, 0xA8, 0x0B, 0xBA, .. new byte[3000]];
        foreach ((int marker, int at) in Segments(Stream))
        {
            foreach (byte[] added in (byte[][])[comment, longOne, [.. comment, .. longOne, .. comment]])
            {
                Decoded<GrayImage> decoded = WsqDecoder.Decode([.. Stream[..at], .. added, .. Stream[at..]]);
                Assert.True(decoded.IsAccepted, $"before {marker:X4}: {decoded.Rejection}");
                Assert.Equal(Pixels, decoded.Value.Pixels.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("255", 255)]
    [InlineData("1000", 1000)]
    [InlineData("many", null)]
    [InlineData("", null)]
    public void The_stated_resolution_is_given_as_it_is_stated(string stated, int? ppi)
    {
        byte[] text =
            [.. "NIST_COM 3\nUNKNOWN x y\nPPI "u8, .. System.Text.Encoding.ASCII.GetBytes(stated), (byte)'\n'];
        byte[] rest = Stream[Segments(Stream).First(each => each.Marker == 0xFFA4).At..];
        byte[] stream = [0xFF, 0xA0, 0xFF, 0xA8, 0, (byte)(text.Length + 2), .. text, .. rest];
        GrayImage image = WsqDecoder.Decode(stream).Value!;
        Assert.Equal(ppi, image.StatedPpi);
        Assert.Equal(Pixels, image.Pixels.ToArray());
    }

    [Fact]
    public void A_stream_that_ends_before_its_third_block_has_zeros_there_and_says_so()
    {
        int third = Segments(Stream).Last(each => each.Marker == 0xFFA3).At;
        GrayImage image = WsqDecoder.Decode([.. Stream[..third], 0xFF, 0xA1]).Value!;
        Assert.Contains(
            image.Warnings, warning => warning.Contains("missing and taken as zero", StringComparison.Ordinal));
        Assert.NotEqual(Pixels, image.Pixels.ToArray());
    }

    [Fact]
    public void A_code_of_all_ones_is_a_code()
    {
        // Codes 0 and 1 of one bit: symbols for a run of one zero, and for the coefficient 1.
        WsqHuffman table = WsqHuffman.Of([2, .. new byte[15]], [1, 181])!;
        Assert.Equal((1, (byte)1), table.Find(0x0000));
        Assert.Equal((1, (byte)181), table.Find(0xFFFF));
        WsqCoefficients coefficients = new(16);
        WsqBits bits = new([0b0110_0000, 0xFF, 0xA1], 0);
        Assert.Null(coefficients.Read(ref bits, table));
        Assert.Equal([0, 1, 1, 0, 0, 0, 0, 0], coefficients.Values[..8].ToArray());
        Assert.Equal(0xFFA1, bits.Marker);
    }

    [Fact]
    public void Restart_markers_begin_anew_at_a_whole_byte()
    {
        WsqHuffman table = WsqHuffman.Of([1, 1, .. new byte[14]], [181, 1])!;
        WsqCoefficients coefficients = new(16);
        byte[] bytes = [0b0000_0011, 0xFF, 0xB0, 0b0001_1111, 0xFF, 0xA3];
        WsqBits bits = new(bytes, 0);
        Assert.Null(coefficients.Read(ref bits, table));
        Assert.True(WsqMarker.IsRestart(bits.Marker));
        Assert.Equal(6, coefficients.Count);
    }

    [Theory]
    [InlineData(0xFFA3, "a block before the frame header")]
    [InlineData(0xFFA7, null)]
    public void Markers_in_a_wrong_place_are_named(int marker, string? why)
    {
        byte[] segment = [(byte)(marker >> 8), (byte)marker, 0, 4, 0, 0];
        int frame = Segments(Stream).First(each => each.Marker == 0xFFA2).At;
        Decoded<GrayImage> decoded = WsqDecoder.Decode([.. Stream[..frame], .. segment, .. Stream[frame..]]);
        Assert.Equal(why is null, decoded.IsAccepted);
        if (why is not null)
        {
            Assert.Equal(frame, decoded.Rejection!.Offset);
            Assert.Equal("marker FFA3 before the frame header", decoded.Rejection.Found);
        }
    }

    [Theory]
    [InlineData(0xFFA4)]
    [InlineData(0xFFA5)]
    [InlineData(0xFFA6)]
    public void A_missing_table_is_refused_and_a_doubled_one_is_not(int marker)
    {
        List<(int Marker, int At)> segments = Segments(Stream);
        int index = segments.FindIndex(each => each.Marker == marker);
        (int from, int to) = (segments[index].At, segments[index + 1].At);
        Assert.False(WsqDecoder.Decode([.. Stream[..from], .. Stream[to..]]).IsAccepted);
        GrayImage twice = WsqDecoder.Decode([.. Stream[..to], .. Stream[from..]]).Value!;
        Assert.Equal(Pixels, twice.Pixels.ToArray());
    }

    [Fact]
    public void Lengths_that_disagree_with_a_segment_are_forgiven_and_mentioned()
    {
        byte[] bytes = [.. Stream];
        int filters = Segments(Stream).First(each => each.Marker == 0xFFA4).At;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(filters + 2), 99);
        GrayImage image = WsqDecoder.Decode(bytes).Value!;
        Assert.Equal(Pixels, image.Pixels.ToArray());
        Assert.Equal(["the transform table states another length than it has"], image.Warnings);
    }

    [Fact]
    public void Wrong_Huffman_tables_are_refused_with_the_place()
    {
        int table = Segments(Stream).First(each => each.Marker == 0xFFA6).At;
        byte[] number = [.. Stream];
        number[table + 4] = 8;
        Assert.Equal("number of a Huffman table 8", WsqDecoder.Decode(number).Rejection!.Found);
        byte[] counts = [.. Stream];
        counts[table + 5] = 3;
        Assert.NotNull(WsqDecoder.Decode(counts).Rejection);
    }

    [Fact]
    public void Other_formats_are_told_by_their_bytes()
    {
        Assert.False(WsqDecoder.Begins([0xFF, 0x4F, 0xFF, 0x51]));
        Assert.True(WsqDecoder.Begins(Stream));
        Assert.Equal(
            "FF4F", WsqDecoder.Decode([0xFF, 0x4F, 0xFF, 0x51, .. Stream]).Rejection!.Found);
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(96, 0)]
    [InlineData(65535, 65535)]
    [InlineData(10_000, 9_000)]
    [InlineData(16, 16)]
    public void Sizes_outside_the_limits_are_refused_before_anything_is_allocated(int width, int height)
    {
        byte[] bytes = [.. Stream];
        int frame = Segments(Stream).First(each => each.Marker == 0xFFA2).At;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 6), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 8), (ushort)width);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotNull(WsqDecoder.Decode(bytes).Rejection);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void A_stream_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Stream.Length; length++)
        {
            Assert.False(WsqDecoder.Decode(Stream.AsSpan(..length)).IsAccepted, $"cut at {length} of {Stream.Length}");
        }
    }

    [Fact]
    public void Changed_bytes_give_a_picture_of_the_stated_size_or_a_reason()
    {
        Random random = new(20261130);
        int pictures = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = [.. Stream];
            int region = random.Next(2) == 0 ? Math.Min(700, bytes.Length) : bytes.Length;
            for (int n = random.Next(1, 5); n > 0; n--)
            {
                bytes[random.Next(region)] = (byte)random.Next(256);
            }

            Decoded<GrayImage> decoded = WsqDecoder.Decode(bytes);
            if (decoded.IsAccepted)
            {
                pictures++;
                Assert.Equal(decoded.Value.Width * decoded.Value.Height, decoded.Value.Pixels.Length);
            }
            else
            {
                Assert.NotEmpty(decoded.Rejection.Wanted);
            }
        }

        Assert.InRange(pictures, Mutations / 10, Mutations - (Mutations / 10));
    }

    /// <summary>Markers of a stream with their places, those after a block's data too.</summary>
    private static List<(int Marker, int At)> Segments(byte[] stream)
    {
        List<(int, int)> found = [];
        int at = 2;
        while (at < stream.Length - 1)
        {
            int marker = BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at));
            found.Add((marker, at));
            if (marker == 0xFFA1)
            {
                break;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + 2));
            while (marker == 0xFFA3 && !(stream[at] == 0xFF && stream[at + 1] != 0))
            {
                at++;
            }
        }

        return found;
    }
}

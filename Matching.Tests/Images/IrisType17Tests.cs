using System.Text;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Records of Type-17 of ANSI/NIST-ITL, laid out by hand from the standard's table.</summary>
public sealed class IrisType17Tests
{
    private const int Width = 120;
    private const int Height = 90;
    private static readonly GrayImage Picture = WsqPictures.Ridges(Width, Height);
    private static readonly byte[] Pixels = Picture.Pixels.ToArray();
    private static readonly byte[] Png = PngBytes.Grey(Width, Height, Pixels);

    [Fact]
    public void Both_eyes_one_after_the_other_come_out_with_their_places()
    {
        RecordPictures record = Read([.. Record("1", Png, "PNG"), .. Record("2", Pixels, "NONE"), .. Record("0", Png)]);
        Assert.Equal("ANSI/NIST-ITL Type-17", record.Standard);
        Assert.Equal(
            [BiometricPosition.RightEye, BiometricPosition.LeftEye, BiometricPosition.UnknownEye],
            record.Pictures.Select(picture => picture.Position!.Value));
        Assert.All(record.Pictures, picture => Assert.Equal(Pixels, picture.Decode().Value!.Pixels.ToArray()));
        Assert.All(record.Pictures, picture => Assert.Equal(508, picture.Ppi));
    }

    [Theory]
    [InlineData("1", "1", false, false)]
    [InlineData("0", "0", false, false)]
    [InlineData("2", "1", true, false)]
    [InlineData("1", "2", false, true)]
    [InlineData("2", "2", true, true)]
    public void A_picture_that_is_stated_to_be_mirrored_is_as_it_was_captured(
        string horizontal, string vertical, bool across, bool down)
    {
        RecordPicture picture = Read(Record("1", Pixels, "NONE", $"{horizontal}\u001F{vertical}\u001F1")).Pictures[0];
        GrayImage image = picture.Decode().Value!;
        for (int y = 0; y < Height; y += 7)
        {
            for (int x = 0; x < Width; x += 5)
            {
                int from = ((down ? Height - 1 - y : y) * Width) + (across ? Width - 1 - x : x);
                Assert.Equal(Pixels[from], image.Pixels.Span[(y * Width) + x]);
            }
        }

        Assert.Equal(across || down ? 1 : 0, image.Warnings.Count);
    }

    [Theory]
    [InlineData(0x15, false, false)]
    [InlineData(0x16, true, false)]
    [InlineData(0x19, false, true)]
    public void Records_of_ISO_state_it_too(int properties, bool across, bool down)
    {
        byte[] record = RecordBytes.Iris2005(14, new(1, Width, Height, 70, Png), new(2, Width, Height, 70, Png));
        record[18] = (byte)properties;
        RecordPicture picture = Read(record).Pictures[1];
        Assert.Equal((across, down), (picture.IsFlippedAcross, picture.IsFlippedDown));
        record = RecordBytes.Iris2011(14, new RecordBytes.Picture(1, Width, Height, 70, Png));
        int at = record.AsSpan().IndexOf((ReadOnlySpan<byte>)[1, 1, 14, 0, 0, Width, 0, Height]);
        record[at + 3] = (byte)properties;
        picture = Read(record).Pictures[0];
        Assert.Equal((across, down), (picture.IsFlippedAcross, picture.IsFlippedDown));
    }

    [Fact]
    public void What_is_wrong_is_said_with_its_field()
    {
        Assert.Contains("eye label 3 (17.003)", Refused(Record("3", Png)), StringComparison.Ordinal);
        Assert.Contains("eye label missing", Refused(Of("17.999:", Png)), StringComparison.Ordinal);
        Assert.Contains("no picture (17.999)", Refused(Of("17.003:1", [])), StringComparison.Ordinal);
        Assert.Contains(
            "no picture (17.028: UC)", Refused(Of("17.003:1\u001D17.028:UC", [])), StringComparison.Ordinal);
        Assert.Contains("without a size", Refused(Of("17.003:1\u001D17.999:", Pixels)), StringComparison.Ordinal);
        Assert.Contains(
            "pixels of 24 bits", Refused(Of("17.003:1\u001D17.012:24\u001D17.999:", Pixels)), StringComparison.Ordinal);
        Assert.Contains(
            "field 17.003 twice", Refused(Of("17.003:1\u001D17.003:2\u001D17.999:", Png)), StringComparison.Ordinal);
        Assert.Contains(
            "after 1 records", Refused([.. Record("1", Png), .. "14.001:20"u8]), StringComparison.Ordinal);
        Assert.Contains(
            "after 32 records", Refused([.. Enumerable.Repeat(Record("1", Png), 33).SelectMany(one => one)]),
            StringComparison.Ordinal);
        Assert.Contains("more than 512 fields", Refused(Of(
            string.Join('\u001D', Enumerable.Range(100, 600).Select(i => $"17.{i}:")), [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_cut_anywhere_or_changed_is_a_record_or_a_reason()
    {
        byte[] record = [.. Record("1", Png, "PNG"), .. Record("2", Pixels, "NONE", "2\u001F1\u001F1")];
        for (int length = 8; length < record.Length; length += length < 200 ? 1 : 97)
        {
            bool isWhole = length == Record("1", Png, "PNG").Length;
            Assert.Equal(isWhole, PictureRecords.Read(record.AsMemory(0, length)).IsAccepted);
        }

        Random random = new(20261201);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = [.. record];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                bytes[7 + random.Next(140)] = (byte)random.Next(256);
            }

            Decoded<RecordPictures> read = PictureRecords.Read(bytes);
            Assert.True(read.IsAccepted ? read.Value.Pictures.Count > 0 : read.Rejection.Wanted.Length > 0);
        }
    }

    internal static byte[] Record(string eye, byte[] data, string? compression = null, string? properties = null)
    {
        string fields = $"17.002:01\u001D17.003:{eye}\u001D17.004:SRC\u001D17.005:20261130\u001D17.006:{Width}\u001D"
            + $"17.007:{Height}\u001D17.008:2\u001D17.009:200\u001D17.010:200\u001D"
            + (compression is null ? "" : $"17.011:{compression}\u001D17.012:8\u001D17.013:GRAY\u001D")
            + (properties is null ? "" : $"17.016:{properties}\u001D") + "17.999:";
        return Of(fields, data);
    }

    /// <summary>A record of these fields, the last of which the data follows.</summary>
    private static byte[] Of(string fields, byte[] data)
    {
        byte[] rest = [0x1D, .. Encoding.Latin1.GetBytes(fields), .. data, 0x1C];
        int digits = 1;
        while ($"{7 + digits + rest.Length}".Length > digits)
        {
            digits++;
        }

        return [.. Encoding.ASCII.GetBytes($"17.001:{7 + digits + rest.Length}"), .. rest];
    }

    private static string Refused(byte[] record) => PictureRecords.Read(record).Rejection!.ToString();

    private static RecordPictures Read(byte[] record)
    {
        Decoded<RecordPictures> read = PictureRecords.Read(record);
        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        return read.Value;
    }
}

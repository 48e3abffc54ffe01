using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Finger and iris image records: every view comes out with its place, resolution and quality.</summary>
public sealed class PictureRecordTests
{
    private static readonly GrayImage Print = WsqPictures.Ridges(120, 90);
    private static readonly byte[] Wsq = WsqEncoder.Encode(Print);
    private static readonly byte[] Png = PngBytes.Grey(120, 90, Print.Pixels.ToArray());

    [Theory]
    [InlineData(false, "ISO/IEC 19794-4:2005")]
    [InlineData(true, "INCITS 381-2004")]
    public void Finger_records_of_2005_are_told_apart_by_their_structure(bool isAnsi, string standard)
    {
        RecordPictures record = Read(RecordBytes.Finger2005(
            isAnsi, 2, 500, new RecordBytes.Picture(2, 120, 90, 60, Wsq), new(7, 120, 90, 254, Wsq)));
        Assert.Equal(standard, record.Standard);
        Assert.Equal([2, 7], record.Pictures.Select(picture => picture.Position!.Value.Finger));
        Assert.Equal([60, null], record.Pictures.Select(picture => picture.Quality));
        Assert.All(record.Pictures, picture => Assert.Equal(500, picture.Ppi));
        Assert.All(record.Pictures, picture => Assert.Equal(ImageFormat.Wsq, picture.Decode().Value!.Format));
        Assert.Empty(record.Warnings);
    }

    [Fact]
    public void Finger_records_of_2011_give_every_representation()
    {
        RecordPictures record = Read(RecordBytes.Finger2011(
            6, 197, new RecordBytes.Picture(1, 120, 90, 70, Png), new(13, 120, 90, 80, Png),
            new(12, 120, 90, 90, Png)));
        Assert.Equal("ISO/IEC 19794-4:2011", record.Standard);
        Assert.Equal([1, 0, 6], record.Pictures.Select(picture => picture.Position!.Value.Finger));
        Assert.Equal([null, 13, null], record.Pictures.Select(picture => picture.Slap));
        Assert.Equal([70, 80, 90], record.Pictures.Select(picture => picture.Quality!.Value));
        Assert.Equal(500, record.Pictures[0].Ppi);
        Assert.Equal(Print.Pixels.ToArray(), record.Pictures[2].Decode().Value!.Pixels.ToArray());
    }

    [Fact]
    public void Pixels_without_compression_have_the_size_of_the_record()
    {
        RecordBytes.Picture plain = new(3, 120, 90, 50, Print.Pixels.ToArray());
        foreach (byte[] bytes in (byte[][])[
            RecordBytes.Finger2005(false, 0, 500, plain), RecordBytes.Finger2011(1, 197, plain)])
        {
            GrayImage image = Read(bytes).Pictures[0].Decode().Value!;
            Assert.Equal(Print.Pixels.ToArray(), image.Pixels.ToArray());
        }
    }

    [Fact]
    public void The_bytes_decide_where_a_record_says_another_compression()
    {
        byte[] codestream = NativePictures.Codestream(Print);
        RecordPictures record = Read(RecordBytes.Finger2005(
            false, 2, 500, new RecordBytes.Picture(2, 120, 90, 60, codestream)));
        Assert.Equal(ImageFormat.Jpeg2000, record.Pictures[0].Decode().Value!.Format);
        RecordPictures plain = Read(RecordBytes.Finger2011(0, 197, new RecordBytes.Picture(2, 120, 90, 60, Png)));
        Assert.Equal(ImageFormat.Png, plain.Pictures[0].Decode().Value!.Format);
    }

    [Fact]
    public void Iris_records_of_both_years_give_both_eyes()
    {
        RecordBytes.Picture right = new(1, 120, 90, 40, Print.Pixels.ToArray());
        RecordBytes.Picture left = new(2, 120, 90, 255, Print.Pixels.ToArray());
        foreach (byte[] bytes in (byte[][])[RecordBytes.Iris2005(2, right, left), RecordBytes.Iris2011(2, right, left)])
        {
            RecordPictures record = Read(bytes);
            Assert.Equal(
                [BiometricPosition.RightEye, BiometricPosition.LeftEye],
                record.Pictures.Select(picture => picture.Position!.Value));
            Assert.Equal([40, null], record.Pictures.Select(picture => picture.Quality));
            Assert.Equal(Print.Pixels.ToArray(), record.Pictures[1].Decode().Value!.Pixels.ToArray());
        }

        RecordBytes.Picture png = new(2, 120, 90, 90, Png);
        Assert.Equal(ImageFormat.Png, Read(RecordBytes.Iris2011(14, png)).Pictures[0].Decode().Value!.Format);
    }

    [Fact]
    public void A_picture_alone_is_itself()
    {
        RecordPictures record = Read(Png);
        Assert.Null(record.Standard);
        Assert.Null(record.Pictures.Single().Position);
    }

    [Fact]
    public void Palms_unknown_versions_and_deep_pixels_are_refused_with_the_place()
    {
        Assert.Contains("position code 21", Refused(RecordBytes.Finger2011(
            6, 197, new RecordBytes.Picture(21, 120, 90, 50, Png))),
            StringComparison.Ordinal);
        byte[] version = RecordBytes.Finger2011(6, 197, new RecordBytes.Picture(2, 120, 90, 50, Png));
        version[5] = (byte)'3';
        Assert.Contains("version 30", Refused(version), StringComparison.Ordinal);
        byte[] empty = RecordBytes.Finger2011(6, 197);
        Assert.Contains("number of representations 0", Refused(empty), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_cut_anywhere_or_changed_is_a_record_or_a_reason()
    {
        byte[][] records =
        [
            RecordBytes.Finger2005(
                false, 2, 500, new RecordBytes.Picture(2, 120, 90, 60, Wsq), new(7, 120, 90, 254, Wsq)),
            RecordBytes.Finger2005(true, 2, 500, new RecordBytes.Picture(2, 120, 90, 60, Wsq)),
            RecordBytes.Finger2011(2, 197, new RecordBytes.Picture(1, 120, 90, 70, Wsq)),
            RecordBytes.Iris2005(14, new(1, 120, 90, 70, Png), new(2, 120, 90, 70, Png)),
            RecordBytes.Iris2011(14, new(1, 120, 90, 70, Png), new(2, 120, 90, 70, Png)),
        ];
        Random random = new(20261130);
        foreach (byte[] record in records)
        {
            for (int length = 4; length < 200; length++)
            {
                Assert.False(PictureRecords.Read(record.AsMemory(0, length)).IsAccepted);
            }

            for (int i = 0; i < 3_000; i++)
            {
                byte[] bytes = [.. record];
                for (int n = random.Next(1, 4); n > 0; n--)
                {
                    bytes[4 + random.Next(100)] = (byte)random.Next(256);
                }

                Decoded<RecordPictures> read = PictureRecords.Read(bytes);
                Assert.True(read.IsAccepted ? read.Value.Pictures.Count > 0 : read.Rejection.Wanted.Length > 0);
            }
        }
    }

    [SkippableFact]
    public void A_record_of_two_eyes_as_published_by_NIST_is_read()
    {
        byte[] bytes = File.ReadAllBytes(SharedData.Path("fingers", "formats", "Sample-2Eyes.raw"));
        RecordPictures record = Read(bytes);
        Assert.Equal(2, record.Pictures.Count);
        Assert.All(record.Pictures, picture => Assert.Equal(640, picture.Decode().Value!.Width));
    }

    private static string Refused(byte[] record) => PictureRecords.Read(record).Rejection!.ToString();

    private static RecordPictures Read(byte[] record)
    {
        Decoded<RecordPictures> read = PictureRecords.Read(record);
        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        return read.Value;
    }
}

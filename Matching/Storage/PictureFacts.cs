using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The facts of an encounter's pictures in its record: count (1), each as presence (1: bit 0 slap, bit 1 both eyes, bit
/// 2 resolution, bit 3 size), samples (count 1, places of 1), slap (1), resolution (4), width and height (4 each) where
/// present, length (4), SHA-256 (32). In records of version 6 bit 4 says that it is an opaque item: it has no samples,
/// and after their count stands its type (text).
/// </summary>
internal static class PictureFacts
{
    private const byte HasSlap = 1;
    private const byte BothEyes = 2;
    private const byte HasPpi = 4;
    private const byte HasSize = 8;
    private const byte IsOpaque = 16;
    private const int PictureBits = HasSlap | BothEyes | HasPpi | HasSize;

    public static void WriteAll(FrameWriter writer, IReadOnlyList<Picture> pictures)
    {
        writer.Small("number of pictures", pictures.Count, 1, Limits.SamplesPerEncounter);
        foreach (Picture picture in pictures)
        {
            Write(writer, picture);
        }
    }

    /// <param name="reader">Where they stand.</param>
    /// <param name="withOpaque">Whether there are opaque items among them: one at least, or none.</param>
    public static List<Picture> ReadAll(ref FrameReader reader, bool withOpaque)
    {
        int start = reader.At;
        int count = reader.Small("number of pictures", 1, Limits.SamplesPerEncounter);
        List<Picture> pictures = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            pictures.Add(Read(ref reader, withOpaque));
        }

        if (withOpaque && reader.Rejection is null && !pictures.Exists(one => one.IsOpaque))
        {
            reader.Reject(start, "no opaque item", "one at least, or an older version");
        }

        return pictures;
    }

    private static void Write(FrameWriter writer, Picture picture)
    {
        writer.Byte((byte)((picture.Slap is null ? 0 : HasSlap) | (picture.AreBothEyes ? BothEyes : 0)
            | (picture.Ppi is null ? 0 : HasPpi) | (picture.Raw is null ? 0 : HasSize)
            | (picture.IsOpaque ? IsOpaque : 0)));
        writer.Small(
            "number of samples", picture.Samples.Count, picture.IsOpaque ? 0 : 1,
            picture.IsOpaque ? 0 : Limits.SamplesPerEncounter);
        foreach (int sample in picture.Samples)
        {
            writer.Small("sample", sample, 0, Limits.SamplesPerEncounter - 1);
        }

        if (picture.OpaqueType is { } type)
        {
            writer.Text("type of an opaque item", type, 1, Limits.IdBytes);
        }

        if (picture.Slap is { } slap)
        {
            writer.Small("slap", slap, 0, byte.MaxValue);
        }

        if (picture.Ppi is { } ppi)
        {
            writer.Int32(ppi);
        }

        if (picture.Raw is { } raw)
        {
            writer.Int32(raw.Width);
            writer.Int32(raw.Height);
        }

        writer.Count("bytes of a picture", picture.Length, Limits.PictureBytes);
        writer.Raw(picture.Hash.Length == Picture.HashBytes ? picture.Hash.Span
            : throw new ArgumentException($"a hash of {picture.Hash.Length} bytes, wanted {Picture.HashBytes}"));
    }

    private static Picture Read(ref FrameReader reader, bool mayBeOpaque)
    {
        int head = reader.At;
        int presence = reader.Small("presence", 0, mayBeOpaque ? IsOpaque | PictureBits : PictureBits);
        bool isOpaque = (presence & IsOpaque) != 0;
        if (isOpaque && presence != IsOpaque)
        {
            reader.Reject(head, "facts of a picture in an opaque item", "its type alone");
        }

        int count = reader.Small("number of samples", isOpaque ? 0 : 1, isOpaque ? 0 : Limits.SamplesPerEncounter);
        int[] samples = new int[count];
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            int at = reader.At;
            samples[i] = reader.Small("sample", 0, Limits.SamplesPerEncounter - 1);
            if (i > 0 && samples[i] <= samples[i - 1])
            {
                reader.Reject(at, "a sample out of order", "each once, ascending");
            }
        }

        return new Picture
        {
            Samples = samples,
            OpaqueType = isOpaque ? reader.Text("type of an opaque item", 1, Limits.IdBytes) : null,
            Slap = (presence & HasSlap) != 0 ? reader.Small("slap", 0, byte.MaxValue) : null,
            AreBothEyes = (presence & BothEyes) != 0,
            Ppi = (presence & HasPpi) != 0 ? reader.Int32("resolution") : null,
            Raw = (presence & HasSize) != 0 ? (reader.Int32("width"), reader.Int32("height")) : null,
            Length = LengthOf(ref reader),
            Hash = reader.Raw("hash", Picture.HashBytes).ToArray(),
        };
    }

    private static int LengthOf(ref FrameReader reader)
    {
        int at = reader.At;
        int length = reader.Int32("bytes of a picture");
        if (length is < 1 or > Limits.PictureBytes)
        {
            reader.Reject(at, $"a picture of {length} bytes", $"1 to {Limits.PictureBytes}");
        }

        return length;
    }
}

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>ISO/IEC 19794-4:2011: representations with their own headers and the blocks after their pictures.</summary>
internal static class FingerImages2011
{
    private const int QualityBlockBytes = 5;
    private const int CertificateBytes = 3;

    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        List<string> warnings = [];
        List<RecordPicture> pictures = [];
        RecordReader reader = new(bytes.Span);
        reader.Skip(8, "identifier and version");
        long declared = reader.Long("record length");
        int count = reader.WordIn(1, PictureRecords.MostPictures, "number of representations");
        bool isCertified = reader.Byte("certification flag") == 1;
        reader.Skip(1, "number of positions");
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            ReadRepresentation(ref reader, bytes, isCertified, i == count - 1, pictures, warnings);
        }

        if (reader.Rejection is { } wrong)
        {
            return wrong;
        }

        if (declared != bytes.Length)
        {
            warnings.Add($"the record states {declared} bytes and has {bytes.Length}");
        }

        return new RecordPictures("ISO/IEC 19794-4:2011", pictures, warnings);
    }

    private static void ReadRepresentation(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, bool isCertified, bool isLast,
        List<RecordPicture> pictures, List<string> warnings)
    {
        int at = reader.Offset;
        long length = reader.Long("length of a representation");
        reader.Skip(14, "capture date and device");
        int quality = ReadQuality(ref reader);
        if (isCertified)
        {
            reader.Skip(CertificateBytes * reader.Byte("number of certificates"), "certificates");
        }

        int position = reader.Byte("finger position");
        reader.Skip(1, "number of the representation");
        int units = reader.ByteIn(1, 2, "scale units");
        reader.Skip(4, "resolution of the scan");
        int? ppi = FingerFields.Ppi(ref reader, units, warnings);
        int depth = reader.ByteIn(1, 16, "pixel depth");
        int compression = reader.ByteIn(0, 6, "compression");
        reader.Skip(1, "impression type");
        int width = reader.Word("width");
        int height = reader.Word("height");
        long picture = reader.Long("length of the picture");
        if (!reader.Failed && (picture < 1 || picture > reader.Remaining))
        {
            reader.Reject(reader.Offset - 4, $"a picture of {picture} bytes", $"1..{reader.Remaining}");
        }

        FingerImage finger = new(position, width, height, depth, compression, ppi, quality);
        if (!reader.Failed && FingerFields.Picture(ref reader, bytes, finger, (int)picture) is { } read)
        {
            pictures.Add(read);
        }

        SkipRest(ref reader, at + length, isLast, warnings);
    }

    /// <summary>The first quality that a block states, or 255.</summary>
    internal static int ReadQuality(ref RecordReader reader)
    {
        int found = byte.MaxValue;
        int blocks = reader.Byte("number of quality blocks");
        for (int i = 0; i < blocks; i++)
        {
            int quality = reader.Byte("quality");
            reader.Skip(QualityBlockBytes - 1, "quality algorithm");
            found = found > 100 ? quality : found;
        }

        return found;
    }

    /// <summary>Segmentation, annotations and comments, up to the end that the representation states.</summary>
    internal static void SkipRest(ref RecordReader reader, long end, bool isLast, List<string> warnings)
    {
        long rest = end - reader.Offset;
        if (reader.Failed || rest == 0)
        {
            return;
        }

        bool fits = rest > 0 && rest <= reader.Remaining;
        if (!fits && isLast)
        {
            warnings.Add("the last representation states another length than it has");
            return;
        }

        if (!fits)
        {
            reader.Reject(reader.Offset, $"a representation that ends at byte {end}", $"up to {reader.Length}");
        }

        reader.Skip(fits ? (int)rest : 0, "blocks after a picture");
    }
}

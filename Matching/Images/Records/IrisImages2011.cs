using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>ISO/IEC 19794-6:2011: representations with their own headers.</summary>
internal static class IrisImages2011
{
    private const int MonoRaw = 2;

    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        List<string> warnings = [];
        List<RecordPicture> pictures = [];
        RecordReader reader = new(bytes.Span);
        reader.Skip(8, "identifier and version");
        long declared = reader.Long("record length");
        int count = reader.WordIn(1, PictureRecords.MostPictures, "number of representations");
        reader.Skip(2, "certification flag and number of eyes");
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            int at = reader.Offset;
            long length = reader.Long("length of a representation");
            reader.Skip(14, "capture date and device");
            int quality = FingerImages2011.ReadQuality(ref reader);
            reader.Skip(2, "number of the representation");
            int side = reader.ByteIn(0, 2, "eye label");
            reader.Skip(1, "type of the picture");
            int format = reader.Byte("format of the picture");
            int properties = reader.Byte("properties");
            int width = reader.Word("width");
            int height = reader.Word("height");
            int depth = reader.Byte("depth");
            reader.Skip(18, "range, roll, centre and diameter");
            long picture = reader.Long("length of the picture");
            if (!reader.Failed && format == MonoRaw && depth != 8)
            {
                reader.Reject(reader.Offset, $"pixels of {depth} bits", "8");
            }

            RawSize? raw = format == MonoRaw ? new RawSize(width, height) : null;
            IrisFields.Add(ref reader, bytes, side, raw, quality, properties, picture, pictures);
            FingerImages2011.SkipRest(ref reader, at + length, i == count - 1, warnings);
        }

        return IrisFields.Finish(ref reader, "ISO/IEC 19794-6:2011", declared, pictures, warnings);
    }
}

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>ISO/IEC 19794-6:2005: one format and size for all pictures of one or two eyes.</summary>
internal static class IrisImages2005
{
    private const int MonoRaw = 2;
    private const int MostEyes = 2;

    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        List<string> warnings = [];
        List<RecordPicture> pictures = [];
        RecordReader reader = new(bytes.Span);
        reader.Skip(8, "identifier and version");
        long declared = reader.Long("record length");
        reader.Skip(2, "capture device");
        int eyes = reader.ByteIn(1, MostEyes, "number of eyes");
        int headerLength = reader.Word("length of the header");
        int properties = reader.Word("properties");
        reader.Skip(2, "diameter");
        int format = reader.Word("format of the pictures");
        int width = reader.Word("width");
        int height = reader.Word("height");
        int depth = reader.Byte("depth");
        reader.Skip(17, "transformation and identifier of the device");
        reader.Skip(Math.Max(0, headerLength - reader.Offset), "header");
        if (!reader.Failed && format == MonoRaw && depth != 8)
        {
            reader.Reject(reader.Offset, $"pixels of {depth} bits", "8");
        }

        RawSize? raw = format == MonoRaw ? new RawSize(width, height) : null;
        for (int eye = 0; eye < eyes && !reader.Failed; eye++)
        {
            int side = reader.ByteIn(0, 2, "eye position");
            int count = reader.WordIn(0, PictureRecords.MostPictures, "number of pictures of an eye");
            for (int i = 0; i < count && !reader.Failed; i++)
            {
                reader.Skip(2, "number of the picture");
                int quality = reader.Byte("quality");
                reader.Skip(4, "rotation");
                long length = reader.Long("length of the picture");
                IrisFields.Add(ref reader, bytes, side, raw, quality, properties, length, pictures);
            }
        }

        return IrisFields.Finish(ref reader, "ISO/IEC 19794-6:2005", declared, pictures, warnings);
    }
}

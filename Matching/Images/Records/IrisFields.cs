using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>What the iris image records of both years have in common.</summary>
internal static class IrisFields
{
    private const int Right = 1;
    private const int Left = 2;
    private const int OrientationMask = 3;
    private const int VerticalShift = 2;

    /// <summary>The code of an orientation that is mirrored; 0 is not stated, 1 as it was captured.</summary>
    public const int Flipped = 2;

    /// <summary>The eye of a label: 1 right, 2 left, anything else is not stated.</summary>
    public static BiometricPosition PositionOf(int side) => side switch
    {
        Right => BiometricPosition.RightEye,
        Left => BiometricPosition.LeftEye,
        _ => BiometricPosition.UnknownEye,
    };

    /// <summary>Adds the picture that begins at the reader.</summary>
    public static void Add(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, int side, RawSize? raw, int quality, int properties,
        long length, List<RecordPicture> pictures)
    {
        if (!reader.Failed
            && (length < 1 || length > reader.Remaining || pictures.Count >= PictureRecords.MostPictures))
        {
            reader.Reject(
                reader.Offset - 4, $"picture {pictures.Count + 1}, of {length} bytes",
                $"1..{reader.Remaining} bytes, and at most {PictureRecords.MostPictures} pictures");
        }

        int at = reader.Offset;
        reader.Skip(reader.Failed ? 0 : (int)length, "picture");
        if (reader.Failed)
        {
            return;
        }

        ReadOnlyMemory<byte> content = bytes.Slice(at, (int)length);
        bool isFile = raw is { } size && content.Length != size.Width * size.Height
            && ImageMagic.Of(content.Span) is not null;
        pictures.Add(new RecordPicture
        {
            Position = PositionOf(side),
            Bytes = content,
            Raw = isFile ? null : raw,
            Quality = quality <= 100 ? quality : null,
            IsFlippedAcross = (properties & OrientationMask) == Flipped,
            IsFlippedDown = ((properties >> VerticalShift) & OrientationMask) == Flipped,
        });
    }

    public static Decoded<RecordPictures> Finish(
        ref RecordReader reader, string standard, long declared, List<RecordPicture> pictures, List<string> warnings)
    {
        if (reader.Rejection is { } wrong)
        {
            return wrong;
        }

        if (pictures.Count == 0)
        {
            return new Rejection(reader.Offset, "no picture", "at least one");
        }

        if (declared != reader.Length)
        {
            warnings.Add($"the record states {declared} bytes and has {reader.Length}");
        }

        return new RecordPictures(standard, pictures, warnings);
    }
}

using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Records;

/// <summary>One picture inside a record, or a picture that came alone.</summary>
public sealed record RecordPicture
{
    /// <summary>The finger or eye that the record states; unknown where it states none or a slap.</summary>
    public BiometricPosition? Position { get; init; }

    /// <summary>
    /// The code of several fingers (<see cref="SlapPositions"/>); null for one finger or an eye.
    /// </summary>
    public int? Slap { get; init; }

    /// <summary>The picture's file or codestream, or its pixels alone.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The size of pixels alone; null where the bytes are a file.</summary>
    public RawSize? Raw { get; init; }

    /// <summary>Pixels per inch that the record states.</summary>
    public int? Ppi { get; init; }

    /// <summary>Quality that the record states, 0..100.</summary>
    public int? Quality { get; init; }

    /// <summary>Whether the record states that the picture is mirrored left to right.</summary>
    public bool IsFlippedAcross { get; init; }

    /// <summary>Whether the record states that the picture is mirrored top to bottom.</summary>
    public bool IsFlippedDown { get; init; }

    /// <summary>The picture decoded; one that the record states to be mirrored as it was before.</summary>
    /// <param name="reading">How; the size of pixels alone is this record's, unless it states one itself.</param>
    public Decoded<GrayImage> Decode(ImageReading? reading = null)
    {
        Decoded<GrayImage> image =
            ImageDecoder.Decode(Bytes, (reading ?? ImageReading.Default) with { Raw = Raw ?? reading?.Raw });
        return image.IsAccepted && (IsFlippedAcross || IsFlippedDown)
            ? Orientation.Unflip(image.Value, IsFlippedAcross, IsFlippedDown) : image;
    }
}

/// <summary>The pictures of a record.</summary>
/// <param name="Standard">What the record is, for a sentence; null for a picture that came alone.</param>
/// <param name="Pictures">At least one.</param>
/// <param name="Warnings">What was read although the standard does not allow it.</param>
public sealed record RecordPictures(
    string? Standard, IReadOnlyList<RecordPicture> Pictures, IReadOnlyList<string> Warnings);

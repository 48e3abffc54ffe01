namespace MatchCluster.Matching.Model;

/// <summary>
/// What is read though its standard does not allow it, because devices of the field write it (docs/records.md). The
/// words of <see cref="Forgiven.Code"/> are sent to callers: they are never renamed.
/// </summary>
public enum ForgivenKind
{
    /// <summary>Bytes after the last view: a record in a larger buffer.</summary>
    BytesAfterLastView,

    /// <summary>The record declares another length than it has.</summary>
    DeclaredLength,

    /// <summary>The last view's extended data end after the record; they are not used.</summary>
    ExtendedData,

    /// <summary>A representation declares another length than its fields take.</summary>
    RepresentationLength,

    /// <summary>A minutia on or outside the stated image: nothing that compares looks at the image's size.</summary>
    MinutiaOutsideImage,

    /// <summary>A reserved kind of minutia, read as other.</summary>
    MinutiaKind,

    /// <summary>A reserved quality of a minutia, read as none.</summary>
    MinutiaQuality,

    /// <summary>A reserved quality of a finger, read as none.</summary>
    FingerQuality,

    /// <summary>The position code of several fingers, read as an unknown finger.</summary>
    FingerPosition,

    /// <summary>A view of another finger than the caller's label; it counts as the finger it is.</summary>
    OtherFinger,

    /// <summary>A damaged block of ridge detail; the record is read as if it had none.</summary>
    RidgeDetail,

    /// <summary>NaN or Infinity in JSON, which Python writes and JSON does not have; read as 0.</summary>
    NonFiniteNumber,
}

/// <summary>One kind of thing that was forgiven in one record.</summary>
/// <param name="Kind">What was forgiven.</param>
/// <param name="Times">How often.</param>
/// <param name="Offset">Byte offset of the first, or -1 where no single place is meant.</param>
/// <param name="Value">What stands there: a count, a length, or a code.</param>
public readonly record struct Forgiven(ForgivenKind Kind, int Times, long Offset, long Value)
{
    /// <summary>The word of the kind, for programs.</summary>
    public string Code => CodeOf(Kind);

    public static string CodeOf(ForgivenKind kind) => kind switch
    {
        ForgivenKind.BytesAfterLastView => "bytes-after-last-view",
        ForgivenKind.DeclaredLength => "declared-length",
        ForgivenKind.ExtendedData => "extended-data",
        ForgivenKind.RepresentationLength => "representation-length",
        ForgivenKind.MinutiaOutsideImage => "minutia-outside-image",
        ForgivenKind.MinutiaKind => "minutia-kind",
        ForgivenKind.MinutiaQuality => "minutia-quality",
        ForgivenKind.FingerQuality => "finger-quality",
        ForgivenKind.FingerPosition => "finger-position",
        ForgivenKind.OtherFinger => "other-finger",
        ForgivenKind.RidgeDetail => "ridge-detail",
        ForgivenKind.NonFiniteNumber => "non-finite-number",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The code, then a sentence for people.</summary>
    public override string ToString()
    {
        string place = Offset < 0 ? "" : $", at byte {Offset}";
        return Times > 1 ? $"{Code}: {Sentence()}{place} and {Times - 1} more" : $"{Code}: {Sentence()}{place}";
    }

    private string Sentence() => Kind switch
    {
        ForgivenKind.BytesAfterLastView => $"{Value} bytes after the last view were passed over",
        ForgivenKind.DeclaredLength => $"the record declares {Value} bytes and ends elsewhere",
        ForgivenKind.ExtendedData => $"extended data of {Value} bytes end after the record and were passed over",
        ForgivenKind.RepresentationLength => $"a representation declares {Value} bytes and ends elsewhere",
        ForgivenKind.MinutiaOutsideImage => "a minutia on or outside the stated image was kept",
        ForgivenKind.MinutiaKind => $"kind {Value} was read as other",
        ForgivenKind.MinutiaQuality => $"quality {Value} of a minutia was read as none",
        ForgivenKind.FingerQuality => $"finger quality {Value} was read as none",
        ForgivenKind.FingerPosition => $"position code {Value} was read as an unknown finger",
        ForgivenKind.OtherFinger =>
            $"a view of {BiometricPosition.OfFinger((int)Value)} counts as that finger, whatever the label",
        ForgivenKind.RidgeDetail => $"a damaged block of ridge detail, {Value} bytes, was passed over",
        _ => "NaN or Infinity was read as 0",
    };
}

using System.Text;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Records as devices of the field write them: <see cref="RawRecords"/> with one thing that the standard does
/// not allow, and records with one thing that is refused.
/// </summary>
public static class FieldRecords
{
    private const int MinutiaBytes = 6;

    /// <summary>Every format of minutiae records: a new one is tested as the others are.</summary>
    public static TemplateFormat[] Fingers { get; } = [.. ModalityTable.Of(Modality.Finger).Formats];

    /// <summary>A record with that one thing, or null where the format has no such place.</summary>
    public static byte[]? Of(ForgivenKind kind, TemplateFormat format) =>
        format == TemplateFormat.OpenIrisJson || kind == ForgivenKind.NonFiniteNumber
            ? (kind, format) == (ForgivenKind.NonFiniteNumber, TemplateFormat.OpenIrisJson) ? NonFinite() : null
        : kind == ForgivenKind.RepresentationLength && format != TemplateFormat.Iso19794v2011 ? null
        : Finger(kind, format);

    /// <summary>A record that is refused and what the rejection says was found.</summary>
    public static IEnumerable<(TemplateFormat Format, byte[] Record, string Found)> Refused()
    {
        foreach (TemplateFormat format in Fingers)
        {
            byte[] whole = RawRecords.Of(format);
            Places at = PlacesOf(format);
            yield return (format, whole[..(at.Minutiae + 4)], "bytes up to the end");
            yield return (format, Viewless(format, whole, at), format == TemplateFormat.Iso19794v2011
                ? "number of representations 0" : "number of finger views 0");
            yield return (format, With(whole, at.Position, 11), "finger position code 11");
            yield return (format, With(whole, at.Resolution, 500 >> 8, 500 & 255), "x resolution in pixels per cm 500");
            yield return (format, With(whole, at.Resolution, 0, 0), "x resolution in pixels per cm 0");
            if (format is TemplateFormat.Ansi378v2004 or TemplateFormat.Ansi378v2009)
            {
                yield return (format, With(whole, at.Minutiae + 4, 180), "angle 180");
            }
        }
    }

    /// <summary>Offset of the first view's first minutia.</summary>
    public static int MinutiaeAt(TemplateFormat format) => PlacesOf(format).Minutiae;

    private static byte[] Finger(ForgivenKind kind, TemplateFormat format)
    {
        byte[] whole = RawRecords.Of(format);
        Places at = PlacesOf(format);
        int extension = whole.Length - RawRecords.ExtensionBytes - 1;
        return kind switch
        {
            ForgivenKind.BytesAfterLastView => [.. whole, .. new byte[40]],
            ForgivenKind.DeclaredLength => With(whole, at.Length, whole[at.Length] - 1),
            ForgivenKind.ExtendedData => With(whole, extension, whole[extension] + 1),
            ForgivenKind.RepresentationLength => With(whole, 18, whole[18] - 1),
            ForgivenKind.MinutiaOutsideImage =>
                With(whole, at.Minutiae, 0x40 | (RawRecords.Width >> 8), RawRecords.Width & 255),
            ForgivenKind.MinutiaKind => With(whole, at.Minutiae, 0xc0),
            ForgivenKind.MinutiaQuality => With(whole, at.Minutiae + MinutiaBytes - 1, 253),
            ForgivenKind.FingerQuality => With(whole, at.Quality, 101),
            ForgivenKind.FingerPosition => With(whole, at.Position, 13),
            ForgivenKind.OtherFinger => whole,
            ForgivenKind.RidgeDetail => DamagedRidges(whole, format),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>The record with ridge detail, one byte of which is another.</summary>
    private static byte[] DamagedRidges(byte[] whole, TemplateFormat format)
    {
        FingerRecord read = FingerRecords.Decode(format, whole).Value!;
        byte[] record = FingerRecords.Encode(format, [read.Views[0], SomeRidges.With(read.Views[1])]);
        return With(record, record.Length - 1, record[^1] ^ 1);
    }

    private static byte[] NonFinite()
    {
        IrisCode code = SyntheticRecords.Code(new Random(1), IrisShape.OpenIris12800, sharedMask: true);
        string template = Encoding.UTF8.GetString(IrisTemplates.EncodeOpenIrisJson(code));
        return Encoding.UTF8.GetBytes(
            $"{{\"iris_template\": {template}, \"metadata\": {{\"eye_side\": \"left\", \"sharpness_score\": NaN}}}}");
    }

    /// <summary>
    /// A record that counts no view. One of 2009 would be taken for the draft of 2007, which counts a byte before.
    /// </summary>
    private static byte[] Viewless(TemplateFormat format, byte[] whole, Places at) =>
        format == TemplateFormat.Ansi378v2009 ? With(whole, at.Count - 1, 0, 0) : With(whole, at.Count, 0);

    private static byte[] With(byte[] record, int at, params int[] values)
    {
        byte[] changed = [.. record];
        for (int i = 0; i < values.Length; i++)
        {
            changed[at + i] = (byte)values[i];
        }

        return changed;
    }

    private static Places PlacesOf(TemplateFormat format) => format switch
    {
        TemplateFormat.Iso19794v2005 => new(11, 22, 18, 24, 26, 28),
        TemplateFormat.Ansi378v2004 => new(9, 24, 20, 26, 28, 30),
        TemplateFormat.Iso19794v2011 => new(11, 13, 41, 39, 34, 52),
        TemplateFormat.Ansi378v2009 => new(11, 19, 33, 21, 24, 38),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "where its fields lie is not said"),
    };

    /// <summary>Offsets in a record laid out by hand, of its first view where a view has the field.</summary>
    private sealed record Places(int Length, int Count, int Resolution, int Position, int Quality, int Minutiae);
}

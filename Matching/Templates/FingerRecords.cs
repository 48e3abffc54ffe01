using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Decodes and encodes minutiae records, by one decoder per format. Bytes of unknown origin never throw;
/// what an encoder cannot represent does, because there the caller is wrong.
/// </summary>
public static class FingerRecords
{
    /// <summary>
    /// The record, or the rejection that says where, what was found and what was wanted. A format that holds
    /// no fingers is rejected too.
    /// </summary>
    public static Decoded<FingerRecord> Decode(TemplateFormat format, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limits.FingerTemplateBytes)
        {
            return new Rejection(
                -1, $"a finger template of {bytes.Length} bytes", $"at most {Limits.FingerTemplateBytes}");
        }

        return format switch
        {
            TemplateFormat.Iso19794v2005 => Iso19794v2005.Decode(bytes),
            TemplateFormat.Iso19794v2011 => Iso19794v2011.Decode(bytes),
            TemplateFormat.Ansi378v2004 => Ansi378v2004.Decode(bytes),
            TemplateFormat.Ansi378v2009 => Ansi378v2009.Decode(bytes),
            _ => new Rejection(-1, $"template format {format}", "a format of finger minutiae"),
        };
    }

    /// <summary>
    /// The views as a record of any of the four formats, with what extracted them and their ridge detail. Decoding it
    /// gives the same views, with angles rounded to the format's unit (360/256 or 2 degrees).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The format holds no fingers, or a view holds something that it cannot represent; the message names it.
    /// </exception>
    public static byte[] Encode(TemplateFormat format, IReadOnlyList<FingerView> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        return format switch
        {
            TemplateFormat.Iso19794v2005 => Iso19794v2005.Encode(views),
            TemplateFormat.Iso19794v2011 => Iso19794v2011.Encode(views),
            TemplateFormat.Ansi378v2004 => Ansi378v2004.Encode(views),
            TemplateFormat.Ansi378v2009 => Ansi378v2009.Encode(views),
            _ => throw new ArgumentException(
                $"found template format {format}, wanted a format of finger minutiae", nameof(format)),
        };
    }
}

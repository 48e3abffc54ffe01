using System.Globalization;
using System.Text;

namespace MatchCluster.Matching.Model;

/// <summary>
/// The one rule of identifiers (person, encounter, gallery, transaction, instance): what every door takes, or none.
/// An identifier is plain text that a path, a line of CSV and an examiner's screen can show and name again.
/// </summary>
/// <remarks>
/// After the FreeformClass of RFC 8264 (PRECIS), without its join controls and without any mapping: identifiers are
/// compared code point by code point, so that composed and decomposed letters (NFC, NFD) are two identifiers. Code
/// points that Unicode has not assigned are refused, so that a newer version of Unicode makes more valid and never
/// less. What is refused is written down in docs/records.md.
/// </remarks>
public static class IdRule
{
    /// <summary>
    /// Code points that are not seen though their category is not Format: Default_Ignorable_Code_Point of Unicode,
    /// first and last of each range.
    /// </summary>
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
    ];

    /// <summary>Whether a path takes this text for a step (this folder, the one above) and never for a name.</summary>
    public static bool IsDotSegment(string? text) => text is "." or "..";

    /// <summary>
    /// What is wrong with an identifier, as a sentence that does not repeat it; null where it is valid.
    /// </summary>
    /// <param name="name">Which identifier, for the sentence.</param>
    /// <param name="id">Its text; null and "" are refused.</param>
    public static string? Check(string name, string? id)
    {
        if (CheckLength(name, id) is { } wrong)
        {
            return wrong;
        }

        if (IsDotSegment(id))
        {
            return $"{name}: found '{id}', which a path cannot name; wanted another identifier";
        }

        Rune first = default;
        Rune last = default;
        foreach (Rune rune in id!.EnumerateRunes())
        {
            if (WordFor(rune) is { } found)
            {
                return $"{name}: found U+{rune.Value:X4}, {found}; wanted text that can be seen";
            }

            first = first == default ? rune : first;
            last = rune;
        }

        return Rune.IsWhiteSpace(first) || Rune.IsWhiteSpace(last)
            ? $"{name}: found a blank at its beginning or end, wanted none there" : null;
    }

    /// <summary>
    /// What a record and a frame can hold at all. Nothing is stored under such an identifier any more unless
    /// <see cref="Check"/> takes it too, but an older version may have stored it: it can still be read and deleted.
    /// </summary>
    /// <param name="name">Which identifier, for the sentence.</param>
    /// <param name="id">Its text.</param>
    public static string? CheckHeld(string name, string? id) =>
        CheckLength(name, id) is { } wrong ? wrong
        : StrictUtf8.TryEncode(id!) is null ? $"{name}: found half a pair of UTF-16, wanted whole characters"
        : null;

    private static string? CheckLength(string name, string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return $"{name}: found nothing, wanted an identifier";
        }

        int bytes = Encoding.UTF8.GetByteCount(id);
        return bytes > Limits.IdBytes
            ? $"{name}: found {bytes} bytes, wanted at most {Limits.IdBytes} in UTF-8" : null;
    }

    /// <summary>Why a code point is refused, in a word; null where it is taken.</summary>
    private static string? WordFor(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when rune.IsAscii && !Rune.IsControl(rune) => null,
        _ when rune == Rune.ReplacementChar => "the sign of broken text",
        UnicodeCategory.Control => "a control character",
        UnicodeCategory.Format => "a format character",
        UnicodeCategory.PrivateUse => "a private-use character",
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "a line break",
        _ when Ignorable.Any(range => range.First <= rune.Value && rune.Value <= range.Last) =>
            "a character that is not shown",
        UnicodeCategory.OtherNotAssigned => "a code point that Unicode has not assigned",
        _ => null,
    };
}

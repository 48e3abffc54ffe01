using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace MatchCluster.Matching.Model;

/// <summary>
/// Text as UTF-8 bytes and back without replacement characters: two different identifiers never become the
/// same bytes, which the framework's default encoder would do to half surrogate pairs.
/// </summary>
internal static class StrictUtf8
{
    /// <summary>The bytes of a text, or null where it holds half a surrogate pair.</summary>
    public static byte[]? TryEncode(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        OperationStatus status = Utf8.FromUtf16(text, bytes, out _, out _, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? bytes : null;
    }

    /// <summary>The text of some bytes, or null where they are not UTF-8.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}

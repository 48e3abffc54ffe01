using System.Text;
using MatchCluster.Matching;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Http;

/// <summary>
/// Identifiers are the caller's: any text of bounded length without control characters that is no
/// dot segment of a path. What is stored meets the engine's rules too.
/// </summary>
internal static class Identifiers
{
    /// <summary>
    /// The failure of an identifier, or null. <paramref name="name"/> says which one it is.
    /// </summary>
    public static Failure? Check(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return new Failure(FailureCode.InvalidIdentifier, $"{name}: found nothing, wanted an identifier");
        }

        if (EncounterRules.IsDotSegment(value))
        {
            return new Failure(FailureCode.InvalidIdentifier,
                $"{name}: found '{value}', which a path cannot name; wanted another identifier");
        }

        // Char count first: a megabyte is not encoded only to be counted.
        int bytes = value.Length > Limits.IdBytes ? value.Length : Encoding.UTF8.GetByteCount(value);
        if (bytes > Limits.IdBytes)
        {
            return new Failure(FailureCode.InvalidIdentifier,
                $"{name}: found {bytes} bytes or more, wanted at most {Limits.IdBytes} in UTF-8");
        }

        return value.Any(char.IsControl) || HasLoneSurrogate(value)
            ? new Failure(FailureCode.InvalidIdentifier, $"{name}: found a control character or broken UTF-16")
            : null;
    }

    /// <summary>A gallery an encounter may belong to: ALL is the name of every gallery at once.</summary>
    public static Failure? CheckGalleryToJoin(string name, string? value) =>
        value == Search.AllGalleries
            ? new Failure(FailureCode.InvalidIdentifier,
                $"{name}: '{Search.AllGalleries}' stands for every gallery and cannot be one")
            : Check(name, value);

    private static bool HasLoneSurrogate(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(char.IsHighSurrogate(value[i])
                && i + 1 < value.Length && char.IsLowSurrogate(value[++i])))
            {
                return true;
            }
        }

        return false;
    }
}

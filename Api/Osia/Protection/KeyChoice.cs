using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>Which key a header means.</summary>
internal static class KeyChoice
{
    /// <summary>The key of the id, or the only one of the algorithm where no id is said.</summary>
    /// <param name="keys">Those that it may be.</param>
    /// <param name="kid">The id; null where the header has none.</param>
    /// <param name="algorithm">What is to be computed with it.</param>
    /// <param name="path">The place of the header.</param>
    public static Parsed<PayloadKey> Of(
        IReadOnlyList<PayloadKey> keys, string? kid, string algorithm, string path)
    {
        PayloadKey[] fitting = [.. keys.Where(key => key.Fits(algorithm))];
        if (kid is null)
        {
            return fitting is [var only] ? only
                : JoseHeader.Wrong(path, $"kid: found nothing, and {fitting.Length} keys are for {algorithm}");
        }

        return Array.Find(fitting, key => key.Kid == kid) is { } found ? found
            : JoseHeader.Wrong(path, $"kid: found {JoseHeader.Shown(kid)}, wanted " + (fitting.Length == 0
                ? $"a key for {algorithm}, of which there is none"
                : $"a key for {algorithm}: {string.Join(", ", fitting.Select(key => key.Kid))}"));
    }
}

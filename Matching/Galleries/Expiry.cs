namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Times of expiry as rows and images carry them: whole seconds since 1970-01-01Z, 1 to 2^32 - 1 (the year 2106), 0 for
/// none.
/// </summary>
internal static class Expiry
{
    /// <summary>A time as seconds; one outside the range becomes its end.</summary>
    public static uint Of(DateTimeOffset? time) =>
        time is { } at ? (uint)Math.Clamp(at.ToUnixTimeSeconds(), 1, uint.MaxValue) : 0;
}

namespace MatchCluster.Matching.Model;

/// <summary>
/// Identities of stored records: they begin with the time, so that an index of them grows at its end.
/// </summary>
public static class RecordIds
{
    /// <summary>
    /// A new one. A clock that was never set may say a year before 1970, which such an identity cannot hold: it then
    /// begins with 1970, and is as unique.
    /// </summary>
    public static Guid Next(DateTimeOffset now) =>
        Guid.CreateVersion7(now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now);
}

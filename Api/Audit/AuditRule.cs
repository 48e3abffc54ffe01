namespace MatchCluster.Api.Audit;

/// <summary>
/// What the audit log has of an endpoint, as its metadata. Every endpoint has one: a test refuses a route without it.
/// </summary>
/// <param name="IsRecorded">Whether a use leaves a row.</param>
/// <param name="Reason">Why a use leaves none.</param>
internal sealed record AuditRule(bool IsRecorded, string Reason)
{
    /// <summary>Each call leaves a row; each line of a stream does, where the door notes lines.</summary>
    public static AuditRule Recorded { get; } = new(true, "");

    /// <summary>No call leaves a row, for a reason.</summary>
    public static AuditRule Exempt(string reason) => new(false, reason);
}

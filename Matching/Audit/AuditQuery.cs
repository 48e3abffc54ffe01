using System.Text;

namespace MatchCluster.Matching.Audit;

/// <summary>Which rows of a log are wanted.</summary>
/// <param name="After">Only rows with greater numbers.</param>
public sealed record AuditQuery(long After = 0)
{
    /// <summary>
    /// How far the clocks of front ends and the times of rows beside each other may differ: the search for the first
    /// row of a time begins so much earlier and ends so much later.
    /// </summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private static readonly byte[] EndMember = "\"end\":\""u8.ToArray();

    /// <summary>Only rows about this person; null takes all.</summary>
    public string? Person { get; init; }

    /// <summary>Only rows whose use ended at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only rows whose use ended before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether a row's use ended within the time.</summary>
    internal bool Covers(byte[] json)
    {
        string end = EndOf(json);
        return (From is not { } from || string.CompareOrdinal(end, AuditEntry.Written(from)) >= 0)
            && (To is not { } to || string.CompareOrdinal(end, AuditEntry.Written(to)) < 0);
    }

    /// <summary>
    /// When a row's use ended, as it is written: texts of one length, which sort as times do. Quotes inside of texts
    /// are escaped, so that nothing but the member itself reads like this.
    /// </summary>
    internal static string EndOf(byte[] json)
    {
        int at = json.AsSpan().IndexOf(EndMember);
        int length = at < 0 ? -1 : json.AsSpan(at + EndMember.Length).IndexOf((byte)'"');
        return length < 0 ? "" : Encoding.ASCII.GetString(json, at + EndMember.Length, length);
    }
}

using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Http.Callers;

/// <summary>How long a caller waits: our own header, because OSIA has no word for it.</summary>
internal static class Deadline
{
    public const string Header = "MatchCluster-Deadline-Ms";

    /// <summary>The failure of the header, or null.</summary>
    public static Failure? Check(HttpRequest request) => TryRead(request, out _) ? null
        : Failure.Invalid(
            Header, request.Headers[Header],
            $"whole milliseconds, 1..{(int)Limits.LongestDeadline.TotalMilliseconds}");

    /// <summary>The budget of the call; it also ends when the caller disconnects.</summary>
    public static SearchBudget Budget(this HttpContext http) =>
        SearchBudget.Of(TryRead(http.Request, out TimeSpan time) ? time : Limits.DefaultDeadline, http.RequestAborted);

    private static bool TryRead(HttpRequest request, out TimeSpan time)
    {
        time = Limits.DefaultDeadline;
        string? text = request.Headers[Header];
        if (text is null)
        {
            return true;
        }

        bool read = Numerals.TryReadWhole(text, out int milliseconds);
        time = TimeSpan.FromMilliseconds(milliseconds);
        return read && time > TimeSpan.Zero && time <= Limits.LongestDeadline;
    }
}

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
    public static SearchBudget Budget(this HttpContext http) => SearchBudget.Of(TimeOf(http), http.RequestAborted)
        .For(http.Use()).At(CallerShare.Of(http).At(Priority.Of(http, Priority.Default)));

    /// <summary>The budget of a line of a stream, which waits for the lines before it as long as it takes.</summary>
    /// <param name="http">The call.</param>
    /// <param name="cancel">Ends the stream.</param>
    public static SearchBudget LineBudget(this HttpContext http, CancellationToken cancel) =>
        SearchBudget.Of(Limits.LongestDeadline, cancel)
            .For(http.Use()).At(CallerShare.Of(http).At(Priority.Of(http, Priority.Stream)));

    /// <summary>
    /// What the caller says, and no more than its service level gives. A connection is not held open for longer than
    /// <see cref="Limits.LongestDeadline"/>, whatever the level.
    /// </summary>
    private static TimeSpan TimeOf(HttpContext http)
    {
        bool isStated = http.Request.Headers.ContainsKey(Header) & TryRead(http.Request, out TimeSpan time);
        if (ServiceLevels.Of(http) is not { } level)
        {
            return isStated ? time : Limits.DefaultDeadline;
        }

        TimeSpan most = level.Deadline < Limits.LongestDeadline ? level.Deadline : Limits.LongestDeadline;
        return isStated && time < most ? time : most;
    }

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

namespace MatchCluster.LoadTest.Client;

/// <summary>Whether an answer said what is known to be true of its probe.</summary>
internal enum Verdict
{
    /// <summary>Nothing to judge: an enrolment, an error, or a search that says it is not complete.</summary>
    NotJudged,

    Right,

    /// <summary>The probe's person is enrolled and not at rank 1 of a complete answer.</summary>
    Missed,

    /// <summary>The probe's person is not enrolled and the answer names a candidate.</summary>
    FalseCandidate,
}

/// <summary>How one request ended.</summary>
/// <param name="Status">HTTP status as text, or what stood in its way: timeout, connect, cut-off,
/// unsent.</param>
/// <param name="IsSuccess">A 2xx answer that could be read.</param>
/// <param name="IsPartial">The answer says that it is not complete, or the server answered 503.</param>
/// <param name="Verdict">What a complete answer was worth.</param>
internal readonly record struct Outcome(string Status, bool IsSuccess, bool IsPartial, Verdict Verdict)
{
    public const string Refused = "429";
    public const string Unavailable = "503";
    public const string Unsent = "unsent";
    public const string TimedOut = "timeout";

    /// <summary>The outcome of a request that got no answer.</summary>
    public static Outcome Failed(string status) => new(status, false, false, Verdict.NotJudged);
}

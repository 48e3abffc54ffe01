using MatchCluster.Matching;

namespace MatchCluster.Api.Http;

/// <summary>Limits of the front end, beside the engine's own (<see cref="Limits"/>).</summary>
internal static class ApiLimits
{
    /// <summary>64 samples of 64 KiB in base64 are 5.6 MiB; the rest is room for what callers add.</summary>
    public const int BodyBytes = 16 * 1024 * 1024;

    /// <summary>One line of a stream: the largest encounter the engine holds, in base64.</summary>
    public const int LineBytes = 6 * 1024 * 1024;

    /// <summary>
    /// Lines of an enrolment stream that share one write; larger ones no longer commit faster.
    /// </summary>
    public const int EnrolBatchLines = 500;

    /// <summary>
    /// Bytes of an enrolment stream that share one write: the memory a stream may hold twice.
    /// </summary>
    public const int EnrolBatchBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Searches in the house, running or waiting. More would only wait for longer than their callers do: at
    /// the default deadline of 10 s and two searches at a time, 256 is 80 ms each.
    /// </summary>
    public const int ConcurrentSearches = 256;

    /// <summary>
    /// Work before a search beyond which it is refused: a fifth of the default deadline, so that a search
    /// that is let in is answered in time though the estimate errs.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Names of properties that were not stored and are listed in an answer.</summary>
    public const int NotStoredNames = 64;

    /// <summary>Members of a gallery one page may carry.</summary>
    public const int GalleryPage = 100_000;

    /// <summary>
    /// The body of a job: a few thousand probes of two fingers, or 100,000 references. It is in memory as a whole
    /// when it comes in and while a worker has it.
    /// </summary>
    public const int JobBytes = 32 * 1024 * 1024;

    /// <summary>Lines of a job's body, without empty ones.</summary>
    public const int JobLines = 100_000;

    /// <summary>
    /// Results that a job over lines keeps: some ten kilobytes for each of the most lines. All candidates of
    /// all lines would be tens of gigabytes, and the limits of tasks count what comes in alone.
    /// </summary>
    public const long JobResultBytes = 1L << 30;

    /// <summary>Rows of the audit log one page may carry: some ten megabytes.</summary>
    public const int AuditPage = 10_000;

    /// <summary>
    /// Seconds that a call may wait for a change: below the minute after which proxies give up.
    /// </summary>
    public const int FeedWaitSeconds = 50;

    /// <summary>Calls that wait for a change at once; each looks five times a second.</summary>
    public const int FeedWaiters = 64;

    /// <summary>Days that a pack may be searched at most.</summary>
    public const int PackDays = 366;

    /// <summary>Persons that a pack of a part of a gallery may name.</summary>
    public const int PackPersons = 100_000;

    /// <summary>The longest that a pack may take to be made: 100 million encounters at 30,000 a second.</summary>
    public static readonly TimeSpan PackTime = TimeSpan.FromHours(1);

    /// <summary>The longest that a pack may be on its way; its file is kept until then.</summary>
    public static readonly TimeSpan PackSendTime = TimeSpan.FromHours(2);

    /// <summary>Days that a subscription may last at most; then it is made again.</summary>
    public const int SubscriptionDays = 1826;

    /// <summary>Lowest threshold of a subscription: one enrolment of 1,000 would raise a false alert.</summary>
    public const double LowestAlert = 30;

    /// <summary>Streams of alerts that are open at once.</summary>
    public const int AlertStreams = 256;

    /// <summary>Cases one page may carry.</summary>
    public const int CasePage = 500;

    /// <summary>Members passed over before a page; each partition lists them all again.</summary>
    public const int GalleryOffset = 1_000_000_000;

    /// <summary>Threshold of a verification that brings none: one false match in 10,000.</summary>
    public const double VerifyThreshold = 40;

    /// <summary>Highest threshold that can be asked for; 10^-100 is beyond any calibration.</summary>
    public const double HighestThreshold = 1000;

    /// <summary>Years of birth that are believed.</summary>
    public const int FirstYearOfBirth = 1850;

    /// <summary>Bytes of all drawings in one answer: ten-print cards drawn once are below it.</summary>
    public const int DrawingBytes = 32 * 1024 * 1024;

    /// <summary>Candidates of a search that does not say.</summary>
    public const int DefaultCandidates = 10;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Streams;

/// <summary>One probe of a batch.</summary>
internal sealed record BatchProbe
{
    /// <summary>The caller's id of the probe, repeated in the answer.</summary>
    public required string Id { get; init; }

    public OsiaFilter? Filter { get; init; }

    /// <summary>What is searched with; left out where a person is named.</summary>
    public IReadOnlyList<OsiaBiometricData>? BiometricData { get; init; }

    /// <summary>
    /// In the place of biometricData: the enrolled person whose active encounters are searched with, as the
    /// identification by a reference does.
    /// </summary>
    public string? PersonId { get; init; }

    /// <summary>One encounter of this person; left out, all of its active ones.</summary>
    public string? EncounterId { get; init; }

    public int? MaxNbCand { get; init; }

    public double? Threshold { get; init; }

    /// <summary>The wanted FPIR, as in the filter.</summary>
    [JsonPropertyName("targetFPIR")]
    public double? TargetFpir { get; init; }

    /// <summary>True scores every encounter in full, without a first stage.</summary>
    public bool? Exhaustive { get; init; }

    /// <summary>
    /// True samples irises before they are compared, with a loss that the answer states; where that would not be faster
    /// the search is exact, and the answer states no loss.
    /// </summary>
    public bool? Fast { get; init; }

    /// <summary>True looks for everybody with swapped hands too, at the cost of a second search.</summary>
    public bool? SwappedHands { get; init; }

    /// <summary>True looks for everybody with swapped eyes too, at the cost of a second search.</summary>
    public bool? SwappedEyes { get; init; }

    /// <summary>
    /// "normal" (where nothing is said) or "full": looks for everybody with the fingers turned and the eyes upside down
    /// too, the work of four searches, of eyes alone of two.
    /// </summary>
    public string? Rotation { get; init; }
}

/// <summary>The answer to one probe: either <see cref="Error"/> or all the rest.</summary>
internal sealed record BatchAnswer
{
    /// <summary>The caller's id of the probe; null where the line could not be read so far.</summary>
    public string? Id { get; init; }

    /// <summary>Line of the request, counted from 1.</summary>
    public required long Line { get; init; }

    public LineError? Error { get; init; }

    public bool? Complete { get; init; }

    /// <summary>
    /// False where nobody of the gallery can be compared with the probe; there are no candidates then.
    /// </summary>
    public bool? Compared { get; init; }

    public BatchCoverage? Coverage { get; init; }

    /// <summary>
    /// Identities found at or above the threshold; where the list was cut there may be more.
    /// </summary>
    public long? AboveThreshold { get; init; }

    /// <summary>The case in which people decide about the candidates; null where none was opened.</summary>
    public string? Case { get; init; }

    /// <summary>True where more identities reached the threshold than the list has room for; null elsewhere.</summary>
    public bool? Cut { get; init; }

    /// <summary>Share of the encounters that passed the first stage; null where there was none.</summary>
    public double? Penetration { get; init; }

    /// <summary>
    /// Upper bound, with 95 % confidence, of the share of mated identities that an exhaustive search would find and
    /// this one does not; null where every encounter was scored in full.
    /// </summary>
    public double? Loss { get; init; }

    /// <summary>The best estimate of that share; null where there is no <see cref="Loss"/>.</summary>
    public double? ExpectedLoss { get; init; }

    /// <summary>
    /// What a fast search of irises may miss; null where they were searched exactly, as it does where sampling
    /// would not be faster.
    /// </summary>
    public FastIrises? Fast { get; init; }

    /// <summary>
    /// Degrees by which fingers and eyes were turned to search everybody; null where they were searched as sent alone.
    /// </summary>
    public IReadOnlyList<int>? Turns { get; init; }

    /// <summary>What was read of the probe though its format does not allow it; null where nothing was.</summary>
    public IReadOnlyList<string>? Forgiven { get; init; }

    /// <summary>Items and images of the probe that cannot be compared; null where there were none.</summary>
    public IReadOnlyList<string>? NotUsed { get; init; }

    /// <summary>What was extracted of the probe's images; null where there were none.</summary>
    public IReadOnlyList<ExtractedImage>? Extracted { get; init; }

    /// <summary>What fingers were scored by.</summary>
    public string? Calibration { get; init; }

    public double? Threshold { get; init; }

    public double? Fpir { get; init; }

    public double? ElapsedMs { get; init; }

    /// <summary>How much of the answer was released; null where all of it was.</summary>
    public string? Release { get; init; }

    public IReadOnlyList<OsiaCandidate>? Candidates { get; init; }
}

internal sealed record BatchCoverage(
    int PartitionsAsked, int PartitionsAnswered, long IdentitiesHeld, long IdentitiesSearched,
    IReadOnlyList<string> Missing)
{
    /// <summary>Held identities with a sample that can be compared with one of the probe.</summary>
    public long IdentitiesComparable { get; init; }
}

/// <summary>Why one line has no answer; the codes of <see cref="FailureCode"/>.</summary>
internal sealed record LineError(int Code, string Title, string Detail)
{
    public static LineError Of(Failure failure) => new((int)failure.Code, failure.Code.ToString(), failure.Message);
}

/// <summary>One line of an enrolment stream.</summary>
internal sealed record EnrolLine
{
    public required string PersonId { get; init; }

    /// <summary>
    /// The encounter. Its encounterId makes a repeated stream a conflict, not a second enrolment.
    /// </summary>
    public required OsiaEncounter Encounter { get; init; }

    /// <summary>When it expires, as in RFC 3339; left out where it does not by itself.</summary>
    public string? ExpiresAt { get; init; }
}

/// <summary>One line of the answer: exactly one of error, others, progress and done is set.</summary>
internal sealed record EnrolAnswer
{
    /// <summary>
    /// Number of a line that was not enrolled, or was enrolled with something to say about it.
    /// </summary>
    public long? Line { get; init; }

    /// <summary>The identifier in that line; null where it could not be read or is no identifier.</summary>
    public string? PersonId { get; init; }

    /// <summary>The identifier in that line; null where it could not be read or is no identifier.</summary>
    public string? EncounterId { get; init; }

    public LineError? Error { get; init; }

    /// <summary>What was not stored, was forgiven or cannot be searched in a line that was enrolled.</summary>
    public PersonIdsOthers? Others { get; init; }

    public EnrolCount? Progress { get; init; }

    public EnrolCount? Done { get; init; }
}

/// <summary>
/// How far the stream is. Every line up to <paramref name="Read"/> is settled: it is durable, or its error
/// line was sent before.
/// </summary>
internal readonly record struct EnrolCount(long Read, long Applied, long Refused);

/// <summary>The JSON of the streams, read as strictly as OSIA's.</summary>
[JsonSerializable(typeof(BatchProbe))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(EnrolLine))]
[JsonSerializable(typeof(EnrolAnswer))]
internal sealed partial class StreamJson : JsonSerializerContext
{
    /// <summary>One line, opened where it is protected; or why it cannot be.</summary>
    /// <param name="line">The line's bytes.</param>
    /// <param name="member">The member that has the biometric items; null where it is the line itself.</param>
    /// <param name="options">How the line is read.</param>
    /// <param name="http">The call of the stream.</param>
    /// <param name="notes">Gets what of the protection is not kept.</param>
    /// <param name="cancel">Ends the wait for a thread.</param>
    public static async ValueTask<Parsed<T>> ReadAsync<T>(
        byte[] line, string? member, JsonSerializerOptions options, HttpContext http, NotStored notes,
        CancellationToken cancel)
        where T : class
    {
        if (http.RequestServices.GetService<PayloadReader>() is not { } payloads)
        {
            return Read<T>(line, options);
        }

        Parsed<OpenedBody> opened = await payloads.OpenAsync(
            line, member, http.Caller(), SearchBudget.Of(Limits.LongestDeadline, cancel));
        if (opened.IsFailed)
        {
            return opened.Failure;
        }

        notes.AddIf(opened.Value.HasIntegrity, IntegrityBlock.Name);
        return Read<T>(opened.Value.Content, options);
    }

    private static Parsed<T> Read<T>(byte[] line, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            T? value = JsonSerializer.Deserialize<T>(line, options);
            return value is null ? new Failure(FailureCode.MalformedBody, "found null, wanted an object") : value;
        }
        catch (JsonException malformed)
        {
            return JsonFailures.Of(malformed, isOneLine: true);
        }
    }
}

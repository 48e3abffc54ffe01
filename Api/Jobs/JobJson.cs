using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>A job: what is asked, where it is, and how much is done.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Kind">What it does: deduplicate, batch-identify or accuracy.</param>
/// <param name="GalleryId">The gallery.</param>
/// <param name="State">waiting, running, paused, cancelled, done or failed.</param>
/// <param name="Created">When it was accepted.</param>
/// <param name="Changed">When its state changed last.</param>
/// <param name="Threshold">Score from which a pair is reported, -10 log10 FMR; left out before it has begun.</param>
/// <param name="Exhaustive">Whether every pair is scored in full.</param>
/// <param name="Persons">Persons that were compared with those after them.</param>
/// <param name="PersonsTotal">Persons of the gallery when it began.</param>
/// <param name="Pairs">Pairs of persons that were compared.</param>
/// <param name="PairsTotal">Pairs of the persons that there were when it began.</param>
/// <param name="PairsFound">Pairs at or above the threshold.</param>
/// <param name="Seconds">Seconds that it has run, whoever ran it.</param>
/// <param name="PairsPerSecond">Pairs compared in one of these seconds.</param>
/// <param name="SecondsLeft">Seconds that the rest takes at this rate; left out where nobody knows.</param>
/// <param name="WithoutSamples">Persons without a sample that can be compared.</param>
/// <param name="CutLists">Persons with more pairs than one list holds: some of theirs are missing.</param>
/// <param name="Unreadable">Persons whose records cannot be read; nothing was compared with them.</param>
/// <param name="StateAtStart">The gallery's state hash when it began.</param>
/// <param name="StateAtEnd">The gallery's state hash when it ended.</param>
/// <param name="ChangedDuring">
/// Persons stored or changed while it ran, each of which was compared with everybody after the walk.
/// </param>
/// <param name="Reason">Why it failed or waits.</param>
internal sealed record JobAnswer(
    string JobId, string Kind, string GalleryId, string State, DateTimeOffset Created, DateTimeOffset Changed,
    double? Threshold, bool Exhaustive, long Persons, long PersonsTotal, long Pairs, long PairsTotal,
    long PairsFound, double Seconds, double PairsPerSecond, double? SecondsLeft, long WithoutSamples, long CutLists,
    long Unreadable, string? StateAtStart, string? StateAtEnd, long ChangedDuring, string? Reason)
{
    /// <summary>How far a job over lines is; left out of other jobs.</summary>
    public JobLines? Lines { get; init; }
}

/// <summary>Lines of a job; all but the total and the rate add up to those that are done.</summary>
/// <param name="Total">Lines of the body without empty ones.</param>
/// <param name="Done">Lines that are done.</param>
/// <param name="WithCandidates">A complete search found somebody.</param>
/// <param name="WithoutCandidates">A complete search found nobody.</param>
/// <param name="NotCompared">Nobody of the gallery can be compared with the probe.</param>
/// <param name="Incomplete">A part of the gallery could not be searched, also after a while.</param>
/// <param name="Refused">It was not searched: the line is wrong, or not allowed.</param>
/// <param name="Errors">Refused lines by the name of the failure.</param>
/// <param name="PerSecond">Lines done in a second.</param>
internal sealed record JobLines(
    long Total, long Done, long WithCandidates, long WithoutCandidates, long NotCompared, long Incomplete, long Refused,
    IReadOnlyDictionary<string, long> Errors, double PerSecond);

/// <summary>Jobs in the order of their acceptance.</summary>
/// <param name="Jobs">The jobs.</param>
internal sealed record JobPage(IReadOnlyList<JobAnswer> Jobs);

/// <summary>Persons that are one, as far as the pairs say.</summary>
/// <param name="Persons">Their ids.</param>
/// <param name="Links">The evidence.</param>
internal sealed record JobGroup(IReadOnlyList<string> Persons, IReadOnlyList<JobLink> Links);

/// <param name="PersonId">One of them.</param>
/// <param name="OtherId">The other.</param>
/// <param name="Score">Fused score, -10 log10 FMR; left out where the agreement releases none.</param>
/// <param name="Encounters">The encounters of the one whose samples were the probe.</param>
/// <param name="Samples">The best comparison of each sample.</param>
internal sealed record JobLink(
    string PersonId, string OtherId, double? Score, IReadOnlyList<string>? Encounters,
    IReadOnlyList<JobSample>? Samples);

/// <param name="EncounterId">The other person's encounter.</param>
/// <param name="ProbePosition">Code of the sample's place (ISO/IEC 19794).</param>
/// <param name="GalleryPosition">Code of the place that it was compared with.</param>
/// <param name="Score">-10 log10 FMR of this comparison alone.</param>
internal sealed record JobSample(string EncounterId, int ProbePosition, int GalleryPosition, double Score);

/// <summary>What a job notes for whoever goes on after it.</summary>
internal sealed record JobNotes
{
    public string GalleryId { get; init; } = "";

    public bool Exhaustive { get; init; }

    public double? Threshold { get; init; }

    /// <summary>How much the agreement releases of it; of lines the most that any answer was made with.</summary>
    public ReleaseProfile Release { get; init; }

    /// <summary>The purpose that it was allowed for last; null where nothing was asked.</summary>
    public string? Purpose { get; init; }

    /// <summary>The agreement that allowed it last; null where none did.</summary>
    public string? Agreement { get; init; }

    /// <summary>With what allows it.</summary>
    public JobNotes AllowedBy(UseDecision decision) => this with
    {
        Purpose = decision.Purpose,
        Agreement = decision.Agreement?.Id,
        Release = Lines is { Done: > 0 } && Release > decision.Release ? Release : decision.Release,
    };

    public DateTimeOffset? Began { get; init; }

    public DuplicateCursor Cursor { get; init; } = DuplicateCursor.Start;

    public long Persons { get; init; }

    public long PersonsTotal { get; init; }

    public long Pairs { get; init; }

    public long Found { get; init; }

    public double Seconds { get; init; }

    public long WithoutSamples { get; init; }

    public long Cut { get; init; }

    public long Unreadable { get; init; }

    public string? StateAtStart { get; init; }

    public string? StateAtEnd { get; init; }

    public long ChangedDuring { get; init; }

    public string? Reason { get; init; }

    /// <summary>The fewest candidates beside the probe's own record that a search looked at.</summary>
    public int? Places { get; init; }

    /// <summary>How far a job over lines is; null of other jobs.</summary>
    public LineNotes? Lines { get; init; }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, JobJson.Default.JobNotes);

    public static JobNotes Decode(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? new JobNotes()
        : JsonSerializer.Deserialize(bytes, JobJson.Default.JobNotes) ?? throw new JsonException("found null");

    /// <summary>What was noted; nothing where nobody can read it.</summary>
    public static JobNotes Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Decode(bytes);
        }
        catch (JsonException)
        {
            return new JobNotes();
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(JobGroup))]
[JsonSerializable(typeof(JobLink))]
[JsonSerializable(typeof(JobCall))]
[JsonSerializable(typeof(JobNotes))]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(AccuracyFigures))]
internal sealed partial class JobJson : JsonSerializerContext;

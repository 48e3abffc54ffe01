using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>What a caller asks: one probe against one gallery.</summary>
public sealed record IdentifyRequest
{
    public required Probe Probe { get; init; }

    /// <summary>A gallery name, or <see cref="Search.AllGalleries"/>.</summary>
    public required string Gallery { get; init; }

    /// <summary>Most candidates of the answer, 1..<see cref="Limits.CandidatesPerSearch"/>.</summary>
    public int MaxCandidates { get; init; } = 10;

    /// <summary>Lowest score of a candidate; null takes it from <see cref="TargetFpir"/> and the gallery.</summary>
    public double? Threshold { get; init; }

    /// <summary>The FPIR that makes the threshold where none is given.</summary>
    public double TargetFpir { get; init; } = 0.01;

    /// <summary>No candidate has a lower score, whatever the threshold that follows from the FPIR is.</summary>
    public double MinThreshold { get; init; }

    public SearchFilter Filter { get; init; } = SearchFilter.None;

    /// <summary>Score every encounter in full, without a first stage: see <see cref="Search.Exhaustive"/>.</summary>
    public bool Exhaustive { get; init; }

    /// <summary>Search irises by a sample first: see <see cref="Search.FastIrises"/>.</summary>
    public bool FastIrises { get; init; }

    /// <summary>
    /// Look for everybody with swapped hands too, at the cost of a second search. Without it, only those are
    /// compared with swapped hands who are good candidates by something else: see docs/fingers.md.
    /// </summary>
    public bool SwappedHands { get; init; }

    /// <summary>
    /// Look for everybody with the labels of the eyes swapped too, at the cost of a second search; at full rotation of
    /// a third one. Without it only finalists are, as for hands: see docs/iris.md.
    /// </summary>
    public bool SwappedEyes { get; init; }

    /// <summary>At which turns of fingers and eyes everybody is searched.</summary>
    public Rotation Rotation { get; init; }
}

/// <summary>What was searched; the identity that must hold is in <see cref="IsComplete"/>.</summary>
public sealed record Coverage
{
    public required int PartitionsAsked { get; init; }

    /// <summary>Partitions whose answer was complete.</summary>
    public required int PartitionsAnswered { get; init; }

    /// <summary>
    /// Identities of the gallery that was asked for: with an active encounter in it that the filter lets pass. What a
    /// partition holds that did not answer is what it last said.
    /// </summary>
    public required long IdentitiesHeld { get; init; }

    /// <summary>Held identities that were looked at.</summary>
    public required long IdentitiesSearched { get; init; }

    /// <summary>
    /// Held identities with a sample that can be compared with one of the probe: the N of threshold and FPIR.
    /// </summary>
    public required long IdentitiesComparable { get; init; }

    /// <summary>Whether there was anybody to compare with; if not, an empty list does not say "no candidate".</summary>
    public bool HasCompared => IdentitiesComparable > 0;

    /// <summary>Why it is not complete, one sentence per cause.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>When asking again may help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsComplete => PartitionsAnswered == PartitionsAsked && IdentitiesSearched == IdentitiesHeld;
}

/// <summary>The answer to one <see cref="IdentifyRequest"/>.</summary>
public sealed record IdentifyAnswer
{
    private readonly bool? isCut;
    private readonly StageLoss? loss;

    /// <summary>Set where there is no answer (unknown gallery, every queue full); nothing else is then.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What allowed the search, or did not.</summary>
    public UseDecision Permission { get; init; } = UseDecision.Unlimited;

    public required Coverage Coverage { get; init; }

    /// <summary>What fingers were scored by.</summary>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Default;

    /// <summary>
    /// What the gallery held, of the very snapshots that were searched; null where a partition did not answer or does
    /// not say, and where it changed between two looks at it.
    /// </summary>
    public GalleryState? State { get; init; }

    /// <summary>The gallery that was asked for.</summary>
    public string Gallery { get; init; } = Search.AllGalleries;

    /// <summary>The threshold that was applied.</summary>
    public double Threshold { get; init; }

    /// <summary>FPIR at the threshold for the identities that can be compared.</summary>
    public double FpirAtThreshold { get; init; }

    /// <summary>
    /// The candidates, the best first. An empty list means "no candidate" only where the coverage is complete
    /// and somebody was compared.
    /// </summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>
    /// Identities found at or above the threshold. Where they are more than the candidates, the list was cut, and they
    /// may be more than this number: once a list is full, identities that cannot enter it are not looked at
    /// closely. Null where the number is not released.
    /// </summary>
    public long? AboveThreshold { get; init; }

    /// <summary>
    /// Whether more identities reached the threshold than the list has room for; null where that is not released.
    /// </summary>
    public bool? IsCut
    {
        get => isCut ?? (AboveThreshold is { } above ? above > Candidates.Count : null);
        init => isCut = value;
    }

    /// <summary>The case that was opened for the candidates; null where none was.</summary>
    public string? CaseId { get; init; }

    /// <summary>Whom the search found, for its record; nothing of it leaves.</summary>
    public FoundPersons Found { get; init; } = FoundPersons.Nobody;

    public long Comparisons { get; init; }

    /// <summary>What the first stage passed on; null where every encounter was scored in full.</summary>
    public FirstStage? FirstStage { get; init; }

    /// <summary>
    /// What a fast search of irises may miss; null where irises were searched exactly, as a fast search does where a
    /// sample would not make it faster, or not at all.
    /// </summary>
    public FastIrises? Fast { get; init; }

    /// <summary>
    /// Degrees by which fingers and eyes were turned to search everybody, counter-clockwise; null where they were
    /// searched as sent alone. Eyes are turned by 180 degrees only.
    /// </summary>
    public IReadOnlyList<int>? Turns { get; init; }

    /// <summary>
    /// Share of the encounters in question that was scored in full; null where that is not released.
    /// </summary>
    public double? Penetration =>
        Permission.Release == ReleaseProfile.Full ? FirstStage?.Penetration ?? 1 : null;

    /// <summary>
    /// The share of mated identities, of those that an exhaustive search finds, that this one may lose; null where
    /// every encounter was scored in full.
    /// </summary>
    public StageLoss? Loss
    {
        get => loss ?? FirstStage?.Loss;
        init => loss = value;
    }

    /// <summary>How long the search took; null where that is not released.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>
    /// The part of <see cref="Elapsed"/> at the end in which the search only waited for partitions that then
    /// were not searched: a silo that is silent, for example.
    /// </summary>
    public TimeSpan WaitedInVain { get; init; }

    /// <summary>Whether anything was looked at.</summary>
    public bool HasSearched => Coverage.IsComplete || Coverage.IdentitiesSearched > 0;
}

/// <summary>
/// An identity an examiner should look at: a candidate, never a match. A person decides.
/// </summary>
/// <param name="Rank">1 is the best.</param>
/// <param name="PersonId">
/// The identity; what <see cref="AnswerRelease"/> puts in its place where ids are not released.
/// </param>
/// <param name="Score">Fused score, -10 log10 FMR; 0 where scores are not released.</param>
/// <param name="Fpir">
/// FPIR at this score for the identities that can be compared; null where scores are not released.
/// </param>
/// <param name="Details">The best comparison of each probe sample; none where they are not released.</param>
public sealed record Candidate(
    int Rank, string PersonId, double Score, double? Fpir, IReadOnlyList<HitDetail> Details)
{
    /// <summary>Whether a finger agreed with another one than its label says.</summary>
    public bool AreFingersSwapped => Details.Any(detail => detail.IsSwapped && !detail.IsEye);

    /// <summary>Whether a finger agreed only after it was turned.</summary>
    public bool AreFingersTurned => Details.Any(detail => detail.Turn is not null && !detail.IsEye);

    /// <summary>Whether an eye agreed with the other one than its label says.</summary>
    public bool AreEyesSwapped => Details.Any(detail => detail.IsSwapped && detail.IsEye);

    /// <summary>Whether an eye agreed only upside down.</summary>
    public bool AreEyesTurned => Details.Any(detail => detail.Turn is not null && detail.IsEye);

    /// <summary>Whether one eye agreed and the other one clearly did not.</summary>
    public bool DoEyesDisagree => EyesDisagree.In(Details);
}

/// <summary>The answer to a one-to-one comparison.</summary>
public sealed record VerifyAnswer
{
    public Refusal? Refusal { get; init; }

    public Outage? Outage { get; init; }

    /// <summary>What allowed the comparison, or did not.</summary>
    public UseDecision Permission { get; init; } = UseDecision.Unlimited;

    /// <summary>
    /// Whether a sample of the probe was compared with one of the person. Where none was there is no decision:
    /// "not comparable" is not "different".
    /// </summary>
    public bool HasCompared { get; init; }

    /// <summary>True where the score reaches the threshold.</summary>
    public bool Decision { get; init; }

    /// <summary>Fused score, -10 log10 FMR; 0 where scores are not released.</summary>
    public double Score { get; init; }

    public double Threshold { get; init; }

    /// <summary>The best comparison of each probe sample; none where they are not released.</summary>
    public IReadOnlyList<HitDetail> Details { get; init; } = [];

    /// <summary>The answer of a scan that looked at one person: no hit is a score of 0.</summary>
    internal static VerifyAnswer Of(IReadOnlyList<Hit> hits, SearchCount? count, double threshold)
    {
        Hit? hit = hits.Count == 0 ? null : hits[0];
        return new VerifyAnswer
        {
            HasCompared = hit is not null || count is { Comparable: > 0 },
            Decision = hit is not null && hit.Score >= threshold,
            Score = hit?.Score ?? 0,
            Threshold = threshold,
            Details = hit?.Details ?? [],
        };
    }
}

using System.Text.Json.Serialization;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>OSIA's Candidate.</summary>
internal sealed record OsiaCandidate
{
    /// <summary>The identity; an opaque id or reference where <see cref="CandidateOthers.Release"/> says so.</summary>
    public required string PersonId { get; init; }

    /// <summary>1 is the best.</summary>
    public required int Rank { get; init; }

    /// <summary>
    /// -10 log10 FMR, fused over every sample; 0, which no candidate has, where scores are not released.
    /// </summary>
    public required double Score { get; init; }

    public required IReadOnlyList<OsiaScoreDetail> Scores { get; init; }

    public required CandidateOthers Others { get; init; }
}

/// <summary>What OSIA has no word for; every candidate carries what its search looked at.</summary>
internal sealed record CandidateOthers
{
    /// <summary>
    /// Chance that a search for somebody who is not enrolled returns a candidate this good; null where scores are not
    /// released.
    /// </summary>
    public required double? Fpir { get; init; }

    public required double Threshold { get; init; }

    /// <summary>False where a part of the gallery was not searched.</summary>
    public required bool Complete { get; init; }

    public required int PartitionsAsked { get; init; }

    public required int PartitionsAnswered { get; init; }

    /// <summary>Identities with an active encounter in the gallery that the filter lets pass.</summary>
    public required long IdentitiesHeld { get; init; }

    /// <summary>Held identities that were looked at.</summary>
    public required long IdentitiesSearched { get; init; }

    /// <summary>
    /// Held identities with a sample that can be compared with one of the probe: threshold and FPIR are for
    /// this number.
    /// </summary>
    public required long IdentitiesComparable { get; init; }

    /// <summary>
    /// Identities found at or above the threshold; where the list was cut there may be more. Null where their number is
    /// not released.
    /// </summary>
    public required long? AboveThreshold { get; init; }

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

    /// <summary>What a fast search of irises may miss; null where they were searched exactly.</summary>
    public FastIrises? Fast { get; init; }

    /// <summary>
    /// True where a finger agreed with a finger of another label (swapped hands or fingers); null where none
    /// did.
    /// </summary>
    public bool? SwappedFingers { get; init; }

    /// <summary>
    /// Degrees by which fingers and eyes were turned to search everybody; null where they were searched as sent alone.
    /// </summary>
    public IReadOnlyList<int>? Turns { get; init; }

    /// <summary>True where a finger agreed only after it was turned; null where none did.</summary>
    public bool? TurnedFingers { get; init; }

    /// <summary>True where an eye agreed with the other one than its label says; null where none did.</summary>
    public bool? SwappedEyes { get; init; }

    /// <summary>True where an eye agreed only upside down; null where none did.</summary>
    public bool? TurnedEyes { get; init; }

    /// <summary>
    /// True where one eye agreed (a score of 40 or more) and the other one clearly did not (below 10); null elsewhere.
    /// </summary>
    public bool? EyesDisagree { get; init; }

    /// <summary>What was read of the probe though its format does not allow it; null where nothing was.</summary>
    public IReadOnlyList<string>? Forgiven { get; init; }

    public required string Engine { get; init; }

    /// <summary>What fingers were scored by.</summary>
    public required string Calibration { get; init; }

    /// <summary>"required": this is a candidate; a person decides.</summary>
    public required string Adjudication { get; init; }

    /// <summary>How much of the answer was released; null where all of it was.</summary>
    public string? Release { get; init; }

    /// <summary>The case in which people decide; null where no agreements are kept.</summary>
    public string? Case { get; init; }
}

/// <summary>OSIA's ScoreDetail: the best comparison of one sample of the probe.</summary>
internal sealed record OsiaScoreDetail
{
    public required double Score { get; init; }

    public string? EncounterId { get; init; }

    /// <summary>The searched galleries that the encounter is in.</summary>
    public IReadOnlyList<string>? Galleries { get; init; }

    public BiometricType? BiometricType { get; init; }

    public BiometricSubType? BiometricSubType { get; init; }

    public ScoreOthers? Others { get; init; }
}

/// <param name="ProbeSubType">Where the probe's sample is from.</param>
/// <param name="Raw">Fingers: similarity 0..1. Irises: fractional Hamming distance 0..1.</param>
/// <param name="Normalised">Irises: the distance normalised by valid bits.</param>
/// <param name="ValidBits">Irises: bits compared.</param>
/// <param name="Rotation">Irises: columns the probe was turned by, after <paramref name="Turned"/>.</param>
/// <param name="Turned">
/// Degrees counter-clockwise by which the probe was turned before it agreed, 90, 180 or 270, an eye 180; null as sent.
/// </param>
/// <param name="Calibration">
/// The name of the calibration that gave the score; it depends on what extracted or encoded both sides.
/// </param>
/// <param name="Swapped">True where the sample agreed with one of another label; null elsewhere.</param>
/// <param name="Disagrees">True of an eye that clearly does not agree while the other one does; null elsewhere.</param>
internal sealed record ScoreOthers(
    BiometricSubType ProbeSubType, double Raw, double? Normalised, int? ValidBits, int? Rotation, int? Turned,
    string? Calibration, bool? Swapped, bool? Disagrees);

/// <summary>The answer of both verifications.</summary>
internal sealed record OsiaVerifyAnswer(bool Decision, IReadOnlyList<OsiaScoreDetail> Scores);

/// <summary>OSIA's PersonIds.</summary>
internal sealed record OsiaPersonIds(string PersonId, string EncounterId);

/// <summary>OSIA's ExtendablePersonIds.</summary>
internal sealed record OsiaExtendablePersonIds(string PersonId, string EncounterId, PersonIdsOthers? Others);

/// <summary>What is said beside the ids; of each list null where there is nothing.</summary>
/// <param name="NotStored">Names of properties and items that were sent and not kept; never their values.</param>
/// <param name="Forgiven">Item by item, what was read though its format does not allow it (docs/records.md).</param>
/// <param name="Kept">Names of properties that were not sent again and are kept as they were stored.</param>
/// <param name="NotSearchable">Samples that are stored and that no search can find, with the reason.</param>
/// <param name="Extracted">What was extracted of each image.</param>
/// <param name="Opaque">Items of types that are not compared, which are stored as they came, with their types.</param>
internal sealed record PersonIdsOthers(
    IReadOnlyList<string>? NotStored, IReadOnlyList<string>? Forgiven, IReadOnlyList<string>? Kept,
    IReadOnlyList<string>? NotSearchable, IReadOnlyList<ExtractedImage>? Extracted,
    IReadOnlyList<string>? Opaque = null);

/// <summary>A template that was made of an image.</summary>
/// <param name="Item">The item's place in the body.</param>
/// <param name="BiometricSubType">The finger or eye.</param>
/// <param name="Quality">0 (nothing to see) to 100.</param>
/// <param name="Features">Minutiae of a finger, valid bits of an eye.</param>
/// <param name="Notes">What was assumed or changed, and why the image is poor; null where there is nothing.</param>
/// <param name="Box">Where the finger lies in an image of several; null for others.</param>
internal sealed record ExtractedImage(
    string Item, BiometricSubType BiometricSubType, int Quality, int Features, IReadOnlyList<string>? Notes,
    ExtractedBox? Box)
{
    private const char AfterCode = ':';

    /// <summary>True where the picture is stored too, encrypted, because every gallery keeps pictures.</summary>
    public bool? PictureKept { get; init; }

    /// <summary>Whether its image gave other templates too; a header then says which finger or eye it is.</summary>
    [JsonIgnore]
    public bool IsOfSeveral { get; init; }

    /// <summary>The image in a header: codes of the notes, and not their sentences.</summary>
    [JsonIgnore]
    public string InHeader =>
        Item + (!IsOfSeveral ? "" : $"; {EnumWords<BiometricSubType>.Of(BiometricSubType)}")
        + $"; quality={Quality}; features={Features}"
        + string.Concat((Notes ?? []).Select(note => note.Split(AfterCode)[0]).Distinct().Select(code => $"; {code}"));
}

/// <summary>Where a finger lies in an image of several.</summary>
/// <param name="Corners">
/// Four corners, each as pixels from the left and from the top: left and right at the tip, right and left at the joint.
/// </param>
/// <param name="Degrees">How far the finger leans to the right of upright.</param>
internal sealed record ExtractedBox(IReadOnlyList<IReadOnlyList<int>> Corners, double Degrees)
{
    public static ExtractedBox? Of(FingerBox? box) => box is null ? null : new(
        [.. box.Corners.Select(IReadOnlyList<int> (corner) => [(int)Math.Round(corner.X), (int)Math.Round(corner.Y)])],
        Math.Round(box.Degrees, 1));
}

/// <summary>OSIA's BiometricComputedData.</summary>
internal sealed record OsiaComputedData
{
    public required BiometricType BiometricType { get; init; }

    public BiometricSubType? BiometricSubType { get; init; }

    public string? Instance { get; init; }

    [JsonConverter(typeof(Base64Converter))]
    public required byte[] Template { get; init; }

    public string? TemplateFormat { get; init; }

    public long? Quality { get; init; }
}

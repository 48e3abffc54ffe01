using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Osia.Writing;

/// <summary>The engine's answers in OSIA's words.</summary>
internal static class AnswerWriter
{
    private const string AdjudicationRequired = "required";

    /// <param name="answer">The engine's.</param>
    /// <param name="forgiven">What was forgiven in the probe; null where nothing was.</param>
    public static IReadOnlyList<OsiaCandidate> Candidates(
        IdentifyAnswer answer, IReadOnlyList<string>? forgiven = null) =>
        [.. answer.Candidates.Select(candidate => Of(candidate, answer, forgiven))];

    /// <param name="details">The engine's.</param>
    /// <param name="calibration">What fingers were scored by.</param>
    public static IReadOnlyList<OsiaScoreDetail> Details(
        IReadOnlyList<HitDetail> details, ScoreCalibration calibration) =>
        [.. details.Select(detail => Of(detail, calibration, EyesDisagree.IsDiffering(detail, details)))];

    /// <summary>
    /// The answer to a comparison. OSIA has a score beside each comparison alone: where scores are released and
    /// comparisons are not, the fused score stands there without saying what was compared.
    /// </summary>
    public static OsiaVerifyAnswer Of(VerifyAnswer answer, ScoreCalibration calibration) => new(
        answer.Decision,
        answer.Permission.Release == ReleaseProfile.Scores
            ? [new OsiaScoreDetail { Score = answer.Score }] : Details(answer.Details, calibration));

    /// <summary>The profile of an answer that is not whole; null of one that is.</summary>
    public static string? ReleaseOf(UseDecision permission) =>
        permission.Release == ReleaseProfile.Full ? null : ReleaseWords.Of(permission.Release);

    public static OsiaEncounter Of(Encounter encounter) => new()
    {
        Status = encounter.Status == EncounterStatus.Active ? StatusWord.Active : StatusWord.Inactive,
        EncounterId = encounter.EncounterId,
        EncounterType = encounter.EncounterType,
        CreatedDate = encounter.Created,
        UpdatedDate = encounter.Updated,
        Galleries = encounter.Galleries,
        ClientData = encounter.ClientData.IsEmpty ? null : encounter.ClientData.ToArray(),
        BiographicData = BiographicBins.Of(encounter),
        BiometricData =
        [
            .. encounter.Samples.Select((sample, i) => (Of(sample, encounter.EncounterId) with
            {
                Missing = MissingParts.Of(encounter.Missing, i),
            }).WithPicture(encounter, i)),
            .. PictureWriter.OfSeveral(encounter),
            .. PictureWriter.OpaqueOf(encounter),
            .. encounter.Missing.Where(item => item.Sample is null)
                .Select(item => MissingParts.ItemOf(item, encounter.EncounterId)),
        ],
    };

    private static OsiaCandidate Of(Candidate candidate, IdentifyAnswer answer, IReadOnlyList<string>? said) => new()
    {
        PersonId = candidate.PersonId,
        Rank = candidate.Rank,
        Score = candidate.Score,
        Scores = Details(candidate.Details, answer.Calibration),
        Others = new CandidateOthers
        {
            Fpir = candidate.Fpir,
            Threshold = answer.Threshold,
            Complete = answer.Coverage.IsComplete,
            PartitionsAsked = answer.Coverage.PartitionsAsked,
            PartitionsAnswered = answer.Coverage.PartitionsAnswered,
            IdentitiesHeld = answer.Coverage.IdentitiesHeld,
            IdentitiesSearched = answer.Coverage.IdentitiesSearched,
            IdentitiesComparable = answer.Coverage.IdentitiesComparable,
            AboveThreshold = answer.AboveThreshold,
            Cut = answer.IsCut == true ? true : null,
            Penetration = answer.FirstStage is { Comparisons: > 0 } ? answer.Penetration : null,
            Loss = answer.Loss?.AtMost,
            ExpectedLoss = answer.Loss?.Expected,
            Fast = answer.Fast,
            SwappedFingers = candidate.AreFingersSwapped ? true : null,
            Turns = answer.Turns,
            TurnedFingers = candidate.AreFingersTurned ? true : null,
            SwappedEyes = candidate.AreEyesSwapped ? true : null,
            TurnedEyes = candidate.AreEyesTurned ? true : null,
            EyesDisagree = candidate.DoEyesDisagree ? true : null,
            Forgiven = said,
            Engine = EngineVersion.Text,
            Calibration = answer.Calibration.Id,
            Adjudication = AdjudicationRequired,
            Release = ReleaseOf(answer.Permission),
            Case = answer.CaseId,
        },
    };

    private static OsiaScoreDetail Of(HitDetail detail, ScoreCalibration calibration, bool disagrees) => new()
    {
        Score = detail.Score,
        EncounterId = detail.EncounterId.Length == 0 ? null : detail.EncounterId,
        Galleries = detail.Galleries,
        BiometricType = Positions.TypeOf(detail.GalleryPosition.Modality),
        BiometricSubType = Positions.SubTypeOf(detail.GalleryPosition),
        Others = new ScoreOthers(
            Positions.SubTypeOf(detail.ProbePosition), detail.Raw, detail.Normalised, detail.ValidBits,
            detail.Rotation, detail.Turn,
            detail.Normalised is null ? calibration.NameOf(detail.Extractor)
                : IrisCalibration.NameOf(detail.Encoder),
            detail.IsSwapped ? true : null, disagrees ? true : null),
    };

    private static OsiaBiometricData Of(Sample sample, string encounterId) => new()
    {
        BiometricType = Positions.TypeOf(sample.Position.Modality),
        BiometricSubType = Positions.SubTypeOf(sample.Position),
        Instance = sample.Instance,
        EncounterId = encounterId,
        Template = sample.Template.ToArray(),
        TemplateFormat = TemplateFormats.NameOf(sample.Format),
        Quality = sample.Quality,
    };
}

using System.Globalization;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Compares a probe with samples that are not enrolled: they become the one person of a gallery of one, and the scan
/// of a search scores it, so that the score is the one a search would give. Nothing is stored; the details name no
/// encounter. CPU work on the caller's thread, which should be one of the engine's (<see cref="EngineCalls"/>).
/// </summary>
public static class PairComparison
{
    private const string Gallery = "pair";

    /// <summary>
    /// The comparison, or the rejection that names the sample by its index; an outage where the budget ended first.
    /// </summary>
    /// <param name="probe">Prepared samples of one side.</param>
    /// <param name="reference">Samples of the other side.</param>
    /// <param name="threshold">Score (-10 log10 FMR) from which the decision is true.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
    public static Decoded<VerifyAnswer> Compare(
        Probe probe, IReadOnlyList<Sample> reference, double threshold, SearchBudget budget,
        ScoreCalibration? calibration = null) => Compare(probe, [reference], threshold, budget, calibration);

    /// <summary>
    /// The comparison with several encounters of one person, as a search of the person would make it.
    /// </summary>
    /// <param name="probe">Prepared samples of one side.</param>
    /// <param name="encounters">Samples of each encounter.</param>
    /// <param name="threshold">Score (-10 log10 FMR) from which the decision is true.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
    public static Decoded<VerifyAnswer> Compare(
        Probe probe, IReadOnlyList<IReadOnlyList<Sample>> encounters, double threshold, SearchBudget budget,
        ScoreCalibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(encounters);
        ComparisonBudget comparing = new(budget, Limits.ComparisonsPerVerification);
        Encounter person = new()
        {
            PersonId = "reference",
            EncounterId = "",
            RecordId = Guid.Empty,
            Status = EncounterStatus.Active,
            EncounterType = "comparison",
            Galleries = [Gallery],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            Samples = [],
        };
        GalleryTable table = new(MemoryBudget.Unlimited);
        for (int i = 0; i < encounters.Count; i++)
        {
            Decoded<EncounterRows> rows = EncounterRows.Build(encounters[i]);
            if (!rows.IsAccepted)
            {
                return rows.Rejection;
            }

            Encounter one = person with { EncounterId = i == 0 ? "" : i.ToString(CultureInfo.InvariantCulture) };
            table.Apply([new TableChange(one.PersonId, one.EncounterId, one, rows.Value)]);
        }

        Search search = new()
        {
            Probe = probe,
            Gallery = Gallery,
            Threshold = 0,
            MaxCandidates = 1,
            OnlyPerson = person.PersonId,
        };
        (GallerySnapshot picture, SlotRef[] slots) = table.PictureOf(person.PersonId);
        SearchScan scan = new(search, picture, comparing, calibration);
        FingerScratch scratch = new();
        foreach (SlotRef slot in slots)
        {
            scan.Visit(slot, scratch);
        }

        IReadOnlyList<Hit> hits = scan.Finish(scratch);
        if (comparing.IsSpent && comparing.IsTooMany)
        {
            return new Rejection(
                -1, "more samples than two sides are compared with each other",
                $"at most {Limits.ComparisonsPerVerification} comparisons");
        }

        return comparing.IsSpent
            ? new VerifyAnswer { Outage = new Outage("the deadline passed before all was compared", MayRetry: true) }
            : VerifyAnswer.Of(
                hits, GalleryCensus.OfPerson(search, scan.Sight, slots, hits.Count), threshold);
    }
}

using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Compares those of a batch that nobody has enrolled yet among themselves, each with those before it: they become a
/// small gallery, and the scan of a search scores it in full, so that the scores are those that a search would give
/// once they are enrolled. CPU work on the caller's thread, which should be one of the engine's.
/// </summary>
public sealed class BatchTwins
{
    private const string Gallery = "batch";

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);
    private readonly IReadOnlyList<Probe> probes;
    private readonly ScoreCalibration? calibration;

    private BatchTwins(IReadOnlyList<Probe> probes, ScoreCalibration? calibration) =>
        (this.probes, this.calibration) = (probes, calibration);

    /// <summary>The batch as a gallery; one whose samples make no rows has none in it, and is like nobody.</summary>
    /// <param name="probes">One of each.</param>
    /// <param name="samples">The samples of each, in the same order.</param>
    /// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
    public static BatchTwins Of(
        IReadOnlyList<Probe> probes, IReadOnlyList<IReadOnlyList<Sample>> samples,
        ScoreCalibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        BatchTwins twins = new(probes, calibration);
        List<TableChange> changes = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<EncounterRows> rows = EncounterRows.Build(samples[i]);
            if (!rows.IsAccepted)
            {
                continue;
            }

            Encounter person = new()
            {
                PersonId = NameOf(i),
                EncounterId = "",
                RecordId = Guid.Empty,
                Status = EncounterStatus.Active,
                EncounterType = "comparison",
                Galleries = [Gallery],
                Created = DateTimeOffset.UnixEpoch,
                Updated = DateTimeOffset.UnixEpoch,
                Samples = [],
            };
            changes.Add(new TableChange(person.PersonId, person.EncounterId, person, rows.Value));
        }

        twins.table.Apply(changes);
        return twins;
    }

    /// <summary>Scores of one of the batch with each before it; null where the budget ended first.</summary>
    public double[]? ScoresOf(int index, SearchBudget budget)
    {
        double[] scores = new double[index];
        FingerScratch scratch = new();
        for (int other = 0; other < index; other++)
        {
            ComparisonBudget comparing = new(budget, Limits.ComparisonsPerVerification);
            Search search = new()
            {
                Probe = probes[index],
                Gallery = Gallery,
                Threshold = 0,
                MaxCandidates = 1,
                OnlyPerson = NameOf(other),
            };
            (GallerySnapshot picture, SlotRef[] slots) = table.PictureOf(NameOf(other));
            if (slots.Length == 0)
            {
                continue;
            }

            SearchScan scan = new(search, picture, comparing, calibration);
            scan.Visit(slots[0], scratch);
            IReadOnlyList<Hit> hits = scan.Finish(scratch);
            if (comparing.IsSpent)
            {
                return null;
            }

            scores[other] = hits.Count == 0 ? 0 : hits[0].Score;
        }

        return scores;
    }

    private static string NameOf(int index) => $"{index}";
}

using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>An identity's best comparisons in the words of an answer, one per probe sample that met a row.</summary>
internal static class HitDetails
{
    /// <param name="probe">What was searched with.</param>
    /// <param name="bests">The best comparison of each sample.</param>
    /// <param name="sets">
    /// Combinations of galleries where every gallery is searched; null where one is searched, which the
    /// caller knows.
    /// </param>
    public static IReadOnlyList<HitDetail> Of(Probe probe, SampleBest[] bests, string[][]? sets)
    {
        List<HitDetail> details = [];
        for (int i = 0; i < bests.Length; i++)
        {
            SampleBest best = bests[i];
            if (best.Comparisons == 0)
            {
                continue;
            }

            bool finger = i < probe.Fingers.Count;
            IrisProbe? eye = finger ? null : probe.Irises[i - probe.Fingers.Count];
            details.Add(new HitDetail
            {
                EncounterId = best.EncounterId,
                Galleries = sets?[best.Slot.Segment.Columns(best.Slot.Slot).GallerySet],
                ProbePosition = eye?.Position ?? probe.Fingers[i].Position,
                GalleryPosition = best.Slot.Segment.PositionOf(best.Row),
                Score = best.Score,
                Raw = eye is null ? best.Similarity / (double)FingerScorer.One : best.Iris.Distance,
                Normalised = eye is null ? null : IrisCalibration.Normalised(best.Iris, eye.Shape),
                Encoder = eye is null ? IrisEncoderId.Unknown : IrisCalibration.CommonOf(
                    eye.Encoder, IrisRow.EncoderOf(best.Slot.Segment.Row(best.Row))),
                Extractor = eye is not null ? FingerExtractorId.Unknown : FingerCurves.CommonOf(
                    probe.Fingers[i].Template.Extractor,
                    FingerTemplate.ExtractorAt(best.Slot.Segment.Row(best.Row))),
                ValidBits = eye is null ? null : best.Iris.Valid,
                Rotation = eye is null ? null : best.Iris.Rotation,
                Turn = best.Quarters != 0 ? best.Quarters * QuarterTurns.Degrees : null,
            });
        }

        return details;
    }
}

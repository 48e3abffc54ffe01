using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Whether one eye of a person agrees and the other one clearly does not. The fused score does not show it: one good
/// eye alone may carry a person over a threshold. It is said for whoever decides, and changes no score.
/// </summary>
public static class EyesDisagree
{
    /// <summary>An eye agrees from this score on: one non-mated comparison in 10,000 reaches it.</summary>
    public const double Agrees = 40;

    /// <summary>An eye below this score clearly does not agree: nine non-mated comparisons in ten stay below.</summary>
    public const double Differs = 10;

    /// <summary>Whether the scores of two eyes of one person contradict each other.</summary>
    public static bool Say(double one, double other) =>
        Math.Max(one, other) >= Agrees && Math.Min(one, other) < Differs;

    /// <summary>
    /// Whether the eyes of a comparison contradict each other. Of an eye with several codes or captures the best
    /// comparison counts; eyes without a label do not, because they may be one eye.
    /// </summary>
    public static bool In(IEnumerable<HitDetail> details)
    {
        double[] eyes =
        [
            .. details.Where(detail => detail.IsEye && !detail.ProbePosition.IsUnknown)
                .GroupBy(detail => detail.ProbePosition)
                .Select(eye => eye.Max(detail => detail.Score)),
        ];
        return eyes.Length > 1 && Say(eyes.Max(), eyes.Min());
    }

    /// <summary>Whether a comparison is of the eye that clearly does not agree while the other one does.</summary>
    public static bool IsDiffering(HitDetail detail, IReadOnlyList<HitDetail> details)
    {
        ArgumentNullException.ThrowIfNull(detail);
        ArgumentNullException.ThrowIfNull(details);
        return detail.IsEye && detail.Score < Differs && In(details);
    }
}

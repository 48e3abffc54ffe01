using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// How many bits of an eye may differ from a probe, at the rotation where the fewest do, for the comparison to reach
/// a score: by the valid bits of the eye's mask, for one probe.
/// </summary>
/// <remarks>
/// Why no eye that reaches the score is lost. Let v be the bits valid in both at the rotation that is answered, d those
/// of them that differ. Scores fall with the normalised distance h, so the score is reached only where h &lt;= t, which
/// is d &lt;= f(v) with f(v) = v / 2 - (1/2 - t) sqrt(r v), r being the reference of <see cref="IrisCalibration"/>.
/// f is below 0 up to v = r (1 - 2t)^2 and rises from there on (its slope is 0 at a quarter of that), and v is at most
/// n, the smaller of the two masks' counts. So where f(n) &lt; 0 the score is out of reach, and elsewhere d &lt;= f(v)
/// &lt;= f(n): a lane that does not have d &lt;= f(n) at any rotation cannot reach it. Fewer than <see
/// cref="IrisScorer.MinValidBits"/> valid bits are no comparison, and n bounds those too. f(n) is rounded up by more
/// than the arithmetic can be off, and t lies beyond the distance that the rounding of a score lets through.
/// </remarks>
internal sealed class IrisBound
{
    /// <summary>A score that every eye reaches that can be compared at all.</summary>
    private const double NoScore = 0.005;

    /// <summary>Half the last digit of a score, and some for the model's own arithmetic.</summary>
    private const double ScoreSlack = 0.005 + 1e-6;

    /// <summary>Distances within this of the true one are good enough, on the far side of it.</summary>
    private const double DistanceStep = 1e-5;

    private readonly short[] most;

    private IrisBound(short[] most) => this.most = most;

    /// <summary>
    /// For 0..Bits valid bits of an eye the most that may differ; -1 where no number is small enough. Never falls.
    /// </summary>
    public ReadOnlySpan<short> MostDiffering => most;

    /// <summary>
    /// The bound of a score (-10 log10 FMR); at 0 or below everyone who has enough valid bits.
    /// </summary>
    /// <remarks>
    /// Lanes do not know what made their codes. So the bound is the wider one of what an eye of the probe's
    /// encoder and what any other eye needs; who passes is scored by what holds for the pair.
    /// </remarks>
    public static IrisBound AtScore(
        IrisShape shape, int probeValidBits, double score, IrisEncoderId encoder = IrisEncoderId.Unknown)
    {
        double reference = IrisCalibration.ReferenceOf(shape);
        double farthest = Math.Max(
            FarthestAt(IrisCalibration.ModelOf(shape), score),
            FarthestAt(IrisCalibration.ModelOf(shape, encoder), score));
        double reach = 0.5 - farthest;
        bool anything = score <= NoScore;
        return Of(shape, probeValidBits, n =>
            anything ? n : Math.Floor((n / 2.0) - (reach * Math.Sqrt(reference * n)) + 1e-6));
    }

    /// <summary>The bound of a raw distance, differing / valid &lt;= limit.</summary>
    public static IrisBound AtDistance(IrisShape shape, int probeValidBits, double limit) =>
        Of(shape, probeValidBits, n => Math.Floor((n * limit) + 1e-6));

    private static IrisBound Of(IrisShape shape, int probeValidBits, Func<int, double> limit)
    {
        short[] most = new short[shape.Bits + 1];
        int enough = IrisScorer.MinValidBits(shape);
        for (int valid = 0; valid < most.Length; valid++)
        {
            int n = Math.Min(valid, probeValidBits);
            most[valid] = n < Math.Max(enough, 1) ? (short)-1 : (short)Math.Clamp(limit(n), -1, n);
        }

        return new IrisBound(most);
    }

    /// <summary>A normalised distance at or beyond the largest that has the score, at most 0.5.</summary>
    private static double FarthestAt(IrisCalibrationModel model, double score)
    {
        double near = 0;
        double far = 0.5;
        while (far - near > DistanceStep)
        {
            double middle = (near + far) / 2;
            double exact = -IrisCalibrationModel.DecibelsPerNeper * model.LogFmr(middle);
            if (Math.Min(exact, IrisCalibration.MaxScore) >= score - ScoreSlack)
            {
                near = middle;
            }
            else
            {
                far = middle;
            }
        }

        return far;
    }
}

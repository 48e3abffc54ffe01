using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// The comparisons a calibration is fitted to: every pair of different eyes of a synthetic population.
/// </summary>
public static class IrisCalibrationSamples
{
    /// <summary>
    /// Normalised distances of each eye (right and left of persons 0, 1, ..., enrolment captures) against
    /// each earlier one, over the default rotations: eyes (eyes - 1) / 2 of them, less those with too few
    /// valid bits.
    /// </summary>
    public static double[] NonMated(SyntheticPopulation population, IrisShape shape, int eyes)
    {
        int stride = IrisRow.MostBytesOf(shape);
        byte[] rows = new byte[(long)eyes * stride];
        List<double> distances = [];
        for (int eye = 0; eye < eyes; eye++)
        {
            IrisCode code = population.Person(eye / 2).Iris(1 + (eye % 2), 0, shape);
            IrisProbe probe = new(code);
            for (int earlier = 0; earlier < eye; earlier++)
            {
                ReadOnlySpan<byte> row = rows.AsSpan(earlier * stride, stride);
                if (IrisScorer.TryCompare(probe, row, out IrisComparison comparison))
                {
                    distances.Add(IrisCalibration.Normalised(comparison, shape));
                }
            }

            IrisRow.Write(code, rows.AsSpan(eye * stride, stride));
        }

        return [.. distances];
    }
}

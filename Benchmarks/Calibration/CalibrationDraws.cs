using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// What the largest size's curve would be with other sets and other fingers of the same kind: sets are drawn with
/// replacement where there are several, then fingers inside each, and the curves fitted again.
/// </summary>
/// <remarks>
/// Comparisons that share a finger stay together, and what one sensor has differs from what others have, so both kinds
/// of dependence are in the spread. (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993.)
/// </remarks>
internal sealed class CalibrationDraws
{
    /// <summary>Scores whose spread is reported.</summary>
    public static readonly IReadOnlyList<int> Levels = [10, 20, 30, 40, 60, 80];

    private const int Seed = 11;
    private const int TailFrom = 20;
    private const int TailTo = 60;

    /// <summary>In percent, the interval that is reported.</summary>
    private const double Outside = 2.5;

    private readonly double[][] scores;

    private CalibrationDraws(double[][] scores, int fits)
    {
        this.scores = scores;
        Fits = fits;
    }

    /// <summary>Draws that had enough comparisons for a fit.</summary>
    public int Fits { get; }

    public CalibrationError Error
    {
        get
        {
            double at20 = Deviation(TailFrom);
            double slope = (Deviation(TailTo) - at20) / (TailTo - TailFrom);
            return new CalibrationError(
                Math.Round(Math.Min(at20, CalibrationError.MostAt20), 2),
                Math.Round(Math.Clamp(slope, 0, CalibrationError.MostPerDecibel), 3));
        }
    }

    /// <param name="fit">The fit of all sets.</param>
    /// <param name="central">What it gives.</param>
    /// <param name="views">The views it names.</param>
    /// <param name="draws">How many.</param>
    public static CalibrationDraws Of(
        FingerCalibrationFit fit, FingerCalibrationCurve central, FingerViews views, int draws)
    {
        int[] strengths = [.. Levels.Select(level => central.StrengthAt(level))];
        int[][] fingersOf =
        [
            .. views.SetNames.Select((_, set) => views.FingerOf
                .Where((_, view) => views.SetOf[view] == set).Distinct().ToArray()),
        ];
        var random = new Random(Seed);
        List<double[]> found = [];
        for (int draw = 0; draw < draws; draw++)
        {
            double[] ofSet = new double[fingersOf.Length];
            double[] ofFinger = new double[views.Fingers];
            for (int i = 0; i < ofSet.Length; i++)
            {
                ofSet[ofSet.Length == 1 ? 0 : random.Next(ofSet.Length)]++;
                foreach (int _ in fingersOf[i])
                {
                    ofFinger[fingersOf[i][random.Next(fingersOf[i].Length)]]++;
                }
            }

            FingerCalibrationCurve? curve = fit.Curves(set => ofSet[set], view => ofFinger[views.FingerOf[view]])
                .FirstOrDefault(fitted => fitted.MinCylinders == central.MinCylinders);
            if (curve is not null)
            {
                found.Add([.. strengths.Select(strength => curve.ScoreOf(strength))]);
            }
        }

        return new CalibrationDraws(
            [.. Levels.Select((_, level) => found.Select(scores => scores[level]).Order().ToArray())], found.Count);
    }

    /// <summary>Standard error of a score of <see cref="Levels"/>, decibels.</summary>
    public double Deviation(int level)
    {
        double[] of = scores[Levels.ToList().IndexOf(level)];
        double mean = of.DefaultIfEmpty(0).Average();
        return of.Length < 2 ? 0 : Math.Sqrt(of.Sum(score => (score - mean) * (score - mean)) / (of.Length - 1));
    }

    /// <summary>95 % interval of the FMR where the central curve claims a score of <see cref="Levels"/>.</summary>
    public Interval FmrAt(int level)
    {
        double[] of = scores[Levels.ToList().IndexOf(level)];
        return of.Length == 0 ? new Interval(0, 1) : new Interval(Fmr(At(of, 100 - Outside)), Fmr(At(of, Outside)));
    }

    private static double Fmr(double score) => Math.Pow(10, -score / 10);

    private static double At(double[] sorted, double percent) =>
        sorted[(int)Math.Clamp(sorted.Length * percent / 100, 0, sorted.Length - 1)];
}

namespace MatchCluster.Matching.Irises;

/// <summary>
/// Fits the two numbers of an <see cref="IrisCalibrationModel"/> to measured distances of different eyes.
/// </summary>
/// <remarks>
/// Least squares on the score scale over the lower half of the distances, at levels a fifth of a decade
/// apart: what counts is where the tail lies, and every decade of it counts alike, while a likelihood would
/// spend itself on the bulk that no threshold ever meets.
/// </remarks>
public static class IrisCalibrationFit
{
    /// <summary>
    /// Comparisons a level must stand on: fewer scatter by more than 0.8 on the score scale.
    /// </summary>
    public const int LeastComparisonsPerLevel = 30;

    private const double HighestLevel = 0.5;
    private const double StepsPerDecade = 5;
    private const int LeastLevels = 3;

    /// <summary>Fits the model.</summary>
    /// <param name="nonMatedNormalised"> Normalised distances (<see cref="IrisCalibration.Normalised"/>) of
    /// comparisons of different eyes, in any order. </param>
    /// <exception cref="ArgumentException">There are too few distances for three levels, or one is not a
    /// number.</exception>
    public static IrisCalibrationFitted Fit(ReadOnlySpan<double> nonMatedNormalised)
    {
        double[] sorted = nonMatedNormalised.ToArray();
        Array.Sort(sorted);
        if (sorted.Length > 0 && double.IsNaN(sorted[0]))
        {
            throw new ArgumentException("found a distance that is not a number", nameof(nonMatedNormalised));
        }

        List<Level> levels = LevelsOf(sorted);
        if (levels.Count < LeastLevels)
        {
            throw new ArgumentException(
                $"found {sorted.Length} distances with {levels.Count} levels below 0.5, wanted {LeastLevels} "
                + $"levels of {LeastComparisonsPerLevel} comparisons or more",
                nameof(nonMatedNormalised));
        }

        double degrees = Math.Exp(Minimum(
            x => Error(levels, BestFor(Math.Exp(x), levels)), Math.Log(4), Math.Log(Limits.IrisCodeBits)));
        IrisCalibrationModel model = BestFor(degrees, levels);
        double worst = 0;
        foreach (Level level in levels)
        {
            worst = Math.Max(worst, Math.Abs(Off(level, model)));
        }

        return new IrisCalibrationFitted(model, sorted.Length, levels[^1].Share, worst);
    }

    private static List<Level> LevelsOf(double[] sorted)
    {
        List<Level> levels = [];
        for (int step = 0; ; step++)
        {
            int count = (int)(sorted.Length * HighestLevel * Math.Pow(10, -step / StepsPerDecade));
            if (count < LeastComparisonsPerLevel)
            {
                return levels;
            }

            // Distances are fractions, so several may be equal: the share is counted up to the last of them.
            double distance = sorted[count - 1];
            while (count < sorted.Length && sorted[count] == distance)
            {
                count++;
            }

            if (distance < 0.5 && (levels.Count == 0 || distance < levels[^1].Distance))
            {
                levels.Add(new Level(distance, (double)count / sorted.Length));
            }
        }
    }

    /// <summary>The model of these degrees of freedom with the rotations that fit best.</summary>
    private static IrisCalibrationModel BestFor(double degrees, List<Level> levels)
    {
        double rotations = Minimum(x => Error(levels, new(degrees, Math.Exp(x))), 0, Math.Log(100));
        return new IrisCalibrationModel(degrees, Math.Exp(rotations));
    }

    private static double Error(List<Level> levels, IrisCalibrationModel model)
    {
        double sum = 0;
        foreach (Level level in levels)
        {
            double off = Off(level, model);
            sum += off * off;
        }

        return sum;
    }

    /// <summary>
    /// Score of the model less the measured one: positive where the model promises too much.
    /// </summary>
    private static double Off(Level level, IrisCalibrationModel model) =>
        (Math.Log(level.Share) - model.LogFmr(level.Distance)) * IrisCalibrationModel.DecibelsPerNeper;

    /// <summary>Golden-section search of a function with one valley (J. Kiefer, Proc. AMS 4, 1953).</summary>
    private static double Minimum(Func<double, double> of, double low, double high)
    {
        const double Golden = 0.6180339887498949;
        double a = high - (Golden * (high - low));
        double b = low + (Golden * (high - low));
        double atA = of(a);
        double atB = of(b);
        while (high - low > 1e-4)
        {
            if (atA < atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - (Golden * (high - low));
                atA = of(a);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + (Golden * (high - low));
                atB = of(b);
            }
        }

        return (low + high) / 2;
    }

    private readonly record struct Level(double Distance, double Share);
}

/// <summary>A fitted model and how far it may be trusted.</summary>
/// <param name="Model">Degrees of freedom and effective rotations.</param>
/// <param name="Comparisons">Distances it was fitted to.</param>
/// <param name="LowestShare">The rarest level that was fitted; beyond it the model extrapolates.</param>
/// <param name="WorstError">Largest difference of the model's score from the measured one at any
/// level.</param>
public readonly record struct IrisCalibrationFitted(
    IrisCalibrationModel Model, int Comparisons, double LowestShare, double WorstError);

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// What a distance of the first stage says; <see cref="ScreenThresholds"/> say how much of it is enough.
/// </summary>
/// <remarks>
/// Distances of different fingers are nearly normal, but where their middle lies depends on the probe, on the sensor
/// and on how many cylinders the row has. So each probe finger is normalised by the rows it meets, nearly all of
/// which are of other people. A distance z standard deviations nearer than their mean then counts -ln of the chance
/// that a non-mated row is so near, minus ln m where the best of m rows is taken. Fingers add up, as R. A. Fisher
/// adds up such logarithms. Of the normal distribution 0.34 (z + 1.4)² is that logarithm within 0.15 for z of -1.4
/// to 3. A finger that agrees less than the mean thereby counts against one that lies at it; z²/2, which is blind
/// to that, loses a fifth more people with two fingers and twice as many with four. Unit: 1/100.
/// Two small prints of one finger overlap less and show less evidence, two small prints of different fingers hardly
/// more than large ones. So evidence weighs (56 / n)^1.5, 1 to 2.5, where n is the number of cylinders of the smaller
/// print (docs/fingers.md).
/// </remarks>
internal static class ScreenEvidence
{
    public const int Unit = 100;

    /// <summary>Fingers looked at before the first encounter is given up.</summary>
    public const int FirstFingers = 2;

    private const double Most = 60;

    /// <summary>So many deviations beyond the mean of the non-mated distances, evidence is 0.</summary>
    private const double Floor = 1.4;

    private const double Scale = 0.34;

    /// <summary>Cylinders of a print from which on its evidence weighs 1.</summary>
    private const double Large = 56;

    private const double WeightPower = 1.5;
    private const double MostWeight = 2.5;

    /// <summary>
    /// Numbers of cylinders, and how much farther from everything rows with fewer ones are.
    /// </summary>
    private static readonly (int Cylinders, int Farther)[] Sparse =
        [(10, 9000), (16, 4500), (22, 2500), (28, 1800), (34, 900)];

    private static readonly int[] FartherBy = [.. Enumerable.Range(0, Limits.MinutiaeScored + 1).Select(Farther)];

    private static readonly double[] UnitBy =
        [.. Enumerable.Range(0, Limits.MinutiaeScored + 1).Select(cylinders => Unit * Weight(cylinders))];

    private static readonly int[] LogOfCount =
    [
        .. Enumerable.Range(0, Limits.RowsPerEncounter + 1)
            .Select(rows => rows < 2 ? 0 : (int)Math.Round(Unit * Math.Log(rows))),
    ];

    /// <summary>What a row's sparseness adds to its distance.</summary>
    public static int FartherOf(int cylinders) => FartherBy[cylinders];

    /// <summary>Units of evidence of a comparison, by the cylinders of the smaller of the two prints.</summary>
    public static double UnitOf(int cylinders) => UnitBy[cylinders];

    /// <summary>Evidence of one comparison.</summary>
    /// <param name="distance">Distance in the first stage, without what the row's sparseness adds.</param>
    /// <param name="mean">Mean of the non-mated distances.</param>
    /// <param name="deviation">Standard deviation of the non-mated distances.</param>
    /// <param name="unit">What a finger of its size weighs: <see cref="UnitOf"/>.</param>
    public static int Of(int distance, double mean, double deviation, double unit)
    {
        // What the data decide is chosen without a branch.
        double above = double.MaxNative(((mean - distance) / deviation) + Floor, 0);
        return (int)(unit * double.MinNative(Scale * above * above, Most));
    }

    /// <summary>The best evidence of one finger among several rows of an encounter.</summary>
    public static int BestOf(int evidence, int rows) => rows < 2
        ? evidence
        : Math.Max(0, evidence - LogOfCount[Math.Min(rows, Limits.RowsPerEncounter)]);

    private static double Weight(int cylinders) => Math.Clamp(Math.Pow(Large / cylinders, WeightPower), 1, MostWeight);

    private static int Farther(int cylinders)
    {
        foreach ((int fewer, int farther) in Sparse)
        {
            if (cylinders < fewer)
            {
                return farther;
            }
        }

        return 0;
    }
}

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// What a distance of the first stage says, and how much of it an encounter needs to be scored in full.
/// </summary>
/// <remarks>
/// Distances of different fingers are nearly normal, but where their middle lies depends on the probe, on the sensor
/// and on how many cylinders the row has. So each probe finger is normalised by the rows it meets, nearly all of
/// which are of other people; z standard deviations nearer than their mean then count z²/2, minus ln m where the best
/// of m rows is taken: about -ln of the chance that a non-mated row is so near. Fingers add up. Unit: 1/100.
/// The thresholds are those of <c>Benchmarks recall</c> on FVC2002; see docs/fingers.md.
/// </remarks>
internal static class ScreenEvidence
{
    public const int Unit = 100;

    /// <summary>Fingers looked at before the first encounter is given up.</summary>
    public const int FirstFingers = 2;

    private const double Most = 60;

    /// <summary>
    /// Numbers of cylinders, and how much farther from everything rows with fewer ones are.
    /// </summary>
    private static readonly (int Cylinders, int Farther)[] Sparse =
        [(10, 9000), (16, 4500), (22, 2500), (28, 1800), (34, 900)];

    private static readonly int[] FartherBy = [.. Enumerable.Range(0, Limits.MinutiaeScored + 1).Select(Farther)];

    private static readonly int[] LogOfCount =
    [
        .. Enumerable.Range(0, Limits.RowsPerEncounter + 1)
            .Select(rows => rows < 2 ? 0 : (int)Math.Round(Unit * Math.Log(rows))),
    ];

    /// <summary>Evidence to be scored, by the number of fingers compared: 0, 1, 2 ...</summary>
    private static readonly int[] ToScore = [0, 170, 230, 500, 900, 1200];

    /// <summary>Evidence to go on with the next finger, by the number compared so far.</summary>
    private static readonly int[] ToGoOn = [0, 0, 120, 300, 500, 700];

    /// <summary>What a row's sparseness adds to its distance.</summary>
    public static int FartherOf(int cylinders) => FartherBy[cylinders];

    /// <summary>Evidence of one comparison.</summary>
    /// <param name="distance">Distance in the first stage, without what the row's sparseness adds.</param>
    /// <param name="mean">Mean of the non-mated distances.</param>
    /// <param name="deviation">Standard deviation of the non-mated distances.</param>
    public static int Of(int distance, double mean, double deviation)
    {
        // Half of the distances lie beyond the mean: a branch would be guessed wrong there as often as not.
        double z = double.MaxNative((mean - distance) / deviation, 0);
        return (int)(Unit * double.MinNative(z * z / 2, Most));
    }

    /// <summary>The best evidence of one finger among several rows of an encounter.</summary>
    public static int BestOf(int evidence, int rows) => rows < 2
        ? evidence
        : Math.Max(0, evidence - LogOfCount[Math.Min(rows, Limits.RowsPerEncounter)]);

    /// <summary>Whether an encounter is scored in full.</summary>
    public static bool IsEnough(int evidence, int fingers) =>
        evidence >= ToScore[Math.Min(fingers, ToScore.Length - 1)];

    /// <summary>Whether an encounter's next finger is looked at.</summary>
    public static bool MayGoOn(int evidence, int fingers) =>
        evidence >= ToGoOn[Math.Min(fingers, ToGoOn.Length - 1)];

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

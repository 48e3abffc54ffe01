namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The sigmoids of the matching stage as integers, built once: every comparison then uses integer arithmetic, and
/// IEEE single operations whose result does not depend on the CPU.
/// </summary>
internal static class RelaxationTables
{
    /// <summary>1.0 of a compatibility: 2^15.</summary>
    public const int Unit = 1 << 15;

    /// <summary>
    /// From here on the sigmoid is below 1e-4 and the compatibility 0, the last entry of its table: 11 pixels.
    /// </summary>
    public const int DistanceLimit = 11 * MccParameters.UnitsPerPixel;

    /// <summary>From this angle on the sigmoid is below 1e-4 and the compatibility 0: 33 degrees.</summary>
    public const int TurnLimit = 6016;

    /// <summary>Angles are looked up in steps of 2^6 units: a third of a degree.</summary>
    public const int TurnShift = 6;

    /// <summary>Radial angles are looked up by 1 - cosine, in 2048ths: 1.8 degrees, ever finer beyond.</summary>
    public const float CosineSteps = 2048;

    /// <summary>1 - cosine of 33 degrees in those steps.</summary>
    public const int RadialLimit = 330;

    private const int CosineTurns = 1024;

    /// <summary>Compatibility of two distances that differ by this many whole units, 0 at the limit.</summary>
    public static ushort[] Distance { get; } = Build(
        DistanceLimit,
        i => Sigmoid(
            (i + 0.5) / MccParameters.UnitsPerPixel, MccParameters.DistanceMiddle, MccParameters.DistanceSteepness));

    /// <summary>Compatibility of two relative directions that differ by this many steps, 0 at the limit.</summary>
    public static ushort[] Turn { get; } = Build(
        TurnLimit >> TurnShift,
        i => Sigmoid(
            2 * Math.PI * ((i + 0.5) * (1 << TurnShift)) / MccParameters.Turn,
            MccParameters.AngleMiddle,
            MccParameters.AngleSteepness));

    /// <summary>Compatibility of two radial angles whose difference has this cosine, in steps below 1, 0 at
    /// the limit.</summary>
    public static ushort[] Radial { get; } = Build(
        RadialLimit,
        i => Sigmoid(
            Math.Acos(1 - ((i + 0.5) / CosineSteps)), MccParameters.AngleMiddle, MccParameters.AngleSteepness));

    /// <summary>n_P by the smaller number of cylinders: how many pairs the final score is the mean of.</summary>
    public static int[] FinalPairs { get; } =
    [
        .. Enumerable.Range(0, Limits.MinutiaeScored + 1).Select(n => MccParameters.MinPairs + (int)Math.Round(
            Sigmoid(n, MccParameters.PairsMiddle, MccParameters.PairsSteepness)
            * (MccParameters.MaxPairs - MccParameters.MinPairs))),
    ];

    /// <summary>2^16 / (2 (n - 1)): half of the mean over the other of n pairs; 0 where there is none.</summary>
    public static int[] HalfMean { get; } =
    [
        .. Enumerable.Range(0, MccParameters.MaxRelaxedPairs + 1).Select(n => n < 2 ? 0 : 32768 / (n - 1)),
    ];

    /// <summary>Cosines of a whole turn, in steps of a third of a degree.</summary>
    public static float[] Cosines { get; } = BuildCosines();

    /// <summary>Cosine of an angle in 65536ths of a turn.</summary>
    public static float Cosine(int angle) => Cosines[CosineAt(angle)];

    public static float Sine(int angle) => Cosines[SineAt(angle)];

    /// <summary>Where the cosine of an angle lies in <see cref="Cosines"/>.</summary>
    public static int CosineAt(int angle) => (ushort)angle >> TurnShift;

    /// <summary>Where its sine lies there.</summary>
    public static int SineAt(int angle) => (ushort)(angle - (MccParameters.Turn / 4)) >> TurnShift;

    /// <summary>Z of the paper: 1 / (1 + e^(-tau (v - mu))).</summary>
    private static double Sigmoid(double value, double middle, double steepness) =>
        1 / (1 + Math.Exp(-steepness * (value - middle)));

    private static ushort[] Build(int length, Func<int, double> value) =>
        [.. Enumerable.Range(0, length).Select(i => (ushort)Math.Round(Unit * value(i))), 0];

    private static float[] BuildCosines()
    {
        float[] table = new float[CosineTurns];
        for (int i = 0; i < CosineTurns; i++)
        {
            // The middle of the step; rounded to 2^-20 so that the last bits of Math.Cos do not matter.
            double angle = 2 * Math.PI * (i + 0.5) / CosineTurns;
            table[i] = (float)(Math.Round(Math.Cos(angle) * (1 << 20)) / (1 << 20));
        }

        return table;
    }
}

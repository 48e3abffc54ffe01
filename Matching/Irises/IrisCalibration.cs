using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises;

/// <summary>What a distance between two iris codes means: score = -10 log10 FMR.</summary>
/// <remarks>
/// Two normalisations stand before the model. A distance counted over few bits scatters more than one over
/// many, so it is first moved towards 0.5 by the square root of the valid bits: HD' = 0.5 - (0.5 - HD) sqrt(n
/// / 911) for 2,048 bits (J. Daugman, New methods in iris recognition, IEEE Trans. SMC-B 37(5), 2007,
/// equation 19), with 911 scaled by Bits / 2048 for other shapes. Then the chance that two different eyes
/// come that close at their best rotation: FMR(h) = 1 - (1 - F(h))^r, F the lower tail of a binomial of N
/// fair tosses (J. Daugman, The importance of being random, Pattern Recognition 36, 2003). N and r are fitted
/// for each shape over its default rotations (<see cref="IrisProbe.RotationsFor"/>).
/// </remarks>
public static class IrisCalibration
{
    /// <summary>
    /// The highest score: one false match in 10^15. Beyond it stands no measurement, neither ours nor a
    /// published one (the largest known is 2 * 10^11 comparisons), only the model's extrapolation.
    /// </summary>
    public const double MaxScore = 150;

    private const double ReferenceBits = 911;

    // dotnet run -c Release --project Benchmarks -- calibrate irises
    // Data: IrisCalibrationSamples.NonMated(new SyntheticPopulation(1), shape, 3000), 4,498,500 pairs of
    // different synthetic eyes a shape. Fitted degrees and rotations, and the worst error on the score scale
    // down to a share of 8e-6:
    //   D2048        109.6, 12.2 (0.8)
    //   12,800 bits  205.5, 30.7 (0.5)
    //   W16384       201.9, 25.9 (0.5)
    // Committed with degrees rounded down to a multiple of 5 and rotations rounded up, so that a score rather
    // says too little. Daugman's codes have 249 degrees at 911 bits: below his published odds (1 in 4 million
    // at 0.33, 1 in 185 million at 0.31) these stay by 17..21 for the wide codes and by 40..50 for D2048.
    private static readonly IrisCalibrationModel D2048 = new(105, 13);
    private static readonly IrisCalibrationModel OpenIris12800 = new(205, 31);
    private static readonly IrisCalibrationModel W16384 = new(200, 26);

    // dotnet run -c Release --project Benchmarks -- iris-accuracy --in PICTURES --fit
    // Codes of our own encoder from 756 pictures of 108 real eyes (CASIA-IrisV1, which is in no repository),
    // 283,122 pairs of different eyes a shape, fitted down to a share of 1e-4: D2048 174.5 degrees and 12.0
    // rotations, W16384 412.8 and 21.6. Halves of the eyes fit 154 to 193 and 370 to 420 degrees; committed are
    // degrees 5 % below the fit of all eyes, so that a score rather says too little (docs/accuracy.md).
    private static readonly IrisCalibrationModel OwnD2048 = new(165, 12.5);
    private static readonly IrisCalibrationModel OwnW16384 = new(393, 21.5);

    /// <summary>
    /// The distance as if <c>911 * Bits / 2048</c> bits had been valid; below 0 for near-identical codes with
    /// more valid bits than that. 0.5 where nothing could be compared.
    /// </summary>
    public static double Normalised(in IrisComparison c, IrisShape shape)
    {
        if (c.Valid == 0)
        {
            return 0.5;
        }

        return 0.5 - ((0.5 - c.Distance) * Math.Sqrt(c.Valid / ReferenceOf(shape)));
    }

    /// <summary>Valid bits at which normalising changes nothing.</summary>
    internal static double ReferenceOf(IrisShape shape) => ReferenceBits * shape.Bits / IrisShape.D2048.Bits;

    /// <summary>
    /// -10 log10 FMR, 0..<see cref="MaxScore"/>, rounded to a hundredth, of two codes of one encoder.
    /// </summary>
    public static double Score(in IrisComparison c, IrisShape shape, IrisEncoderId encoder) =>
        ModelOf(shape, encoder).ScoreOf(Normalised(c, shape));

    /// <summary>
    /// The score of a probe and a row of its shape, by the calibration that both codes allow.
    /// </summary>
    public static double Score(in IrisComparison c, IrisProbe probe, ReadOnlySpan<byte> row) =>
        Score(c, probe.Shape, CommonOf(probe.Encoder, IrisRow.EncoderOf(row)));

    /// <summary>
    /// The encoder whose calibration holds for two codes: theirs where it is one, else none; then the
    /// careful default scores them.
    /// </summary>
    public static IrisEncoderId CommonOf(IrisEncoderId a, IrisEncoderId b) => a == b ? a : IrisEncoderId.Unknown;

    /// <summary>The name of the calibration of an encoder's codes, as answers give it.</summary>
    public static string NameOf(IrisEncoderId encoder) => encoder switch
    {
        IrisEncoderId.MatchCluster1 => "irises-matchcluster-1",
        IrisEncoderId.Unknown => "irises-default",
    };

    /// <summary>
    /// The model for codes of an encoder; the careful default where it has none for this shape.
    /// </summary>
    public static IrisCalibrationModel ModelOf(IrisShape shape, IrisEncoderId encoder) =>
        encoder == IrisEncoderId.MatchCluster1 && shape == IrisShape.D2048 ? OwnD2048
        : encoder == IrisEncoderId.MatchCluster1 && shape == IrisShape.W16384 ? OwnW16384
        : ModelOf(shape);

    /// <summary>
    /// The careful default for codes of an encoder that is not stated or has no calibration: fitted to
    /// generated eyes for a profile, lower still for any other shape.
    /// </summary>
    public static IrisCalibrationModel ModelOf(IrisShape shape) =>
        shape == IrisShape.D2048 ? D2048
        : shape == IrisShape.OpenIris12800 ? OpenIris12800
        : shape == IrisShape.W16384 ? W16384
        : Careful(shape);

    /// <summary>
    /// A shape nobody fitted: one degree of freedom per 32 bits and never more than 80, every rotation
    /// counted as an independent try. Seven other shapes of that synthetic population fitted 84..213
    /// degrees.
    /// </summary>
    private static IrisCalibrationModel Careful(IrisShape shape) =>
        new(Math.Clamp(shape.Bits / 32, 1, 80), (2 * IrisProbe.RotationsFor(shape)) + 1);
}

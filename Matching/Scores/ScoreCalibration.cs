using System.Globalization;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// The calibration that a process scores fingers by: which curves, and how careful. One object for the whole process;
/// in a cluster every member has the same <see cref="Id"/>, because scores of two calibrations cannot be ranked
/// together.
/// </summary>
public sealed class ScoreCalibration
{
    /// <summary>Standard errors that an operator may ask for.</summary>
    public const double MostMargin = 3;

    private readonly FingerCalibrationCurve[] curves;

    /// <param name="name">Says which curves they are.</param>
    /// <param name="curves">Smallest templates first.</param>
    /// <param name="error">Standard error of their scores.</param>
    /// <param name="margin">Standard errors taken off each score, 0..<see cref="MostMargin"/>; 0 is central.</param>
    public ScoreCalibration(
        string name, IReadOnlyList<FingerCalibrationCurve> curves, CalibrationError error, double margin = 0)
    {
        if (!(margin is >= 0 and <= MostMargin))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, $"wanted 0 to {MostMargin}");
        }

        Name = name;
        this.curves = [.. curves];
        Error = error;
        Margin = margin;
        Id = margin == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}+{margin}se");
    }

    /// <summary>The committed curves without a margin.</summary>
    public static ScoreCalibration Default { get; } =
        new(FingerCalibration.Name, FingerCalibration.Curves, FingerCalibration.Error);

    /// <summary>What an operator asked for: curves of a file, or the committed ones, and a margin.</summary>
    /// <param name="path">A <see cref="FingerCalibrationFile"/>; null takes the committed curves.</param>
    /// <param name="margin">Standard errors, 0..<see cref="MostMargin"/>; null takes none.</param>
    /// <exception cref="InvalidDataException">The file is none; the message says what was found and wanted.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ScoreCalibration Load(string? path, double? margin) => path is { Length: > 0 }
        ? FingerCalibrationFile.Read(path).ToCalibration(margin ?? 0) : Default.WithMargin(margin ?? 0);

    /// <summary>Which curves.</summary>
    public string Name { get; }

    /// <summary>What answers say and members compare: the name, and the margin where there is one.</summary>
    public string Id { get; }

    /// <summary>Smallest templates first.</summary>
    public IReadOnlyList<FingerCalibrationCurve> Curves => curves;

    /// <summary>How far off the central scores may be.</summary>
    public CalibrationError Error { get; }

    /// <summary>Standard errors that are taken off each score.</summary>
    public double Margin { get; }

    /// <summary>The same curves with another margin.</summary>
    public ScoreCalibration WithMargin(double margin) => new(Name, curves, Error, margin);

    /// <summary>
    /// Score of a strength, 0..<see cref="FingerCalibration.Cap"/>, rounded to a hundredth: monotone in the strength
    /// and in the cylinders of either template.
    /// </summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public double FingerScore(int strength, int probeCylinders, int rowCylinders)
    {
        int cylinders = Math.Min(probeCylinders, rowCylinders);

        // From the curve of the size upwards, the most careful one. The largest size, the common one, reads one.
        double least = double.PositiveInfinity;
        for (int i = curves.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, curves[i].ScoreOf(strength));
            if (cylinders >= curves[i].MinCylinders)
            {
                double careful = Margin == 0 ? least : least - (Margin * Error.Of(least));
                return Math.Round(Math.Clamp(careful, 0, FingerCalibration.Cap), 2);
            }
        }

        return 0; // too small for any evidence
    }
}

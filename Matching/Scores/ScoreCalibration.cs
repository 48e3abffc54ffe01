using System.Globalization;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// The calibration that a process scores fingers by: which curves for which extractor, and how careful. One object
/// for the whole process; in a cluster every member has the same <see cref="Id"/>, because scores of two calibrations
/// cannot be ranked together.
/// </summary>
public sealed class ScoreCalibration
{
    /// <summary>Standard errors that an operator may ask for.</summary>
    public const double MostMargin = 3;

    private readonly FingerCurves others;
    private readonly FingerCurves own;

    /// <summary>Scores all pairs by the same curves.</summary>
    /// <param name="name">Says which curves they are.</param>
    /// <param name="curves">Smallest templates first.</param>
    /// <param name="error">Standard error of their scores.</param>
    /// <param name="margin">Standard errors taken off each score, 0..<see cref="MostMargin"/>; 0 is central.</param>
    public ScoreCalibration(
        string name, IReadOnlyList<FingerCalibrationCurve> curves, CalibrationError error, double margin = 0)
        : this(name, new FingerCurves(name, curves, error), own: null, margin)
    {
    }

    /// <summary>Scores two prints of our extractor by other curves than all other pairs.</summary>
    /// <param name="name">Says which curves both are.</param>
    /// <param name="others">Curves of any extractor, and of two different ones.</param>
    /// <param name="own">Curves of our extractor; null takes those of the others.</param>
    /// <param name="margin">Standard errors taken off each score, 0..<see cref="MostMargin"/>; 0 is central.</param>
    public ScoreCalibration(string name, FingerCurves others, FingerCurves? own, double margin = 0)
    {
        if (!(margin is >= 0 and <= MostMargin))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, $"wanted 0 to {MostMargin}");
        }

        Name = name;
        this.others = others;
        this.own = own ?? others;
        Margin = margin;
        Id = WithMarginOf(name);
    }

    /// <summary>The committed curves without a margin.</summary>
    public static ScoreCalibration Default { get; } =
        new(FingerCalibration.BothName, FingerCalibration.Others, FingerCalibration.Own);

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

    /// <summary>Standard errors that are taken off each score.</summary>
    public double Margin { get; }

    /// <summary>The same curves with another margin.</summary>
    public ScoreCalibration WithMargin(double margin) => new(Name, others, own, margin);

    /// <summary>The curves for two prints of one extractor, or for all other pairs.</summary>
    /// <param name="common">The extractor of both (<see cref="FingerCurves.CommonOf"/>).</param>
    public FingerCurves CurvesOf(FingerExtractorId common) => common switch
    {
        FingerExtractorId.MatchCluster1 => own,
        FingerExtractorId.Unknown => others,
    };

    /// <summary>What answers call the curves of a comparison, and the margin where there is one.</summary>
    /// <param name="common">The extractor of both prints (<see cref="FingerCurves.CommonOf"/>).</param>
    public string NameOf(FingerExtractorId common) => WithMarginOf(CurvesOf(common).Name);

    /// <summary>
    /// Score of a strength, 0..<see cref="FingerCalibration.Cap"/>, rounded to a hundredth: monotone in the strength
    /// and in the cylinders of either template.
    /// </summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="probe">The one print.</param>
    /// <param name="row">The other, a gallery row.</param>
    public double FingerScore(int strength, FingerTemplate probe, ReadOnlySpan<byte> row)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return FingerScore(
            strength, probe.Cylinders, FingerTemplate.CylindersAt(row),
            FingerCurves.CommonOf(probe.Extractor, FingerTemplate.ExtractorAt(row)));
    }

    /// <summary>As the other, of what it reads.</summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    /// <param name="common">The extractor of both (<see cref="FingerCurves.CommonOf"/>).</param>
    public double FingerScore(
        int strength, int probeCylinders, int rowCylinders, FingerExtractorId common = FingerExtractorId.Unknown) =>
        CurvesOf(common).Score(strength, Math.Min(probeCylinders, rowCylinders), Margin);

    private string WithMarginOf(string name) =>
        Margin == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}+{Margin}se");
}

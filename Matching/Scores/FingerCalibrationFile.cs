using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Finger curves that an installation fitted to its own prints, as a file. The form is frozen (a golden file holds it):
/// a change is a new version. It holds aggregates only.
/// </summary>
public sealed record FingerCalibrationFile
{
    public const string CurrentFormat = "matchcluster-calibration";

    /// <summary>The version whose curves score all pairs.</summary>
    public const int OfAllPairs = 1;

    /// <summary>The version whose curves score the pairs of <see cref="Extractor"/> alone.</summary>
    public const int OfOneExtractor = 2;

    public const string Finger = "finger";

    /// <summary>Pairs of two prints of our extractor (<see cref="FingerExtractorId.MatchCluster1"/>).</summary>
    public const string OwnExtractor = "matchcluster-finger-1";

    /// <summary>All other pairs.</summary>
    public const string OtherExtractors = "other";

    /// <summary>Far more than a file with every curve takes.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Characters of a name; it stands in headers.</summary>
    public const int LongestName = 40;

    private const int HashCharacters = 8;
    private const int MostCurves = 16;
    private const double MostScale = 100_000;
    private const double MostShape = 0.5;

    public required string Format { get; init; }

    public required int Version { get; init; }

    /// <summary>What is scored by it: <see cref="Finger"/>.</summary>
    public required string Modality { get; init; }

    /// <summary>Which strengths it was fitted to (<see cref="FingerMatcher.StrengthVersion"/>).</summary>
    public required int Strength { get; init; }

    /// <summary>Letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Which pairs are scored by it: <see cref="OwnExtractor"/> or <see cref="OtherExtractors"/>; null in version 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Extractor { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>Fingers it was fitted to.</summary>
    public required int Fingers { get; init; }

    /// <summary>Standard errors, decibels (<see cref="CalibrationError"/>).</summary>
    public required CalibrationError Error { get; init; }

    /// <summary>Smallest templates first.</summary>
    public required IReadOnlyList<FingerCalibrationCurve> Curves { get; init; }

    /// <summary>A calibration of this version's strengths; of all pairs where no extractor is given.</summary>
    public static FingerCalibrationFile Of(
        string name, DateTimeOffset made, int fingers, CalibrationError error,
        IReadOnlyList<FingerCalibrationCurve> curves, FingerExtractorId? extractor = null) => new()
        {
            Format = CurrentFormat,
            Version = extractor is null ? OfAllPairs : OfOneExtractor,
            Modality = Finger,
            Strength = FingerMatcher.StrengthVersion,
            Name = name,
            Extractor = extractor is null ? null
                : extractor == FingerExtractorId.MatchCluster1 ? OwnExtractor : OtherExtractors,
            Made = made.ToUniversalTime(),
            Fingers = fingers,
            Error = error,
            Curves = curves,
        };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says what was found and wanted.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FingerCalibrationFile Read(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new InvalidDataException($"found no file {path}");
        }

        return file.Length > MostBytes
            ? throw new InvalidDataException($"{path}: found {file.Length} bytes, wanted at most {MostBytes}")
            : Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a file from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">How messages call it.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static FingerCalibrationFile Parse(string json, string path)
    {
        try
        {
            FingerCalibrationFile? read =
                JsonSerializer.Deserialize(json, CalibrationJson.Default.FingerCalibrationFile);
            string? problem = read is null ? "found nothing" : read.Problem();
            return problem is null ? read! : throw new InvalidDataException($"{path}: {problem}");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{path} is no calibration file: {broken.Message}", broken);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, CalibrationJson.Default.FingerCalibrationFile) + "\n";

    /// <summary>To score by; the name bears a hash of all that it holds: another file is another name.</summary>
    /// <param name="margin">Standard errors taken off each score.</param>
    public ScoreCalibration ToCalibration(double margin = 0)
    {
        byte[] hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            this, CalibrationJson.Default.FingerCalibrationFile));
        FingerCurves curves = new($"{Name}-{Convert.ToHexStringLower(hash)[..HashCharacters]}", Curves, Error);
        return Extractor switch
        {
            OwnExtractor => new ScoreCalibration(curves.Name, FingerCalibration.Others, curves, margin),
            OtherExtractors => new ScoreCalibration(curves.Name, curves, FingerCalibration.Own, margin),
            _ => new ScoreCalibration(curves.Name, curves, own: null, margin),
        };
    }

    /// <summary>Whether a text may be a name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private string? Problem()
    {
        if (Format != CurrentFormat || Version is not (OfAllPairs or OfOneExtractor))
        {
            return $"found format '{Format}' version {Version}, wanted '{CurrentFormat}' version {OfAllPairs} or "
                + $"{OfOneExtractor}";
        }

        if (Version == OfAllPairs ? Extractor is not null : Extractor is not (OwnExtractor or OtherExtractors))
        {
            return $"found extractor '{Extractor}' in version {Version}, wanted '{OwnExtractor}' or "
                + $"'{OtherExtractors}' in version {OfOneExtractor}";
        }

        if (Modality != Finger)
        {
            return $"found modality '{Modality}', wanted '{Finger}'";
        }

        if (Strength != FingerMatcher.StrengthVersion)
        {
            return $"it was fitted to strengths of version {Strength}, this program has version "
                + $"{FingerMatcher.StrengthVersion}: calibrate again";
        }

        if (!IsName(Name))
        {
            return $"name: wanted 1 to {LongestName} letters, digits, '-', '_' and '.'";
        }

        if (!(Error is { At20: >= 0 and <= CalibrationError.MostAt20 }
            and { PerDecibel: >= 0 and <= CalibrationError.MostPerDecibel }))
        {
            return $"error: found {Error.At20} at 20 and {Error.PerDecibel} per decibel, wanted 0 to "
                + $"{CalibrationError.MostAt20} and 0 to {CalibrationError.MostPerDecibel}";
        }

        return Curves.Count is 0 or > MostCurves
            ? $"found {Curves.Count} curves, wanted 1 to {MostCurves}"
            : Enumerable.Range(0, Curves.Count).Select(ProblemOf).FirstOrDefault(problem => problem is not null);
    }

    private string? ProblemOf(int index)
    {
        FingerCalibrationCurve curve = Curves[index];
        int knots = FingerCalibrationCurve.KnotScores.Count;
        return curve.Knots is null || curve.Knots.Count != knots
            ? $"curve {index}: found {curve.Knots?.Count ?? 0} knots, wanted {knots}"
            : curve.MinCylinders < (index == 0 ? 1 : Curves[index - 1].MinCylinders + 1)
                ? $"curve {index}: minCylinders must rise, found {curve.MinCylinders}"
            : curve.Knots[0] < 1 || curve.Knots[^1] > FingerScorer.One
                || curve.Knots.Zip(curve.Knots.Skip(1)).Any(pair => pair.First >= pair.Second)
                ? $"curve {index}: wanted knots that rise inside 1..{FingerScorer.One}"
            : !(curve.Scale is > 0 and <= MostScale) || !(curve.Shape is >= 0 and <= MostShape)
                ? $"curve {index}: found scale {curve.Scale} and shape {curve.Shape}, wanted above 0 up to "
                    + $"{MostScale} and 0 to {MostShape}"
            : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FingerCalibrationFile))]
internal sealed partial class CalibrationJson : JsonSerializerContext;

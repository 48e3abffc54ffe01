using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Extraction.Slaps;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>What one finger of a picture gave.</summary>
internal sealed record SlapLineFinger
{
    public required string Position { get; init; }

    /// <summary>Pixels from the left and top: left and right at the tip, right and left at the joint.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Corners { get; init; }

    public required double Degrees { get; init; }

    public int Minutiae { get; init; }

    public int Quality { get; init; }

    public string? Failure { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What one picture gave.</summary>
internal sealed record SlapLine
{
    public required string File { get; init; }

    public double Milliseconds { get; init; }

    public string? Failure { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyList<SlapLineFinger> Fingers { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SlapLine))]
internal sealed partial class SlapJson : JsonSerializerContext;

/// <summary>
/// Segments and extracts every picture below a folder: a record of each finger, a drawing with the boxes, and a line in
/// a report.
/// </summary>
internal sealed class FolderSlaps(DirectoryInfo from, DirectoryInfo to, MinutiaeFormat format, SlapRequest request)
{
    public const string ReportName = "slaps-report.jsonl";

    private readonly SlapExtractor extractor = new(Environment.ProcessorCount);

    public required StatedPpi Ppi { get; init; }

    /// <summary>Pictures that gave a finger, and pictures that gave none.</summary>
    public (int Used, int Refused) Run(CancellationToken cancel)
    {
        to.Create();
        int used = 0;
        int refused = 0;
        using var report = new StreamWriter(Path.Combine(to.FullName, ReportName));
        foreach (string path in Directory.EnumerateFiles(from.FullName, "*", SearchOption.AllDirectories)
            .Where(PictureFile.IsPicture).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            SlapLine line = Read(path);
            report.WriteLine(JsonSerializer.Serialize(line, SlapJson.Default.SlapLine));
            bool isUsed = line.Fingers.Any(finger => finger.Failure is null);
            used += isUsed ? 1 : 0;
            refused += isUsed ? 0 : 1;
        }

        return (used, refused);
    }

    private SlapLine Read(string path)
    {
        string name = Path.GetRelativePath(from.FullName, path).Replace('\\', '/');
        if (PictureFile.TryRead(path, Ppi.Of(path), out string reason) is not { } picture)
        {
            return new SlapLine { File = name, Failure = "unreadable", Reason = reason };
        }

        double start = ThreadClock.Seconds();
        SlapExtraction found = extractor.Extract(picture.Image, picture.Ppi, request);
        double milliseconds = 1000 * (ThreadClock.Seconds() - start);
        string beside = Path.Combine(
            to.FullName, Path.ChangeExtension(Path.GetRelativePath(from.FullName, path), null));
        Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
        File.WriteAllBytes(beside + ".svg", SlapPlot.Svg(picture.Image, found));
        foreach (ExtractedFinger finger in found.Fingers.Where(finger => finger.Print.IsExtracted))
        {
            File.WriteAllBytes(
                $"{beside}.{WordOf(found, finger)}{MinutiaeFile.Ending(format)}",
                MinutiaeFile.Bytes(format, finger.Print.View!));
        }

        return new SlapLine
        {
            File = name,
            Milliseconds = Math.Round(milliseconds, 3),
            Failure = found.Segmentation.Failure?.Word(),
            Reason = found.Segmentation.Rejection?.ToString(),
            Warnings = found.Segmentation.Warnings.Count == 0 ? null : found.Segmentation.Warnings,
            Fingers = [.. found.Fingers.Select(finger => LineOf(finger))],
        };
    }

    /// <summary>The finger, or its number from the left where it has no name.</summary>
    private static string WordOf(SlapExtraction found, ExtractedFinger finger) =>
        finger.Finger.Position.IsUnknown
            ? $"{1 + found.Fingers.TakeWhile(each => each != finger).Count()}" : $"{finger.Finger.Position}";

    private static SlapLineFinger LineOf(ExtractedFinger finger) => new()
    {
        Position = $"{finger.Finger.Position}",
        Corners =
        [
            .. finger.Finger.Corners.Select(
                IReadOnlyList<int> (corner) => [(int)Math.Round(corner.X), (int)Math.Round(corner.Y)]),
        ],
        Degrees = Math.Round(finger.Finger.Degrees, 1),
        Minutiae = finger.Print.Minutiae.Count,
        Quality = finger.Print.Quality,
        Failure = finger.Print.Failure?.Word(),
        Reason = finger.Print.Rejection?.ToString(),
    };
}

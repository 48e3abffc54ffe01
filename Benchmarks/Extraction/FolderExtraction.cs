using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Extraction;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>What became of one picture.</summary>
internal sealed record ExtractedFile
{
    public required string File { get; init; }

    public int Minutiae { get; init; }

    public int Quality { get; init; }

    public double Milliseconds { get; init; }

    /// <summary>Why there is no record: the extractor's word, or "unreadable".</summary>
    public string? Failure { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExtractedFile))]
internal sealed partial class ExtractionJson : JsonSerializerContext;

/// <summary>What a run over a folder did.</summary>
/// <param name="Written">Records written.</param>
/// <param name="Failed">Pictures without a record.</param>
/// <param name="Skipped">Pictures whose record was there already.</param>
/// <param name="Milliseconds">CPU time of extraction alone, without reading and writing, sorted.</param>
/// <param name="Steps">Milliseconds of each step in all pictures together, in their order.</param>
internal sealed record FolderResult(
    int Written, int Failed, int Skipped, IReadOnlyList<double> Milliseconds, StepTimes Steps);

/// <summary>
/// Extracts every picture below a folder, several at a time. A picture whose record exists is passed over, so
/// that a run which was stopped goes on; a record appears under its name only when it is whole.
/// </summary>
internal sealed class FolderExtraction(DirectoryInfo from, DirectoryInfo to, MinutiaeFormat format)
{
    public const string ReportName = "extract-report.jsonl";

    public required StatedPpi Ppi { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>Extracts what has a record too.</summary>
    public bool Again { get; init; }

    /// <summary>Where the steps of each picture are drawn; null for no drawings.</summary>
    public DirectoryInfo? Drawings { get; init; }

    /// <summary>Hears how many of how many pictures are done.</summary>
    public Action<int, int> Progress { get; init; } = (_, _) => { };

    /// <exception cref="InvalidDataException">
    /// A resolution is stated for a folder that has no picture; nothing is written.
    /// </exception>
    public FolderResult Run(CancellationToken cancel)
    {
        string[] pictures =
        [
            .. Directory.EnumerateFiles(from.FullName, "*", SearchOption.AllDirectories)
                .Where(PictureFile.IsPicture).Order(StringComparer.Ordinal),
        ];
        OutputNames names = new(from.FullName, pictures);
        Ppi.Check(pictures);
        string[] open =
            [.. pictures.Where(path => Again || !File.Exists(names.PathOf(to, path, MinutiaeFile.Ending(format))))];
        to.Create();
        List<double> times = [];
        StepTimes steps = new();
        int done = 0;
        int failed = 0;
        using var report = new StreamWriter(Path.Combine(to.FullName, ReportName), append: true);
        try
        {
            Parallel.ForEach(
                open,
                new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancel },
                () => new FingerExtractor(),
                (path, _, extractor) =>
                {
                    StepTimes own = new(extractor);
                    ExtractedFile line = Extract(path, names, extractor, own);
                    lock (times)
                    {
                        report.WriteLine(JsonSerializer.Serialize(line, ExtractionJson.Default.ExtractedFile));
                        times.Add(line.Milliseconds);
                        steps.Add(own);
                        failed += line.Failure is null ? 0 : 1;
                        Progress(++done, open.Length);
                    }

                    return extractor;
                },
                _ => { });
        }
        catch (OperationCanceledException)
        {
            // What is written stays; the next run goes on after it.
        }

        times.Sort();
        return new FolderResult(done - failed, failed, pictures.Length - open.Length, times, steps);
    }

    private ExtractedFile Extract(string path, OutputNames names, FingerExtractor extractor, StepTimes steps)
    {
        string name = Path.GetRelativePath(from.FullName, path).Replace('\\', '/');
        if (PictureFile.TryRead(path, Ppi.Of(path), out string reason) is not { } picture)
        {
            return new ExtractedFile { File = name, Failure = "unreadable", Reason = reason };
        }

        steps.Start();
        double start = ThreadClock.Seconds();
        FingerExtraction found = extractor.Extract(picture.Image, picture.Ppi);
        double milliseconds = 1000 * (ThreadClock.Seconds() - start);
        if (Drawings is not null)
        {
            names.Write(Drawings, path, ".svg", ExtractionPlot.Draw(picture, found, extractor));
        }

        if (found.View is { } view)
        {
            names.Write(to, path, MinutiaeFile.Ending(format), MinutiaeFile.Bytes(format, view));
        }

        List<string> warnings = [.. picture.Image.Warnings, .. found.Warnings];
        if (picture.IsAssumed)
        {
            warnings.Add($"resolution-assumed: nobody states it, it is taken as {picture.Ppi} ppi");
        }

        return new ExtractedFile
        {
            File = name,
            Minutiae = found.Minutiae.Count,
            Quality = found.Quality,
            Milliseconds = Math.Round(milliseconds, 3),
            Failure = found.Failure?.Word(),
            Reason = found.Rejection?.ToString(),
            Warnings = warnings.Count == 0 ? null : warnings,
        };
    }
}

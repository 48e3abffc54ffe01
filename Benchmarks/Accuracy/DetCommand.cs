using System.CommandLine;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>
/// Several extractors or programs over the same impressions: error rates beside each other and DET curves in one plot.
/// </summary>
internal static class DetCommand
{
    public static Command Create(IAnsiConsole console)
    {
        Option<string[]> images = Named("--images", "DIR", "pictures SET/F_I, extracted and compared here");
        Option<string[]> records = Named("--records", "DIR", "minutiae records SET/F_I, compared here");
        Option<string[]> scores = Named("--scores", "FILE", "lines PROBE GALLERY SCORE of another program");
        Option<string[]> distances = Named("--distances", "FILE", "the same, where a lower number is more alike");
        Option<string[]> ppi = ExtractCommand.PpiOption();
        var alone = new Option<string[]>("--alone")
        {
            Description = "Sets that are not pooled with the others.",
            AllowMultipleArgumentsPerToken = true,
        };
        var title = new Option<string>("--title")
        {
            Description = "Title of the plot.",
            DefaultValueFactory = _ => "Detection error trade-off",
        };
        var svg = new Option<FileInfo?>("--svg") { Description = "Also draw the DET curves to this file." };
        var write = new Option<DirectoryInfo?>("--write")
        {
            Description = "Also write the scores of what was compared here to LABEL.txt in this folder.",
        };
        var command = new Command("det", "Error rates and DET curves of several extractors or programs.")
        {
            images, records, scores, distances, ppi, alone, title, svg, write,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<DetGroup> groups;
            try
            {
                var stated = new StatedPpi(parsed.GetValue(ppi) ?? []);
                DetSource[] compared =
                [
                    .. Each(parsed.GetValue(images), (label, path) => Compared(
                        label, FvcFolder.Read(new DirectoryInfo(path), pictures: true),
                        set => FingerFiles.Extract(set, stated, Console.Error.WriteLine))),
                    .. Each(parsed.GetValue(records), (label, path) => Compared(
                        label, FvcFolder.Read(new DirectoryInfo(path)),
                        set => FingerFiles.Prepare(set, Console.Error.WriteLine))),
                ];
                Keep(compared, parsed.GetValue(write));
                groups = Beside(
                    [
                        .. compared,
                        .. Each(parsed.GetValue(scores), (label, path) => Read(label, path, areDistances: false)),
                        .. Each(parsed.GetValue(distances), (label, path) => Read(label, path, areDistances: true)),
                    ],
                    parsed.GetValue(alone) ?? []);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Console.Error.WriteLine(e.Message);
                return RunCommand.Misused;
            }

            DetTable.Write(console, groups);
            if (parsed.GetValue(svg) is { } file)
            {
                file.Directory?.Create();
                File.WriteAllText(file.FullName, DetPlot.Draw(parsed.GetRequiredValue(title), groups));
            }

            return 0;
        });
        return command;
    }

    private static IReadOnlyList<DetGroup> Beside(DetSource[] sources, string[] alone) => sources.Length > 0
        ? DetGroup.Of(sources, alone)
        : throw new InvalidDataException(
            "found nothing to compare, wanted --images, --records, --scores or --distances");

    private static DetSource Read(string label, string path, bool areDistances) =>
        new(label, ScoreFile.Read(new FileInfo(path), areDistances));

    private static void Keep(DetSource[] sources, DirectoryInfo? folder)
    {
        foreach (DetSource source in folder is null ? [] : sources)
        {
            ScoreFile.Write(new FileInfo(Path.Combine(folder!.FullName, $"{source.Label}.txt")), source.Scores);
        }
    }

    private static Option<string[]> Named(string name, string value, string what) => new(name)
    {
        Description = $"LABEL={value} of {what}.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static IEnumerable<DetSource> Each(string[]? values, Func<string, string, DetSource> read)
    {
        foreach (string value in values ?? [])
        {
            int at = value.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == value.Length - 1)
            {
                throw new InvalidDataException($"found {value}, wanted LABEL=PATH");
            }

            yield return read(value[..at], value[(at + 1)..]);
        }
    }

    /// <summary>Every pair of impressions of each set by this project's scorer; the later one is the probe.</summary>
    private static DetSource Compared(
        string label, IReadOnlyList<IReadOnlyList<FvcImpression>> sets,
        Func<IReadOnlyList<FvcImpression>, IReadOnlyList<PreparedImpression>> read)
    {
        Dictionary<ImpressionPair, double> scores = [];
        var scratch = new FingerScratch();
        foreach (IReadOnlyList<FvcImpression> set in sets)
        {
            IReadOnlyList<PreparedImpression> prepared = read(set);
            for (int i = 0; i < prepared.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    scores.Add(
                        new ImpressionPair(NameOf(prepared[i]), NameOf(prepared[j])),
                        FvcProtocol.Score(prepared[i], prepared[j], scratch));
                }
            }

            Console.Error.WriteLine($"{label}, {set[0].Set}: {set.Count} impressions compared");
        }

        return new DetSource(label, scores);
    }

    private static string NameOf(PreparedImpression impression)
    {
        FvcImpression one = impression.Impression;
        return $"{Path.GetFileName(one.Set)}/{one.Finger}_{one.Impression}";
    }
}

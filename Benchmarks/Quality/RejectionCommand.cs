using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Quality.Nfiq2;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Quality;

/// <summary>
/// What quality values are good for: which share of the missed mated comparisons the prints with the lowest values have
/// a part in, and what is missed where they are turned away.
/// </summary>
internal static class RejectionCommand
{
    private const double Fmr = 0.001;
    private static readonly double[] Rejected = [0, 0.05, 0.1, 0.2, 0.3];

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description = "Folder of sets, each a folder of records F_I.iso with the image of each beside it.",
            Required = true,
        };
        Option<FileInfo?> model = QualityCommand.ModelOption();
        var images = new Option<bool>("--images")
        {
            Description = "Compare the minutiae that are extracted from pictures F_I.tif, .png ... instead of records.",
        };
        Option<string[]> ppi = ExtractCommand.PpiOption();
        var command = new Command(
            "quality-rejection", "Missed comparisons by the quality of the prints, by the FVC protocol.")
        {
            fingers, model, images, ppi,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(fingers), parsed.GetValue(model),
            parsed.GetValue(images) ? parsed.GetValue(ppi) ?? [] : null, console));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo folder, FileInfo? model, string[]? picturesPpi, IAnsiConsole console)
    {
        if (!QualityCommand.TryReadForest(model, out QualityForest? forest))
        {
            return RunCommand.Misused;
        }

        List<ComparedPrints> sets = [];
        try
        {
            StatedPpi? ppi = picturesPpi is null ? null : new StatedPpi(picturesPpi);
            foreach (IReadOnlyList<FvcImpression> set in FvcFolder.Read(folder, ppi is not null))
            {
                sets.Add(ComparedPrints.Of(FingerFiles.Read(set, ppi, Console.Error.WriteLine), ppi, forest));
                await Console.Error.WriteLineAsync($"{set[0].Set}: {set.Count} impressions compared");
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return RunCommand.Misused;
        }

        Write(console, sets);
        return 0;
    }

    private static void Write(IAnsiConsole console, List<ComparedPrints> sets)
    {
        ComparedPrints all = ComparedPrints.Pool(sets);
        var scores = new ComparisonScores(
            all.Comparisons.Where(it => it.IsMated).Select(it => it.Score),
            all.Comparisons.Where(it => !it.IsMated).Select(it => it.Score));
        double threshold = scores.ThresholdAt(Fmr);
        Machine machine = Machine.Read();
        console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, {machine.Level}, commit {machine.Commit}");
        console.WriteLine(
            $"{all.Prints.Count} prints, {scores.Mated} mated comparisons, {scores.MissesAt(threshold)} missed at FMR "
            + $"{Fmr:P1}; extraction and reason take {all.OwnMilliseconds:0.0} ms a print, NFIQ 2's measures and "
            + $"forest {all.NfiqMilliseconds:0.0} ms (median, one thread)");

        var table = new Table().AddColumn("value").AddColumn("set").AddColumn("missed")
            .AddColumn("with a print of the lowest tenth");
        foreach (double rejected in Rejected)
        {
            table.AddColumn($"FNMR without {rejected:P0}");
        }

        foreach (QualityKind kind in QualityKind.All.Where(kind => all.Prints.Any(it => kind.Of(it) is not null)))
        {
            foreach (ComparedPrints set in sets.Count > 1 ? [.. sets, all] : sets)
            {
                string name = ReferenceEquals(set, all) ? "all" : set.Name;
                RejectionCurve curve = new(set, kind, threshold);
                table.AddRow(
                [
                    kind.Name, name, $"{curve.Missed}", $"{curve.ShareOfMissed(0.1):P1}",
                    .. Rejected.Select(rejected => $"{curve.FnmrWithout(rejected):P2}"),
                ]);
            }
        }

        console.Write(table);
    }
}

/// <summary>A value by which prints can be turned away; a lower one is poorer.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Of">The value of a print; null where it has none.</param>
internal sealed record QualityKind(string Name, Func<ComparedPrint, double?> Of)
{
    public static IReadOnlyList<QualityKind> All { get; } =
    [
        new("quality", print => print.Judged.Extraction.Quality),
        new("NFIQ2-like", print => print.Judged.NfiqLike),
        new("minutiae", print => print.Judged.Minutiae?.Count),
    ];
}

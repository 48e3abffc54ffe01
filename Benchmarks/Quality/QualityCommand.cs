using System.CommandLine;
using System.Globalization;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Benchmarks.Quality;

/// <summary>The quality of every finger image in a folder, as a table with tabs.</summary>
internal static class QualityCommand
{
    /// <summary>Exit code where a file could not be judged; the table names it.</summary>
    private const int SomeFailed = 1;

    public static Command Create()
    {
        var input = new Option<DirectoryInfo>("--in")
        {
            Description = "Folder of finger images, read with the folders in it.",
            Required = true,
        };
        var model = ModelOption();
        var ppi = new Option<int?>("--ppi")
        {
            Description = "Pixels per inch of all images; by default what a record beside it or the file states.",
        };
        ppi.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < PrintResolution.Least or > PrintResolution.Most)
            {
                result.AddError($"--ppi: wanted {PrintResolution.Least}..{PrintResolution.Most}");
            }
        });
        var output = new Option<FileInfo?>("--out") { Description = "Write the table to this file." };
        var command = new Command(
            "quality", "NFIQ 2's measures and a quality value of every finger image in a folder, as a table with tabs.")
        {
            input, model, ppi, output,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(input), parsed.GetValue(model), parsed.GetValue(ppi), parsed.GetValue(output)));
        return command;
    }

    public static Option<FileInfo?> ModelOption() => new("--nfiq2-model")
    {
        Description = "NIST's forest for NFIQ 2 (nist_plain_tir-ink.yaml, or a ZIP archive of it); it is not shipped.",
    };

    /// <summary>The forest of a file; what it is, or what is wrong with it, goes to the error stream.</summary>
    /// <returns>False where there is a file and no forest in it.</returns>
    public static bool TryReadForest(FileInfo? file, out QualityForest? forest)
    {
        forest = null;
        if (file is null)
        {
            return true;
        }

        Decoded<QualityForest> read;
        try
        {
            read = QualityForestFile.Read(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"--nfiq2-model: {e.Message}");
            return false;
        }

        if (!read.IsAccepted)
        {
            Console.Error.WriteLine($"--nfiq2-model: {read.Rejection}");
            return false;
        }

        forest = read.Value;
        Console.Error.WriteLine(forest.Published is { } published
            ? $"forest: {published.Name} (MD5 {forest.Md5})"
            : $"forest: MD5 {forest.Md5} is none that NIST published; {forest.Trees} trees, {forest.Nodes} nodes");
        return true;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, FileInfo? model, int? ppi, FileInfo? output)
    {
        if (!folder.Exists)
        {
            await Console.Error.WriteLineAsync($"--in: found no folder {folder.FullName}");
            return RunCommand.Misused;
        }

        if (!TryReadForest(model, out QualityForest? forest))
        {
            return RunCommand.Misused;
        }

        string[] files =
        [
            .. folder.EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => JudgedPrint.ImageEndings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
                .Select(file => Path.GetRelativePath(folder.FullName, file.FullName))
                .Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            await Console.Error.WriteLineAsync($"--in: found no image in {folder.FullName}");
            return RunCommand.Misused;
        }

        output?.Directory?.Create();
        await using TextWriter writer = output is null ? Console.Out : output.CreateText();
        await writer.WriteLineAsync(Header());
        int failures = 0;
        foreach ((string row, bool isFailure) in files.AsParallel().AsOrdered()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(file => Row(folder.FullName, file, ppi, forest)))
        {
            await writer.WriteLineAsync(row);
            failures += isFailure ? 1 : 0;
        }

        await Console.Error.WriteLineAsync($"{files.Length} images, {failures} without a value");
        return failures == 0 ? 0 : SomeFailed;
    }

    private static string Header() => string.Join(
        '\t',
        [
            "file", "width", "height", "ppi", "quality", "reason", "nfiq2_like", "region_mm2", "clear_mm2",
            "strong_mm2", "coherence", "contrast", "brightness", "unevenness", "flow", .. NfiqMeasureNames.All,
            "error",
        ]);

    /// <summary>The row of an image, and whether it has no value.</summary>
    public static (string Row, bool IsFailure) Row(string folder, string file, int? ppi, QualityForest? forest)
    {
        string? error = null;
        JudgedPrint? print = null;
        try
        {
            Decoded<JudgedPrint> read = JudgedPrint.Read(Path.Combine(folder, file), ppi, forest);
            (print, error) = (read.Value, read.Rejection?.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
        }

        IEnumerable<string> fields = print is null
            ? Enumerable.Repeat("", 14 + NfiqMeasureNames.All.Count)
            : Fields(print);
        error ??= print?.Measures.Rejection?.ToString() ?? "";
        return (
            string.Join('\t', [Plain(file), .. fields, Plain(error)]),
            print is null);
    }

    private static IEnumerable<string> Fields(JudgedPrint print)
    {
        PrintSigns? signs = print.Signs;
        double?[] numbers =
        [
            signs?.RegionMm2, signs?.ClearMm2, signs?.StrongMm2, signs?.Coherence, signs?.Contrast,
            signs?.Brightness, signs?.Unevenness, signs?.Flow,
            .. NfiqMeasureNames.All.Select((_, i) => print.Measures.Value?.Values[i]),
        ];
        return
        [
            $"{print.Image.Width}", $"{print.Image.Height}", $"{print.SourcePpi}", $"{print.Extraction.Quality}",
            print.Reason?.Word() ?? "", $"{print.NfiqLike}",
            .. numbers.Select(number => number?.ToString("G9", CultureInfo.InvariantCulture) ?? ""),
        ];
    }

    /// <summary>A text without what would end a field or a row.</summary>
    private static string Plain(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}

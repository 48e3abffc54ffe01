using System.CommandLine;
using System.Globalization;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits finger curves to an installation's own prints and writes them as a file for the server's <c>--calibration</c>,
/// with a page of evidence.
/// </summary>
internal sealed class InstallationCommand
{
    private readonly Option<DirectoryInfo?> data = new("--data")
    {
        Description = "The server's data directory, while no server runs on it, or a copy of it.",
    };

    private readonly Option<DirectoryInfo?> fingers = new("--fingers")
    {
        Description = "Instead of it a folder of sets, one for each sensor or extractor: SET/F_I.iso.",
    };

    private readonly Option<bool> images = new("--images")
    {
        Description = "With --fingers: extract the minutiae from pictures F_I.png, .tif ... (finger F, impression I).",
    };

    private readonly Option<string[]> ppi = ExtractCommand.PpiOption();

    private readonly Option<string?> gallery = new("--gallery") { Description = "Only encounters of this gallery." };

    private readonly Option<string?> type = new("--encounter-type")
    {
        Description = "Only encounters of this type, where it says which sensor or extractor they are from.",
    };

    private readonly Option<string> name = new("--name")
    {
        Description = "What answers call it, before a hash of the curves.",
        DefaultValueFactory = _ => "site",
    };

    private readonly Option<FileInfo> file = new("--out") { Description = "The file to write.", Required = true };

    private readonly Option<FileInfo?> report = new("--report") { Description = "Also write the evidence, Markdown." };

    private readonly Option<int> people = Number("--people", "People of the data directory that are taken.", 2000);

    private readonly Option<int> pairs = Number(
        "--pairs", "Comparisons of whole prints; eight times as many of cut ones are made.", 100_000);

    private readonly Option<int> draws = Number("--draws", "Fits to other people, for the standard error.", 200);

    private readonly TimeProvider clock;
    private readonly IAnsiConsole console;

    private InstallationCommand(IAnsiConsole console, TimeProvider clock) =>
        (this.console, this.clock) = (console, clock);

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        InstallationCommand made = new(console, clock);
        made.name.Validators.Add(result =>
        {
            if (!FingerCalibrationFile.IsName(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError(
                    $"--name: wanted 1 to {FingerCalibrationFile.LongestName} letters, digits, '-', '_' and '.'");
            }
        });
        var command = new Command("installation", "Fits finger curves to an installation's own prints.")
        {
            made.data, made.fingers, made.images, made.ppi, made.gallery, made.type, made.name, made.file,
            made.report, made.people, made.pairs, made.draws,
        };
        command.SetAction(made.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        FingerViews views;
        try
        {
            views = (parsed.GetValue(data), parsed.GetValue(fingers)) switch
            {
                ({ } directory, null) => await InstallationViews.ReadAsync(
                    directory, parsed.GetValue(gallery), parsed.GetValue(type), parsed.GetValue(people), cancel),
                (null, { } folder) => FingerViews.OfFolder(
                    folder, parsed.GetValue(images) ? new StatedPpi(parsed.GetValue(ppi) ?? []) : null,
                    Console.Error.WriteLine),
                _ => throw new InvalidDataException("wanted either --data or --fingers"),
            };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or StoreException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return RunCommand.Misused;
        }

        (views, int leftOut) = views.OfOneExtractor();
        if (leftOut > 0)
        {
            await Console.Error.WriteLineAsync(
                $"{leftOut} prints of another extractor are left out, {views.Views.Count} of the one that most are of "
                + "are taken: curves are of one extractor");
        }

        InstallationFit fit = InstallationFit.Of(views, parsed.GetValue(pairs), parsed.GetValue(draws));
        if (fit.Curves.Count == 0)
        {
            await Console.Error.WriteLineAsync(
                $"found {fit.Compared} non-mated comparisons of {views.Fingers} fingers, wanted "
                + $"{FingerCalibrationFit.MinComparisons} of one size at least: nothing is written");
            return RunCommand.Misused;
        }

        var calibration = FingerCalibrationFile.Of(
            parsed.GetValue(name)!, clock.GetUtcNow(), views.Fingers, fit.Draws!.Error, fit.Curves,
            views.Extractor);
        await WriteAsync(parsed.GetValue(file)!, calibration.ToJson(), cancel);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{calibration.ToCalibration().Id}: {views.Fingers:#,0} fingers or people, {fit.Compared:#,0} non-mated "
            + $"comparisons, {fit.Suspected:#,0} pairs suspected to be one person and left out"));
        CalibrationReport.WriteSpread(console, fit.Draws);
        if (fit.Own.Count > 0)
        {
            ClaimTable.WriteByFinger(console, "whole prints, curves of the other half of the people", fit.Own);
        }

        ClaimTable.WriteByFinger(console, "whole prints, committed curves", fit.Committed);
        if (parsed.GetValue(report) is { } page)
        {
            await WriteAsync(page, InstallationReport.Of(calibration, views, fit), cancel);
        }

        return 0;
    }

    private static async Task WriteAsync(FileInfo file, string text, CancellationToken cancel)
    {
        file.Directory?.Create();
        await File.WriteAllTextAsync(file.FullName, text, cancel);
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 10 and <= 10_000_000))
            {
                result.AddError($"{name}: wanted 10 to 10000000");
            }
        });
        return option;
    }
}

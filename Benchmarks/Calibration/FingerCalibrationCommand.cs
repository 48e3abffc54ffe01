using System.CommandLine;
using System.Globalization;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits the finger curves to a folder of real prints, in the form in which they are committed, and says how
/// the committed ones hold on whole prints. Without a folder it fits nothing: scores must not be set by
/// synthetic people, it only says how the committed curves hold on them.
/// </summary>
internal static class FingerCalibrationCommand
{
    private const int DefaultPeople = 2000;

    /// <summary>Fits to other sets and fingers, for the standard error.</summary>
    private const int Draws = 400;

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo?>("--fingers")
        {
            Description = "Folder of sets, each a folder of records F_I.iso. Default: synthetic people.",
        };
        var images = new Option<bool>("--images")
        {
            Description = "Extract the minutiae from the sets' pictures F_I.png, .tif ... instead of reading records.",
        };
        Option<string[]> ppi = ExtractCommand.PpiOption();
        var others = new Option<DirectoryInfo?>("--others")
        {
            Description = "The same sets and fingers by another extractor: says how mixed pairs hold.",
        };
        var people = new Option<int>("--people")
        {
            Description = "Synthetic people, where there is no folder; every pair is compared.",
            DefaultValueFactory = _ => DefaultPeople,
        };
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 100 and <= 20_000))
            {
                result.AddError("--people: wanted 100 to 20000");
            }
        });
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the synthetic population.",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command("fingers", "Fits the finger curves and says how the committed ones hold.")
        {
            fingers, images, ppi, others, people, seed,
        };
        command.SetAction(parsed => Run(
            () => parsed.GetValue(fingers) is { } folder
                ? FingerViews.OfFolder(
                    folder, parsed.GetValue(images) ? new StatedPpi(parsed.GetValue(ppi) ?? []) : null,
                    Console.Error.WriteLine)
                : FingerViews.OfSyntheticPeople(parsed.GetValue(people), parsed.GetValue(seed)),
            parsed.GetValue(fingers) is not null, parsed.GetValue(others), console));
        return command;
    }

    private static int Run(
        Func<FingerViews> read, bool areReal, DirectoryInfo? othersFolder, IAnsiConsole console)
    {
        FingerViews? others = null;
        if (FingerViews.Try(read) is not { } views
            || (othersFolder is not null && (others = FingerViews.Try(
                () => FingerViews.OfFolder(othersFolder, null, Console.Error.WriteLine))) is null))
        {
            return RunCommand.Misused;
        }

        FingerCalibrationFit? fit = areReal ? WriteFit(console, views) : null;
        WriteClaims(console, views, fit);
        if (others is not null)
        {
            MixedClaims.Write(console, views, others);
        }

        return 0;
    }

    private static FingerCalibrationFit WriteFit(IAnsiConsole console, FingerViews views)
    {
        IReadOnlyList<NonMatedComparison> compared =
            FingerCalibrationRun.NonMated(views.Views, views.DifferInside);
        FingerCalibrationFit fit = new(compared, views.SetOf, views.Allowance);
        IReadOnlyList<FingerCalibrationCurve> curves = fit.Curves();
        FingerCurves of = ScoreCalibration.Default.CurvesOf(views.Extractor);
        string[] committed = Lines(of.All, of.Error);
        console.WriteLine(
            $"{of.Name}, fitted to {compared.Count:#,0} non-mated comparisons inside the sets, whole and cut prints "
            + $"of {views.Fingers:#,0} fingers, less {views.Allowance} dB for other sensors:");
        if (curves.Count == 0)
        {
            console.WriteLine($"  none: a size wants {FingerCalibrationFit.MinComparisons:#,0} comparisons");
            return fit;
        }

        CalibrationDraws draws = CalibrationDraws.Of(fit, curves[^1], views, Draws);
        string[] fitted = Lines(curves, draws.Error);
        Array.ForEach(fitted, console.WriteLine);
        if (fitted.SequenceEqual(committed))
        {
            console.WriteLine("The fitted curves are the committed ones.");
        }
        else
        {
            console.WriteLine("The fitted curves are NOT the committed ones, which are:");
            Array.ForEach(committed, console.WriteLine);
        }

        CalibrationReport.WriteSpread(console, draws);
        return fit;
    }

    private static void WriteClaims(IAnsiConsole console, FingerViews views, FingerCalibrationFit? fit)
    {
        IReadOnlyList<WholeComparison> compared = views.NonMated();
        WholeComparison[] inside = [.. compared.Where(c => c.Set is not null)];
        WholeComparison[] across = [.. compared.Where(c => c.Set is null)];
        bool several = views.SetNames.Count > 1;
        if (fit is null)
        {
            ClaimTable.Write(console, $"whole prints of {views.Sets[0]}", Committed(views, inside));
            console.WriteLine(
                $"{views.Fingers:#,0} fingers: comparisons that share one are dependent, so the true intervals are "
                + "wider than these of Wilson.");
            return;
        }

        ClaimTable.WriteByFinger(
            console,
            several ? "whole prints inside the sets" : $"whole prints of {views.Sets[0]}",
            SetClaimTable.Scored(views, inside, ScoreCalibration.Default));
        if (several)
        {
            ClaimTable.Write(console, "whole prints across the sets", Committed(views, across));
            SetClaimTable.Write(console, views, fit, inside);
            FusedClaims.Write(console, views, set => SetClaimTable.WithoutSet(fit, set));
        }
    }

    private static double[] Committed(FingerViews views, WholeComparison[] compared) =>
        [.. SetClaimTable.Scored(views, compared, ScoreCalibration.Default).Select(pair => pair.Score)];

    /// <summary>Curves as they stand in <see cref="FingerCalibration"/>.</summary>
    private static string[] Lines(IReadOnlyList<FingerCalibrationCurve> curves, CalibrationError error) =>
    [
        .. curves.Select(curve => string.Create(
            CultureInfo.InvariantCulture,
            $"  new({curve.MinCylinders}, {curve.Comparisons:#'_'000}, [{string.Join(", ", curve.Knots)}], "
            + $"{curve.Scale}, {curve.Shape}),")),
        string.Create(CultureInfo.InvariantCulture, $"  standard error: new({error.At20}, {error.PerDecibel})"),
    ];
}

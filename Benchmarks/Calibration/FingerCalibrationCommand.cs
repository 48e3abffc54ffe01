using System.CommandLine;
using System.Globalization;
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
            fingers, people, seed,
        };
        command.SetAction(parsed =>
            Run(parsed.GetValue(fingers), parsed.GetValue(people), parsed.GetValue(seed), console));
        return command;
    }

    private static int Run(DirectoryInfo? folder, int people, ulong seed, IAnsiConsole console)
    {
        FingerViews? read = FingerViews.Try(() => folder is null
            ? FingerViews.OfSyntheticPeople(people, seed) : FingerViews.OfFolder(folder, Console.Error.WriteLine));
        if (read is not { } views)
        {
            return RunCommand.Misused;
        }

        FingerCalibrationFit? fit = folder is null ? null : WriteFit(console, views);
        WriteClaims(console, views, fit);
        return 0;
    }

    private static FingerCalibrationFit WriteFit(IAnsiConsole console, FingerViews views)
    {
        IReadOnlyList<NonMatedComparison> compared =
            FingerCalibrationRun.NonMated(views.Views, views.DifferInside);
        FingerCalibrationFit fit = new(compared, views.SetOf);
        IReadOnlyList<FingerCalibrationCurve> curves = fit.Curves();
        string[] committed = Lines(FingerCalibration.Curves, FingerCalibration.Error);
        console.WriteLine(
            $"fitted to {compared.Count:#,0} non-mated comparisons inside the sets, whole and cut prints "
            + $"of {views.Fingers:#,0} fingers:");
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
            ClaimTable.Write(console, $"whole prints of {views.Sets[0]}", Committed(inside));
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
            ClaimTable.Write(console, "whole prints across the sets", Committed(across));
            SetClaimTable.Write(console, views, fit, inside);
            FusedClaims.Write(console, views, set => SetClaimTable.WithoutSet(fit, set));
        }
    }

    private static double[] Committed(WholeComparison[] compared) =>
        [.. compared.Select(c => FingerCalibration.Score(c.Strength, c.Cylinders, c.Cylinders))];

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

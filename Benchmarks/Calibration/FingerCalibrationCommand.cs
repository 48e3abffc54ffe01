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
        FingerViews views;
        try
        {
            views = folder is null
                ? FingerViews.OfSyntheticPeople(people, seed)
                : FingerViews.OfFolder(folder, Console.Error.WriteLine);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        if (folder is not null)
        {
            WriteFit(console, views);
        }

        WriteClaims(console, views);
        return 0;
    }

    private static void WriteFit(IAnsiConsole console, FingerViews views)
    {
        IReadOnlyList<(int Strength, int MinCylinders)> compared =
            FingerCalibrationRun.NonMated(views.Views, views.DifferInside);
        string[] committed = Lines(FingerCalibration.Curves);
        string[] fitted = Lines(FingerCalibrationFit.Fit(compared));
        console.WriteLine(
            $"fitted to {compared.Count:#,0} non-mated comparisons inside the sets, whole and cut prints "
            + $"of {views.Fingers:#,0} fingers:");
        Array.ForEach(fitted, console.WriteLine);
        if (fitted.Length == 0)
        {
            console.WriteLine($"  none: a size wants {FingerCalibrationFit.MinComparisons:#,0} comparisons");
        }

        if (fitted.SequenceEqual(committed))
        {
            console.WriteLine("The fitted curves are the committed ones.");
            return;
        }

        console.WriteLine("The fitted curves are NOT the committed ones, which are:");
        Array.ForEach(committed, console.WriteLine);
    }

    private static void WriteClaims(IAnsiConsole console, FingerViews views)
    {
        IReadOnlyList<WholeComparison> compared = views.NonMated();
        WholeComparison[] inside = [.. compared.Where(c => c.Set is not null)];
        WholeComparison[] across = [.. compared.Where(c => c.Set is null)];
        bool several = views.Sets.Distinct().Count() > 1;
        ClaimTable.Write(
            console,
            several ? "whole prints inside the sets" : $"whole prints of {views.Sets[0]}",
            Committed(inside));
        if (several)
        {
            ClaimTable.Write(console, "whole prints across the sets", Committed(across));
            SetClaimTable.Write(console, views, inside);
        }

        console.WriteLine(
            $"{views.Fingers:#,0} fingers: comparisons that share one are dependent, so the true intervals are "
            + "wider than these of Wilson.");
    }

    private static double[] Committed(WholeComparison[] compared) =>
        [.. compared.Select(c => FingerCalibration.Score(c.Strength, c.Cylinders, c.Cylinders))];

    /// <summary>Curves as they stand in <see cref="FingerCalibration"/>.</summary>
    private static string[] Lines(IReadOnlyList<FingerCalibrationCurve> curves) =>
    [
        .. curves.Select(curve => string.Create(
            CultureInfo.InvariantCulture,
            $"  new({curve.MinCylinders}, {curve.Comparisons:#'_'000}, [{string.Join(", ", curve.Knots)}], "
            + $"{curve.Scale}, {curve.Shape}),")),
    ];
}

using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits the finger curves to non-mated comparisons of real or of synthetic fingers, in the form in which they
/// are committed, and says how the committed ones hold on whole prints of the same fingers.
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

        WriteCurves(console, "committed", FingerCalibration.Curves);
        WriteCurves(
            console,
            "fitted",
            FingerCalibrationFit.Fit(FingerCalibrationRun.NonMated(views.Views, views.Differ)));
        (List<double> inside, List<double> across) = views.NonMatedScores();
        if (across.Count > 0)
        {
            ClaimTable.Write(console, "whole prints inside the sets", inside);
            ClaimTable.Write(console, "whole prints across the sets", across);
        }

        ClaimTable.Write(console, "whole prints", [.. inside, .. across]);
        return 0;
    }

    private static void WriteCurves(
        IAnsiConsole console, string title, IReadOnlyList<FingerCalibrationCurve> curves)
    {
        console.WriteLine($"{title}:");
        foreach (FingerCalibrationCurve curve in curves)
        {
            console.WriteLine(
                $"  new({curve.MinCylinders}, {curve.Comparisons.ToString("#,0").Replace(',', '_')}, "
                + $"[{string.Join(", ", curve.Knots)}], {curve.Scale}, {curve.Shape}),");
        }
    }
}

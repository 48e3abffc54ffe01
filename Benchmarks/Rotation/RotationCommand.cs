using System.CommandLine;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Rotation;

/// <summary>
/// What turned prints cost: error rates of comparisons of one with one, what the claims of scores are worth when the
/// probe is turned, how well prints upside down are told, and what searches of the whole engine find and take.
/// </summary>
internal static class RotationCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description = "Folder of sets, each a folder of minutiae records F_I.iso (finger F, impression I).",
            Required = true,
        };
        var people = new Option<int>("--people")
        {
            Description = "Generated people beside each set's fingers in the searches; 0 makes no searches.",
            DefaultValueFactory = _ => 5000,
        };
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (0 or (>= 100 and <= 100_000)))
            {
                result.AddError("--people: wanted 0, or 100 to 100000");
            }
        });
        var command = new Command("rotation", "Says what turned prints lose and what looking for them costs.")
        {
            fingers, people,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(fingers), parsed.GetValue(people), console));
        return command;
    }

    private static int Run(DirectoryInfo folder, int people, IAnsiConsole console)
    {
        if (FingerViews.Try(() => FingerViews.OfFolder(folder, null, Console.Error.WriteLine)) is not { } views)
        {
            return RunCommand.Misused;
        }

        TurnedComparisons.Write(console, views);
        LeanTable.Write(console, views);
        bool areSeveral = views.SetNames.Count > 1;
        FingerCalibrationFit? fit = areSeveral
            ? new FingerCalibrationFit(
                FingerCalibrationRun.NonMated(views.Views, views.DifferInside), views.SetOf, views.Allowance)
            : null;
        ScoreCalibration By(int set) => fit is null ? ScoreCalibration.Default : SetClaimTable.WithoutSet(fit, set);
        TurnedClaims.Write(console, views, By);
        if (people > 0)
        {
            TurnedSearches.Write(console, views, people, By);
        }

        return 0;
    }
}

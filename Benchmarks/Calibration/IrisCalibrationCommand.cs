using System.CommandLine;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits the iris model to synthetic eyes, says it beside the committed one, and holds the committed one
/// against eyes of another population that it was not fitted to.
/// </summary>
internal static class IrisCalibrationCommand
{
    /// <summary>4,498,500 pairs: shares down to 1e-5 stand on enough of them.</summary>
    private const int DefaultEyes = 3000;

    private static readonly (string Name, IrisShape Shape)[] Profiles =
    [
        ("D2048", IrisShape.D2048), ("12800", IrisShape.OpenIris12800), ("W16384", IrisShape.W16384),
    ];

    public static Command Create(IAnsiConsole console)
    {
        var eyes = new Option<int>("--eyes")
        {
            Description = "Synthetic eyes; every pair is compared.",
            DefaultValueFactory = _ => DefaultEyes,
        };
        eyes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 100 and <= 20_000))
            {
                result.AddError("--eyes: wanted 100 to 20000");
            }
        });
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the population that is fitted; the next one is the check.",
            DefaultValueFactory = _ => 1,
        };
        var command =
            new Command("irises", "Fits the iris model and says how the committed one holds.") { eyes, seed };
        command.SetAction(parsed => Run(parsed.GetValue(eyes), parsed.GetValue(seed), console));
        return command;
    }

    private static int Run(int eyes, int seed, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(
            "profile", "comparisons", "degrees fitted", "committed", "rotations fitted", "committed",
            "fitted down to", "worst error");
        foreach ((string name, IrisShape shape) in Profiles)
        {
            Console.Error.WriteLine($"{name}: fitting {eyes} eyes");
            IrisCalibrationFitted fitted = IrisCalibrationFit.Fit(
                IrisCalibrationSamples.NonMated(new SyntheticPopulation((ulong)seed), shape, eyes));
            IrisCalibrationModel committed = IrisCalibration.ModelOf(shape);
            table.AddRow(
                name,
                fitted.Comparisons.ToString("#,0"),
                fitted.Model.DegreesOfFreedom.ToString("0.0"),
                committed.DegreesOfFreedom.ToString("0.0"),
                fitted.Model.EffectiveRotations.ToString("0.0"),
                committed.EffectiveRotations.ToString("0.0"),
                fitted.LowestShare.ToString("0.0e+0"),
                fitted.WorstError.ToString("0.0"));
        }

        console.Write(table);
        foreach ((string name, IrisShape shape) in Profiles)
        {
            Console.Error.WriteLine($"{name}: checking {eyes} other eyes");
            IrisCalibrationModel committed = IrisCalibration.ModelOf(shape);
            double[] distances =
                IrisCalibrationSamples.NonMated(new SyntheticPopulation((ulong)seed + 1), shape, eyes);
            ClaimTable.Write(console, name, [.. distances.Select(committed.ScoreOf)]);
        }

        return 0;
    }
}

using System.CommandLine;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>Fits the constants that turn distances into scores again, on the data they were committed with.</summary>
internal static class CalibrateCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var eyes = new Option<int>("--eyes")
        {
            Description = "Synthetic eyes, every pair of which is compared.",
            DefaultValueFactory = _ => 3000,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the population.",
            DefaultValueFactory = _ => 1,
        };
        eyes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 40 or > 20_000)
            {
                result.AddError("--eyes wants 40..20000");
            }
        });
        var irises = new Command("irises", "Degrees of freedom and effective rotations of each iris profile.")
        {
            eyes, seed,
        };
        irises.SetAction(parsed => Irises(console, parsed.GetValue(seed), parsed.GetValue(eyes)));
        return new Command("calibrate", "Fit score constants on synthetic non-mated comparisons.") { irises };
    }

    private static int Irises(IAnsiConsole console, ulong seed, int eyes)
    {
        var table = new Table().AddColumns(
            "shape", "comparisons", "degrees", "rotations", "worst error", "down to share", "committed");
        foreach (IrisShape shape in new[] { IrisShape.D2048, IrisShape.OpenIris12800, IrisShape.W16384 })
        {
            double[] distances = IrisCalibrationSamples.NonMated(new SyntheticPopulation(seed), shape, eyes);
            IrisCalibrationFitted fitted = IrisCalibrationFit.Fit(distances);
            IrisCalibrationModel committed = IrisCalibration.ModelOf(shape);
            table.AddRow(
                $"{shape}",
                $"{fitted.Comparisons}",
                $"{fitted.Model.DegreesOfFreedom:F1}",
                $"{fitted.Model.EffectiveRotations:F1}",
                $"{fitted.WorstError:F1}",
                $"{fitted.LowestShare:E1}",
                $"{committed.DegreesOfFreedom}, {committed.EffectiveRotations}");
        }

        console.Write(table);
        return 0;
    }
}

using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// The calibration fitted to all eyes, and to each of four halves of them (even, odd, first, last), held
/// against the eyes of the other half.
/// </summary>
internal static class IrisHalves
{
    private static readonly int[] Scores = [10, 20, 30, 40, 50];

    private static readonly (string Name, Func<int, int, bool> Holds)[] Halves =
    [
        ("even", (eye, _) => eye % 2 == 0), ("odd", (eye, _) => eye % 2 == 1),
        ("first", (eye, eyes) => eye < eyes / 2), ("last", (eye, eyes) => eye >= eyes / 2),
    ];

    public static void Write(
        string name, IrisShape shape, IReadOnlyList<EyeComparison> comparisons, int[] eyes, IAnsiConsole console)
    {
        EyeComparison[] nonMated = [.. comparisons.Where(c => eyes[c.One] != eyes[c.Other] && c.Normalised < 1)];
        IrisCalibrationFitted all = IrisCalibrationFit.Fit([.. nonMated.Select(c => c.Normalised)]);
        IrisCalibrationModel committed = IrisCalibration.ModelOf(shape, IrisEncoderId.MatchCluster1);
        console.WriteLine(
            $"{name}: {all.Comparisons:#,0} comparisons fit {all.Model.DegreesOfFreedom:0.0} degrees and "
            + $"{all.Model.EffectiveRotations:0.0} rotations down to {all.LowestShare:0.0e+0} (worst error "
            + $"{all.WorstError:0.0}); committed {committed.DegreesOfFreedom} and {committed.EffectiveRotations}");
        Table table = ClaimTable.New(
            ["fitted to", "degrees", "rotations", .. Scores.Select(score => $"times the claim at {score}")]);
        int count = eyes.Max() + 1;
        foreach ((string half, Func<int, int, bool> holds) in Halves)
        {
            bool In(int picture) => holds(eyes[picture], count);
            IrisCalibrationModel fitted = IrisCalibrationFit.Fit(
                [.. nonMated.Where(c => In(c.One) && In(c.Other)).Select(c => c.Normalised)]).Model;
            Add(table, half, fitted, nonMated.Where(c => !In(c.One) && !In(c.Other)));
        }

        Add(table, "committed, all eyes", committed, nonMated);
        console.Write(table);
    }

    private static void Add(
        Table table, string name, IrisCalibrationModel model, IEnumerable<EyeComparison> tested)
    {
        double[] scores = [.. tested.Select(c => model.ScoreOf(c.Normalised))];
        table.AddRow(
        [
            name, model.DegreesOfFreedom.ToString("0.0"), model.EffectiveRotations.ToString("0.0"),
            .. Scores.Select(level => TimesOf(scores, level)),
        ]);
    }

    private static string TimesOf(double[] scores, int level)
    {
        double claimed = scores.Length * Math.Pow(10, -level / 10.0);
        int reached = scores.Count(score => score >= level);
        return $"{reached / claimed:0.00} ({reached:#,0} of {claimed:0.#})";
    }
}

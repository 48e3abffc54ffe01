using System.CommandLine;
using System.Globalization;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Compares the iris scores with what non-mated pairs reach: a large gallery searched by people who are not
/// in it, every pair by the block engine, beside the odds that J. Daugman published for his codes.
/// </summary>
internal static class OddsCommand
{
    /// <summary>Neither fitted to nor searched for elsewhere.</summary>
    private const ulong Seed = 77;

    /// <summary>
    /// One false match in so many at a normalised distance, single eyes (J. Daugman, Probing the uniqueness and
    /// randomness of IrisCodes, Proc. IEEE 94(11), 2006).
    /// </summary>
    private static readonly Dictionary<double, double> Published = new() { [0.33] = 4e6, [0.31] = 185e6 };

    public static Command Create(IAnsiConsole console)
    {
        var eyes = new Option<int>("--eyes")
        {
            Description = "Generated eyes in the gallery.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var probes = new Option<int>("--probes")
        {
            Description = "Generated strangers who search it.",
            DefaultValueFactory = _ => 1000,
        };
        var pairs = new Option<int>("--pairs")
        {
            Description = "People whose two eyes are fused, each pair of them.",
            DefaultValueFactory = _ => 4000,
        };
        eyes.Validators.Add(result => Check(result, "--eyes", 512, 10_000_000));
        probes.Validators.Add(result => Check(result, "--probes", 1, 100_000));
        pairs.Validators.Add(result => Check(result, "--pairs", 2, 20_000));
        var command = new Command("odds", "Counts how often strangers reach a score, single and fused eyes.")
        {
            eyes, probes, pairs,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetValue(eyes), parsed.GetValue(probes), parsed.GetValue(pairs), console, cancel)));
        return command;
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, string name, int least, int most)
    {
        if (result.GetValueOrDefault<int>() is int value && (value < least || value > most))
        {
            result.AddError($"{name}: wanted {least} to {most}");
        }
    }

    private static int Run(int eyes, int probes, int pairs, IAnsiConsole console, CancellationToken cancel)
    {
        StrangerOdds single = StrangerOdds.OfEyes(Seed, IrisShape.D2048, eyes, probes, cancel);
        StrangerOdds fused = StrangerOdds.OfTwoEyes(Seed + 1, IrisShape.D2048, pairs, cancel);
        var scores = new Table().Border(TableBorder.Rounded);
        scores.AddColumns("score", "one eye: claimed", "found", "measured score", "two eyes: claimed", "found");
        scores.AddColumn("measured score");
        for (int score = StrangerOdds.LeastScore; score <= 100; score += 10)
        {
            scores.AddRow([$"{score}", .. Row(single, score), .. Row(fused, score)]);
        }

        console.Write(scores);
        var distances = new Table().Border(TableBorder.Rounded);
        distances.AddColumns(
            "normalised distance", "claimed: one in", "found", "measured: one in", "published: one in");
        foreach (double distance in StrangerOdds.Distances)
        {
            long found = single.Within(distance);
            double claimed = Math.Exp(-IrisCalibration.ModelOf(IrisShape.D2048).LogFmr(distance));
            distances.AddRow(
                Text(distance, "0.00"), Text(claimed, "0.0e+0"), $"{found}",
                found == 0 ? "-" : Text(single.Pairs / (double)found, "0.0e+0"),
                Published.TryGetValue(distance, out double odds) ? Text(odds, "0.0e+0") : "");
        }

        console.Write(distances);
        console.WriteLine($"D2048, one eye: {single.Pairs:N0} pairs of {eyes:N0} eyes and {probes:N0} strangers; "
            + $"two eyes: {fused.Pairs:N0} pairs of {pairs:N0} people");
        return 0;
    }

    private static string[] Row(StrangerOdds odds, int score)
    {
        long found = odds.Reaching(score);
        double claimed = odds.Pairs * Math.Pow(10, -score / 10.0);
        return
        [
            Text(claimed, claimed < 10 ? "0.###" : "0"), $"{found}",
            found == 0 ? "-" : Text(-10 * Math.Log10(found / (double)odds.Pairs), "0.0"),
        ];
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

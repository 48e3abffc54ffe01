using System.CommandLine;
using System.Globalization;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Compares ways to join two eyes on generated people: how many mated pairs each loses where all let an equal
/// share of non-mated pairs through. Every way has thresholds from its own non-mated scores, so that no
/// calibration favours one.
/// </summary>
internal static class FusionCommand
{
    /// <summary>Neither fitted to nor searched for elsewhere.</summary>
    private const ulong Seed = 79;

    private static readonly double[] Rates = [1e-3, 1e-4, 1e-5, 1e-6];

    public static Command Create(IAnsiConsole console)
    {
        var people = new Option<int>("--people")
        {
            Description = "Generated people, each compared with each.",
            DefaultValueFactory = _ => 4000,
        };
        var flipped = new Option<double>("--flipped")
        {
            Description = "Most bits of a second capture that are turned over, a share of them all.",
            DefaultValueFactory = _ => 0.36,
        };
        flipped.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 0.5))
            {
                result.AddError("--flipped: wanted 0 to 0.5");
            }
        });
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 100 or > 20_000)
            {
                result.AddError("--people: wanted 100 to 20000");
            }
        });
        var command = new Command("fusion", "Compares ways to join the two eyes of a person.") { people, flipped };
        command.SetAction((parsed, cancel) =>
            Task.FromResult(Run(parsed.GetValue(people), parsed.GetValue(flipped), console, cancel)));
        return command;
    }

    private static int Run(int people, double flipped, IAnsiConsole console, CancellationToken cancel)
    {
        TwoEyes strangers = TwoEyes.OfStrangers(Seed, IrisShape.D2048, people, cancel);
        TwoEyes mates = TwoEyes.OfMates(Seed, IrisShape.D2048, people, flipped, cancel);
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("mates lost (FNMR) where strangers pass (FMR) at most");
        foreach (double rate in Rates)
        {
            table.AddColumn(rate.ToString("0e+0", CultureInfo.InvariantCulture));
        }

        foreach (EyeRule rule in Enum.GetValues<EyeRule>())
        {
            table.AddRow(
            [
                Name(rule),
                .. Rates.Select(rate => new Proportion((int)mates.Below(rule, strangers.LevelOf(rule, rate)),
                    (int)mates.Pairs).ToString().EscapeMarkup()),
            ]);
        }

        console.Write(table);
        console.WriteLine(
            $"D2048, {mates.Pairs:N0} people twice, {strangers.Pairs:N0} pairs of strangers, both eyes of each");
        return 0;
    }

    private static string Name(EyeRule rule) => rule switch
    {
        EyeRule.OneEye => "right eye alone",
        EyeRule.Better => "better of the two scores",
        EyeRule.MeanDistance => "mean of the normalised distances",
        _ => "Fisher's test on the scores (the engine's)",
    };
}

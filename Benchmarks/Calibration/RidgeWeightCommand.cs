using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits the weights of the ridges beside minutiae, with all sets and without each of them, and says what error rates a
/// set has under weights that were fitted to the others.
/// </summary>
internal static class RidgeWeightCommand
{
    private static readonly double[] Reached = [10, 20, 30, 40];

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description = "Folder of at least two sets, each a folder of pictures F_I.png, .tif ...",
            Required = true,
        };
        Option<string[]> ppi = ExtractCommand.PpiOption();
        var command = new Command("ridges", "Fits the weights of a finger's ridges, leaving sets out.")
        {
            fingers, ppi,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(fingers), () => new StatedPpi(parsed.GetValue(ppi) ?? []), console));
        return command;
    }

    private static int Run(DirectoryInfo folder, Func<StatedPpi> ppi, IAnsiConsole console)
    {
        PreparedImpression[] read;
        try
        {
            read =
            [
                .. FingerFiles.Extract(
                        [.. FvcFolder.Read(folder, pictures: true).SelectMany(set => set)], ppi(),
                        Console.Error.WriteLine)
                    .Where(impression => impression.View is not null),
            ];
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        List<RidgeComparison> all = RidgeComparison.Of(read);
        string[] sets = [.. all.Select(compared => compared.Set).Distinct()];
        string[] thin = [.. sets.Where(set => !HasBothKinds(all.Where(compared => compared.Set == set)))];
        if (sets.Length < 2 || thin.Length > 0)
        {
            Console.Error.WriteLine(
                $"found {sets.Length} sets, {thin.Length} of them without open mated and non-mated comparisons; wanted "
                + "at least two, each with both: one is left out in turn");
            return RunCommand.Misused;
        }

        Dictionary<string, RidgeWeights> without = sets.ToDictionary(
            set => set, set => RidgeWeights.Fit([.. all.Where(compared => compared.Set != set)]));
        WriteWeights(console, RidgeWeights.Fit(all), without);
        WriteRates(console, all, sets, without);
        return 0;
    }

    private static bool HasBothKinds(IEnumerable<RidgeComparison> compared) =>
        compared.Where(c => c.IsOpen).Select(c => c.IsMated).Distinct().Count() == 2;

    private static void WriteWeights(IAnsiConsole console, RidgeWeights all, Dictionary<string, RidgeWeights> without)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("weights fitted", "directions", "periods", "counts", "base");
        Row("committed", RidgeWeights.Committed);
        Row("with all sets", all);
        foreach ((string set, RidgeWeights weights) in without)
        {
            Row($"without {set}", weights);
        }

        console.Write(table);

        void Row(string name, RidgeWeights weights) => table.AddRow(
            Markup.Escape(name), $"{weights.Turn:0.0}", $"{weights.Period:0.0}", $"{weights.Count:0.00}",
            $"{weights.Base:0.0}");
    }

    private static void WriteRates(
        IAnsiConsole console, List<RidgeComparison> all, string[] sets, Dictionary<string, RidgeWeights> without)
    {
        (string Name, Func<RidgeComparison, int> Strength)[] ways =
        [
            ("minutiae alone", compared => compared.Minutiae),
            ("weights of the other sets", compared => compared.StrengthBy(without[compared.Set])),
            ("committed", compared => compared.Committed),
        ];
        var rates = new Table().Border(TableBorder.Rounded);
        rates.AddColumns("set", "weighed by", "EER %", "FNMR % at FMR 0.01", "0.001", "0.0001");
        foreach (string? set in (IEnumerable<string?>)[.. sets, null])
        {
            foreach ((string name, Func<RidgeComparison, int> strength) in ways)
            {
                RidgeComparison[] inside = [.. all.Where(compared => set is null || compared.Set == set)];
                ComparisonScores scores = new(
                    inside.Where(c => c.IsMated).Select(Score), inside.Where(c => !c.IsMated).Select(Score));
                rates.AddRow(
                [
                    Markup.Escape(set ?? "all"), name, Percent(scores.EqualErrorRate()),
                    .. SetReport.Points.Select(point => Percent(DetCurve.At(scores, point.Fmr).Fnmr)),
                ]);

                double Score(RidgeComparison compared) => compared.OwnScoreOf(strength(compared));
            }
        }

        console.Write(rates);
        RidgeComparison[] nonMated = [.. all.Where(compared => !compared.IsMated)];
        var reached = new Table().Border(TableBorder.Rounded);
        reached.AddColumns(
            [$"of {nonMated.Length:#,0} non-mated, weighed by", .. Reached.Select(score => $"reach {score}")]);
        foreach ((string name, Func<RidgeComparison, int> strength) in ways)
        {
            double[] scores = [.. nonMated.Select(compared => compared.ScoreOf(strength(compared)))];
            reached.AddRow(
                [name, .. Reached.Select(least => $"{scores.Count(score => score >= least):#,0}")]);
        }

        console.Write(reached);
    }

    private static string Percent(double share) => (100 * share).ToString("0.00");
}

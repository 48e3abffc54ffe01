using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Fits the weights of the third stage, with all sets and without each of them, and says what error rates a set has
/// under weights that were fitted to the others.
/// </summary>
internal static class EvidenceWeightCommand
{
    private const double Thinned = 1.0 / 3;
    private const int CutTo = 18;

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description = "Folder of at least two sets, as accuracy takes it.",
            Required = true,
        };
        var command = new Command("evidence", "Fits the weights of the finger's third stage, leaving sets out.")
        {
            fingers,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(fingers), console));
        return command;
    }

    private static int Run(DirectoryInfo folder, IAnsiConsole console)
    {
        PreparedImpression[] read;
        try
        {
            read =
            [
                .. FingerFiles.Prepare([.. FvcFolder.Read(folder).SelectMany(set => set)], Console.Error.WriteLine)
                    .Where(impression => impression.View is not null),
            ];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        string[] sets = [.. read.Select(impression => impression.Impression.Set).Distinct()];
        if (sets.Length < 2)
        {
            Console.Error.WriteLine($"found {sets.Length} set, wanted at least two: one is left out in turn");
            return RunCommand.Misused;
        }

        FvcImpression[] names = [.. read.Select(impression => impression.Impression)];
        FingerTemplate[] whole = [.. read.Select(impression => impression.Template!)];
        FingerTemplate[] thin = Prepare(read, (view, i) => ViewCuts.Thinned(view, i, Thinned));
        FingerTemplate[] cut = Prepare(read, (view, i) => ViewCuts.Nearest(view, i, CutTo));
        (string Name, List<EvidenceComparison> Compared)[] kinds =
        [
            ("whole prints", EvidenceComparison.Of(names, whole, whole, 1)),
            ("both without a third", EvidenceComparison.Of(names, thin, thin, 3)),
            ("one without a third", EvidenceComparison.Of(names, thin, whole, 3)),
            ($"{CutTo} minutiae against whole", EvidenceComparison.Of(names, cut, whole, 3)),
        ];
        EvidenceComparison[] all = [.. kinds.SelectMany(kind => kind.Compared)];
        Dictionary<string, double[]> without = sets.ToDictionary(set => set, set => Fit(all.Where(c => c.Set != set)));
        WriteWeights(console, Fit(all), without);
        WriteRates(console, kinds, without);
        return 0;
    }

    private static double[] Fit(IEnumerable<EvidenceComparison> compared) =>
        LogisticFit.Fit([.. compared.Select(c => (c.Features, c.IsMated))]);

    private static FingerTemplate[] Prepare(PreparedImpression[] read, Func<FingerView, int, FingerView> change) =>
        [.. read.Select((impression, i) => FingerTemplate.Prepare(change(impression.View!, i)))];

    private static void WriteWeights(IAnsiConsole console, double[] all, Dictionary<string, double[]> without)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("weights fitted", "similarity", "mates", "number against chance");
        table.AddRow(
            "committed",
            Weight(EvidenceParameters.SimilarityWeight / 1024.0),
            Weight(EvidenceParameters.MatesWeight / 1024.0),
            Weight(EvidenceParameters.CountWeight / 1024.0));
        table.AddRow("with all sets", Weight(all[1]), Weight(all[2]), Weight(all[3]));
        foreach ((string set, double[] weights) in without)
        {
            table.AddRow(Markup.Escape($"without {set}"), Weight(weights[1]), Weight(weights[2]), Weight(weights[3]));
        }

        console.Write(table);
    }

    private static void WriteRates(
        IAnsiConsole console, (string Name, List<EvidenceComparison> Compared)[] kinds,
        Dictionary<string, double[]> without)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("pooled, prints", "score", "EER %", "FNMR % at FMR 0.01", "0.001", "0.0001");
        foreach ((string name, List<EvidenceComparison> compared) in kinds)
        {
            Row(name, "similarity alone", c => c.Features[0]);
            Row(name, "weights of the other sets", c => Fused(without[c.Set], c.Features));
            Row(name, "committed, with gate", c => c.Strength);

            void Row(string prints, string by, Func<EvidenceComparison, double> score)
            {
                ComparisonScores scores = new(
                    compared.Where(c => c.IsMated).Select(score), compared.Where(c => !c.IsMated).Select(score));
                table.AddRow(
                [
                    prints, by, Percent(scores.EqualErrorRate()),
                    .. SetReport.Points.Select(point => Percent(DetCurve.At(scores, point.Fmr).Fnmr)),
                ]);
            }
        }

        console.Write(table);
    }

    private static double Fused(double[] weights, double[] features) =>
        weights[0] + features.Zip(weights.Skip(1), (a, b) => a * b).Sum();

    private static string Weight(double value) => value.ToString("0.00");

    private static string Percent(double share) => (100 * share).ToString("0.00");
}

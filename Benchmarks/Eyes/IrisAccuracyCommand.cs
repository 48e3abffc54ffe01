using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// Error rates of one eye from pictures, and how the calibration of the encoder holds: every pair of
/// pictures, by both profiles. Pictures without codes count as missed.
/// </summary>
internal static class IrisAccuracyCommand
{
    private static readonly double[] Rates = [1e-2, 1e-3, 1e-4, 1e-5];

    public static Command Create(IAnsiConsole console)
    {
        var input = new Option<DirectoryInfo>("--in")
        {
            Description = "Folder of pictures; what stands before the first underscore of a name is the eye.",
            Required = true,
        };
        var fit = new Option<bool>("--fit")
        {
            Description = "Also fit the calibration to halves of the eyes and hold it against the other halves.",
        };
        var scores = new Option<DirectoryInfo?>("--scores")
        {
            Description = "Also write the distances as D2048.txt and W16384.txt to this folder, for det --distances.",
        };
        var command = new Command("iris-accuracy", "Error rates of irises from pictures.") { input, fit, scores };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(input), parsed.GetValue(fit), parsed.GetValue(scores), console));
        return command;
    }

    private static int Run(DirectoryInfo input, bool fit, DirectoryInfo? scores, IAnsiConsole console)
    {
        if (LabelledEyes.Read(input, leastEyes: 2) is not { } read)
        {
            return RunCommand.Misused;
        }

        (EyePicture[] pictures, string[] names, int[] eyes) = read;
        int failed = pictures.Count(p => !p.Encoded.IsAccepted);
        console.WriteLine($"{pictures.Length} pictures of {names.Length} eyes, {failed} not encoded");
        IReadOnlyList<EyeComparison>? narrow = null;
        foreach ((string name, IrisShape shape) in (ReadOnlySpan<(string, IrisShape)>)
            [("D2048", IrisShape.D2048), ("W16384", IrisShape.W16384)])
        {
            IReadOnlyList<EyeComparison> comparisons = EyeComparisons.All([.. pictures.Select(p => CodeOf(p, shape))]);
            WriteRates(name, comparisons, pictures, eyes, console);
            Keep(name, comparisons, pictures, scores);
            double[] nonMated =
            [
                .. comparisons.Where(c => eyes[c.One] != eyes[c.Other] && c.Normalised < 1).Select(c => c.Score),
            ];
            ClaimTable.Write(console, name, nonMated);
            EyeThresholds.Write(name, shape, comparisons, eyes, console);
            if (fit)
            {
                IrisHalves.Write(name, shape, comparisons, eyes, console);
            }

            if (narrow is null)
            {
                narrow = comparisons;
                EyeFastLoss.Write([.. pictures.Select(p => CodeOf(p, shape))], eyes, console);
            }
            else
            {
                EyeFastLoss.WriteNarrow(narrow, comparisons, eyes, console);
            }
        }

        return 0;
    }

    private static IrisCode? CodeOf(EyePicture picture, IrisShape shape) =>
        !picture.Encoded.IsAccepted ? null
        : shape == IrisShape.D2048 ? picture.Encoded.Value.Narrow : picture.Encoded.Value.Wide;

    /// <summary>Writes the distance of every two pictures that have codes.</summary>
    private static void Keep(
        string name, IReadOnlyList<EyeComparison> comparisons, EyePicture[] pictures, DirectoryInfo? folder)
    {
        if (folder is not null)
        {
            ScoreFile.Write(
                new FileInfo(Path.Combine(folder.FullName, $"{name}.txt")),
                comparisons.Where(c => c.Score > double.NegativeInfinity).Select(c => KeyValuePair.Create(
                    new ImpressionPair(pictures[c.One].Name, pictures[c.Other].Name), c.Normalised)));
        }
    }

    private static void WriteRates(
        string name, IReadOnlyList<EyeComparison> comparisons, EyePicture[] pictures, int[] eyes, IAnsiConsole console)
    {
        // A lower distance is a better comparison; the bootstrap draws eyes as it draws fingers.
        FvcComparison[] scored =
            [.. comparisons.Select(c => new FvcComparison(name, eyes[c.One], eyes[c.Other], -c.Normalised))];
        ComparisonScores scores = new(
            scored.Where(c => c.IsMated).Select(c => c.Score), scored.Where(c => !c.IsMated).Select(c => c.Score));
        BootstrapIntervals intervals = FingerBootstrap.Of(scored, Rates);
        console.WriteLine(
            $"{name}: {scores.Mated:#,0} mated and {scores.NonMated:#,0} non-mated comparisons, EER "
            + $"{100 * scores.EqualErrorRate():0.000} %");
        Table table = ClaimTable.New("FMR", "normalised distance", "missed", "FNMR", "95 %", "95 % by eye");
        for (int i = 0; i < Rates.Length; i++)
        {
            double threshold = scores.ThresholdAt(Rates[i]);
            Proportion missed = new(scores.MissesAt(threshold), scores.Mated);
            table.AddRow(
                Rates[i].ToString("0e+0"), (-threshold).ToString("0.0000"), missed.Count.ToString("#,0"),
                $"{100 * missed.Value:0.000} %", Markup.Escape($"[{100 * missed.Low:0.00}, {100 * missed.High:0.00}]"),
                Markup.Escape($"[{100 * intervals.Fnmr[i].Low:0.00}, {100 * intervals.Fnmr[i].High:0.00}]"));
        }

        console.Write(table);
        foreach (double rate in (double[])[1e-3, 1e-5])
        {
            double strict = scores.ThresholdAt(rate);
            string[] worst =
            [
                .. comparisons.Where(c => eyes[c.One] == eyes[c.Other] && -c.Normalised < strict)
                    .OrderByDescending(c => c.Normalised).Take(12)
                    .Select(c => $"{pictures[c.One].Name} with {pictures[c.Other].Name} {c.Normalised:0.000}"),
            ];
            console.WriteLine($"missed at FMR {rate:0e+0}, the worst first: {string.Join(", ", worst)}");
        }
    }
}

using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// What a search with one eye misses at the threshold that keeps FPIR 1 % in galleries of some sizes: by the
/// calibration of the encoder, and by the careful default that codes of another encoder have.
/// </summary>
internal static class EyeThresholds
{
    private const double Fpir = 0.01;
    private static readonly int[] Galleries = [100, 10_000, 1_000_000, 100_000_000];

    public static void Write(
        string name, IrisShape shape, IReadOnlyList<EyeComparison> comparisons, int[] eyes, IAnsiConsole console)
    {
        double[] mated = [.. comparisons.Where(c => eyes[c.One] == eyes[c.Other]).Select(c => c.Normalised)];
        console.WriteLine($"{name}: missed at the threshold of a gallery at FPIR {100 * Fpir} %");
        Table table = ClaimTable.New(
            "identities", "threshold", "missed by its own calibration", "by the careful default");
        foreach (int identities in Galleries)
        {
            double threshold = MatchCluster.Matching.Scores.Fpir.ThresholdFor(Fpir, identities);
            table.AddRow(
                identities.ToString("#,0"), threshold.ToString("0.0"),
                MissedBy(IrisCalibration.ModelOf(shape, IrisEncoderId.MatchCluster1), mated, threshold),
                MissedBy(IrisCalibration.ModelOf(shape, IrisEncoderId.Unknown), mated, threshold));
        }

        console.Write(table);
    }

    private static string MissedBy(IrisCalibrationModel model, double[] mated, double threshold) =>
        Markup.Escape(new Proportion(mated.Count(h => model.ScoreOf(h) < threshold), mated.Length).ToString());
}

using System.Globalization;
using System.Text;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>The evidence of an installation's calibration as a page in Markdown: aggregates only, nobody is named.
/// </summary>
internal static class InstallationReport
{
    private static readonly int[] Levels = [10, 20, 30, 40, 50];
    private static readonly long[] Galleries = [100, 10_000, 1_000_000, 100_000_000];
    private const double Target = 0.01;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Of(FingerCalibrationFile file, FingerViews views, InstallationFit fit)
    {
        StringBuilder page = new();
        page.AppendLine(Culture, $"# Finger calibration `{file.ToCalibration().Id}`");
        page.AppendLine();
        page.AppendLine(
            Culture,
            $"Made {file.Made:yyyy-MM-dd HH:mm} UTC from {views.Fingers:#,0} fingers or people, "
            + $"{views.Views.Count:#,0} prints, {fit.Compared:#,0} non-mated comparisons of whole and cut prints. "
            + $"{fit.Suspected:#,0} pairs of people were left out because they agree like one person enrolled twice "
            + $"(score {InstallationFit.SuspectedFrom:0} or more by the committed curves): look for them, they are no "
            + $"strangers.");
        page.AppendLine();
        page.AppendLine(Culture, $"## Claimed and observed");
        page.AppendLine();
        page.AppendLine(
            Culture,
            $"Whole prints. Each half of the people is scored by curves of the other half; beside it what the "
            + $"committed curves `{views.Committed.Name}` claim of all. Intervals: 95 %, by people drawn with "
            + $"replacement.");
        page.AppendLine();
        page.AppendLine(
            Culture,
            $"| score | claimed FMR | observed, own curves | 95 % | times | observed, committed | 95 % | times |");
        page.AppendLine(Culture, $"|---:|---:|---:|---|---:|---:|---|---:|");
        foreach ((FingerClaim own, FingerClaim committed) in
            FingerClaims.Of(fit.Own, Levels).Zip(FingerClaims.Of(fit.Committed, Levels)))
        {
            page.AppendLine(
                Culture,
                $"| {own.Score} | {own.Claimed:0.0e+0} | {Cells(own)} | {Cells(committed)} |");
        }

        page.AppendLine();
        if (fit.Own.Count == 0)
        {
            page.AppendLine(
                Culture,
                $"**There are too few people to fit to one half of them and to look at the other: "
                + $"nothing says yet that the own curves hold.**");
            page.AppendLine();
        }

        page.AppendLine(
            Culture,
            $"{fit.Own.Count:#,0} and {fit.Committed.Count:#,0} comparisons. Where none was observed, the "
            + $"interval's end is that of one comparison for every two people. Higher scores are extrapolated.");
        page.AppendLine();
        page.AppendLine(Culture, $"## How sure it is");
        page.AppendLine();
        page.AppendLine(Culture, $"| score | claimed FMR | 95 % | standard error, dB |");
        page.AppendLine(Culture, $"|---:|---:|---|---:|");
        foreach (int level in CalibrationDraws.Levels)
        {
            page.AppendLine(
                Culture,
                $"| {level} | {Math.Pow(10, -level / 10.0):0.0e+0} | [{fit.Draws!.FmrAt(level).Low:0.0e+0}, "
                + $"{fit.Draws.FmrAt(level).High:0.0e+0}] | {fit.Draws.Deviation(level):0.0} |");
        }

        page.AppendLine();
        page.AppendLine(
            Culture,
            $"`--calibration-margin 1` takes one of these errors off every score. It knows other people of this "
            + $"installation, and no other sensor or extractor.");
        page.AppendLine();
        page.AppendLine(Culture, $"## Thresholds at an FPIR of {Target:0.##}, one finger");
        page.AppendLine();
        page.AppendLine(Culture, $"| identities | score | strength, these curves | strength, committed |");
        page.AppendLine(Culture, $"|---:|---:|---:|---:|");
        foreach (long identities in Galleries)
        {
            double threshold = Fpir.ThresholdFor(Target, identities);
            page.AppendLine(Culture, $"| {identities:#,0} | {threshold:0.00} | "
                + $"{fit.Curves[^1].StrengthAt(threshold):#,0} | "
                + $"{views.Committed.All[^1].StrengthAt(threshold):#,0} |");
        }

        page.AppendLine();
        page.AppendLine(Culture, $"## Curves");
        page.AppendLine();
        page.AppendLine(
            Culture,
            $"| cylinders from | comparisons | strength at 10 | at 20 | tail's scale | shape |");
        page.AppendLine(Culture, $"|---:|---:|---:|---:|---:|---:|");
        foreach (FingerCalibrationCurve curve in fit.Curves)
        {
            string from = views.Committed.All.Contains(curve) ? "committed" : $"{curve.Comparisons:#,0}";
            page.AppendLine(
                Culture,
                $"| {curve.MinCylinders} | {from} | {curve.StrengthAt(10):#,0}"
                + $" | {curve.Knots[^1]:#,0} | {curve.Scale} | {curve.Shape} |");
        }

        return page.ToString();
    }

    private static string Cells(FingerClaim claim) => string.Create(
        CultureInfo.InvariantCulture,
        $"{claim.Observed:0.0e+0} ({claim.Reached:#,0}) | [{claim.Low:0.0e+0}, {claim.High:0.0e+0}] | "
        + $"{claim.Times:0.00}");
}

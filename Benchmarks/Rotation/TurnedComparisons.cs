using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Rotation;

/// <summary>
/// The protocol of the FVC competitions with every probe turned: misses at thresholds that keep the FMR for upright
/// non-mated pairs as sent and as a verification scores, and rank-1 as sent and as a search at full rotation ranks.
/// </summary>
internal static class TurnedComparisons
{
    private const double Fmr = 0.001;
    private static readonly double[] Turns = [0, 30, 45, 60, 90, 135, 180];

    private readonly record struct Scored(int Set, bool IsMated, double AsSent, double EveryTurn);

    private readonly record struct Found(int Set, bool AsSent, bool Full);

    public static void Write(IAnsiConsole console, FingerViews views)
    {
        Dictionary<double, Scored[]> pairs = [];
        Dictionary<double, Found[]> firsts = [];
        FingerTemplate[] rows = [.. views.Views.Select(FingerTemplate.Prepare)];
        foreach (double turn in Turns)
        {
            FingerTemplate[] probes =
                [.. views.Views.Select(view => FingerTemplate.Prepare(ViewCuts.Turned(view, turn)))];
            pairs[turn] = Pairs(views, probes, rows);
            firsts[turn] = Rank1(views, probes, rows);
            Console.Error.WriteLine($"compared with probes turned by {turn} degrees");
        }

        console.WriteLine(
            $"comparisons of one with one: FNMR at FMR {Fmr} of upright non-mated pairs, and rank-1, probes turned");
        Table table = ClaimTable.New(
            "set", "turned by", "FNMR as sent", "FNMR every turn", "rank-1 as sent", "rank-1 full rotation");
        for (int set = 0; set <= views.SetNames.Count; set++)
        {
            bool Is(int other) => set == views.SetNames.Count || other == set;
            Scored[] upright = [.. pairs[0].Where(pair => Is(pair.Set))];
            double asSent = Threshold(upright, pair => pair.AsSent);
            double everyTurn = Threshold(upright, pair => pair.EveryTurn);
            foreach (double turn in Turns)
            {
                Scored[] mated = [.. pairs[turn].Where(pair => pair.IsMated && Is(pair.Set))];
                Found[] found = [.. firsts[turn].Where(one => Is(one.Set))];
                table.AddRow(
                    Markup.Escape(set == views.SetNames.Count ? "pooled" : views.SetNames[set]), $"{turn}",
                    Percent(mated.Count(pair => pair.AsSent < asSent), mated.Length),
                    Percent(mated.Count(pair => pair.EveryTurn < everyTurn), mated.Length),
                    Percent(found.Count(one => one.AsSent), found.Length),
                    Percent(found.Count(one => one.Full), found.Length));
            }
        }

        console.Write(table);
    }

    private static string Percent(int count, int of) => Markup.Escape(new Proportion(count, of).ToString());

    private static double Threshold(Scored[] upright, Func<Scored, double> score) => new ComparisonScores(
        upright.Where(pair => pair.IsMated).Select(score), upright.Where(pair => !pair.IsMated).Select(score))
        .ThresholdAt(Fmr);

    private static Scored[] Pairs(FingerViews views, FingerTemplate[] probes, FingerTemplate[] rows)
    {
        var scratch = new FingerScratch();
        List<Scored> scored = [];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = i + 1; j < rows.Length; j++)
            {
                if (views.SetOf[i] == views.SetOf[j])
                {
                    (double asSent, double everyTurn) = Score(probes[j], rows[i], scratch);
                    scored.Add(new Scored(
                        views.SetOf[i], views.FingerOf[i] == views.FingerOf[j], asSent, everyTurn));
                }
            }
        }

        return [.. scored];
    }

    /// <summary>Every impression but the first of a finger against the first ones of its set.</summary>
    private static Found[] Rank1(FingerViews views, FingerTemplate[] probes, FingerTemplate[] rows)
    {
        var scratch = new FingerScratch();
        int[] gallery =
            [.. Enumerable.Range(0, rows.Length).GroupBy(i => views.FingerOf[i]).Select(same => same.First())];
        List<Found> found = [];
        foreach (int probe in Enumerable.Range(0, probes.Length).Except(gallery))
        {
            (double AsSent, double Full) own = default;
            (double AsSent, double Full) best = default;
            foreach (int row in gallery.Where(row => views.SetOf[row] == views.SetOf[probe]))
            {
                double asSent = AsSent(probes[probe], rows[row], scratch);
                double full = Enumerable.Range(1, QuarterTurns.Count - 1).Max(quarters => TurnedPrints.Score(
                    AsSent(probes[probe].Turned(quarters), rows[row], scratch), quarters));
                full = Math.Max(asSent, full);
                bool isOwn = views.FingerOf[row] == views.FingerOf[probe];
                own = isOwn ? (asSent, full) : own;
                best = isOwn ? best : (Math.Max(best.AsSent, asSent), Math.Max(best.Full, full));
            }

            found.Add(new Found(views.SetOf[probe], own.AsSent > best.AsSent, own.Full > best.Full));
        }

        return [.. found];
    }

    private static (double AsSent, double EveryTurn) Score(
        FingerTemplate probe, FingerTemplate row, FingerScratch scratch) => (
            AsSent(probe, row, scratch),
            TurnedPrints.Best(probe, row.Row, ScoreCalibration.Default, scratch).Score);

    private static double AsSent(FingerTemplate probe, FingerTemplate row, FingerScratch scratch) =>
        ScoreCalibration.Default.FingerScore(
            FingerMatcher.Compare(probe, row.Row, scratch).Strength, probe.Cylinders, row.Cylinders);
}

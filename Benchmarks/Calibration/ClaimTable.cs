using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// How a score holds: a score of s claims that one non-mated comparison in 10^(s/10) reaches it; beside each
/// claim stands what was observed.
/// </summary>
internal static class ClaimTable
{
    private const int Step = 10;

    /// <param name="console">Where it is written.</param>
    /// <param name="title">What was compared.</param>
    /// <param name="nonMatedScores">-10 log10 FMR of comparisons of different people.</param>
    public static void Write(IAnsiConsole console, string title, IReadOnlyCollection<double> nonMatedScores)
    {
        console.WriteLine(
            $"{title}: claimed and observed FMR of {nonMatedScores.Count:#,0} non-mated comparisons");
        Table table = New("score", "claimed", "reached it", "observed", "95 % interval", "verdict");

        // The first level that nobody reached still says something by its interval; those above do not.
        bool reached = true;
        for (int score = Step; reached; score += Step)
        {
            double claimed = Math.Pow(10, -score / 10.0);
            var observed = new Proportion(nonMatedScores.Count(s => s >= score), nonMatedScores.Count);
            reached = observed.Count > 0;
            AddRow(table, score, claimed, observed.Count, observed.Value, observed.Low, observed.High);
        }

        console.Write(table);
    }

    /// <summary>Writes the claims over sets that weigh the same, with intervals by finger.</summary>
    /// <param name="console">Where it is written.</param>
    /// <param name="title">What was compared.</param>
    /// <param name="pairs">Non-mated comparisons.</param>
    public static void WriteByFinger(IAnsiConsole console, string title, IReadOnlyList<ScoredPair> pairs)
    {
        console.WriteLine($"{title}: claimed and observed FMR of {pairs.Count:#,0} non-mated comparisons");
        Table table = New("score", "claimed", "reached it", "observed", "95 % by finger", "times the claim", "verdict");
        int highest = (int)pairs.Select(pair => pair.Score).DefaultIfEmpty(0).Max();
        int[] levels = [.. Enumerable.Range(1, (highest / Step) + 1).Select(i => i * Step)];
        foreach (FingerClaim claim in FingerClaims.Of(pairs, levels))
        {
            AddRow(
                table, claim.Score, claim.Claimed, claim.Reached, claim.Observed, claim.Low, claim.High,
                claim.Times.ToString("0.00"));
        }

        console.Write(table);
    }

    /// <summary>A table of right-aligned columns.</summary>
    public static Table New(params IEnumerable<string> columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static void AddRow(
        Table table, int score, double claimed, int count, double observed, double low, double high,
        params string[] more) => table.AddRow(
        [
            score.ToString(),
            claimed.ToString("0.0e+0"),
            count.ToString("#,0"),
            observed.ToString("0.0e+0"),
            Markup.Escape($"[{low:0.0e+0}, {high:0.0e+0}]"),
            .. more,
            low > claimed ? "claims too much" : high < claimed ? "careful" : "holds",
        ]);
}

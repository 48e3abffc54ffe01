using MatchCluster.Benchmarks.Accuracy;
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
        var table = new Table().Border(TableBorder.Rounded);
        string[] columns = ["score", "claimed", "reached it", "observed", "95 % interval", "verdict"];
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        // The first level that nobody reached still says something by its interval; those above do not.
        bool reached = true;
        for (int score = Step; reached; score += Step)
        {
            double claimed = Math.Pow(10, -score / 10.0);
            var observed = new Proportion(nonMatedScores.Count(s => s >= score), nonMatedScores.Count);
            reached = observed.Count > 0;
            table.AddRow(
                score.ToString(),
                claimed.ToString("0.0e+0"),
                observed.Count.ToString("#,0"),
                observed.Value.ToString("0.0e+0"),
                Markup.Escape($"[{observed.Low:0.0e+0}, {observed.High:0.0e+0}]"),
                observed.Low > claimed ? "claims too much" : observed.High < claimed ? "careful" : "holds");
        }

        console.Write(table);
    }
}

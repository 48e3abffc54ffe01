using System.Globalization;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Api.Demo;

/// <summary>
/// What the demo shows: bars and tables on a terminal, plain lines where the output goes to a file.
/// </summary>
internal sealed class DemoConsole(IAnsiConsole console)
{
    private const int PlainSteps = 10;

    /// <summary>Runs work that reports how many of a total are done.</summary>
    public async Task ProgressAsync(string title, int total, Func<Action<int>, Task> work)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            await PlainAsync(title, total, work);
            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask task = progress.AddTask(title, maxValue: total);
                await work(done => task.Value = done);
            });
    }

    public void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    public void Answer(string title, DemoAnswer answer)
    {
        Line("");
        Line(title);
        if (answer.Candidates.Count > 0)
        {
            Table table = new Table().Border(TableBorder.Ascii2)
                .AddColumns("rank", "candidate", "score", "FPIR at this score", "best comparisons");
            foreach (OsiaCandidate candidate in answer.Candidates)
            {
                table.AddRow(
                    candidate.Rank.ToString(CultureInfo.InvariantCulture), candidate.PersonId,
                    candidate.Score.ToString("F2", CultureInfo.InvariantCulture),
                    FpirOf(candidate.Others.Fpir ?? double.NaN),
                    string.Join(", ", candidate.Scores.Select(Detail)));
            }

            console.Write(table);
        }
        else
        {
            // A search that compared nothing, or not everything, is an error and no empty list.
            Line(answer.Status == 200 ? "  no candidate" : $"  no answer: HTTP {answer.Status}");
        }

        Line($"  complete: {answer.Complete}, partitions {answer.Partitions}, identities {answer.Identities}, "
            + $"threshold {answer.Threshold} (FPIR {FpirOf(Number(answer.Fpir))}), {Number(answer.ElapsedMs):F0} ms");
    }

    /// <summary>The smallest FPIR that is claimed means "at most".</summary>
    private static string FpirOf(double fpir) =>
        (fpir <= Fpir.Smallest ? "at most " : "") + fpir.ToString("G2", CultureInfo.InvariantCulture);

    private static double Number(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    private static string Detail(OsiaScoreDetail detail) =>
        $"{EnumWords<BiometricSubType>.Of(detail.BiometricSubType ?? BiometricSubType.Unknown)} "
        + detail.Score.ToString("F1", CultureInfo.InvariantCulture);

    private async Task PlainAsync(string title, int total, Func<Action<int>, Task> work)
    {
        int said = 0;
        await work(done =>
        {
            int step = (int)((long)done * PlainSteps / total);
            if (step > said)
            {
                said = step;
                Line($"{title}: {done} of {total}");
            }
        });
    }
}

using System.Diagnostics;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// Mated pairs that are missed as sent and with the look upside down, of upright probes and of probes upside down; how
/// often non-mated pairs reach a score with that look; what it costs.
/// </summary>
internal static class EyeTurnTable
{
    private static readonly double[] Scores = [20, 30, 40, 50, 60];

    /// <param name="console">Where it is written.</param>
    /// <param name="name">The profile.</param>
    /// <param name="upright">The codes of the pictures.</param>
    /// <param name="turned">The codes of the pictures turned by 180 degrees.</param>
    /// <param name="eyes">The eye of each picture.</param>
    public static void Write(IAnsiConsole console, string name, EyeCodes upright, EyeCodes turned, int[] eyes)
    {
        Pair[][] parts = new Pair[eyes.Length][];
        Parallel.For(0, eyes.Length, i => parts[i] =
        [
            .. Enumerable.Range(0, i).Select(j => new Pair(
                eyes[i] == eyes[j], Of(upright.Probes[i], upright.Rows[j]), Of(turned.Probes[i], upright.Rows[j]))),
        ]);
        Pair[] mated = [.. parts.SelectMany(part => part).Where(pair => pair.IsMated)];
        Pair[] others = [.. parts.SelectMany(part => part).Where(pair => !pair.IsMated)];
        console.WriteLine(
            $"{name}: {mated.Length:#,0} mated and {others.Length:#,0} non-mated pairs, probes upright and turned by "
            + $"180 degrees; the look upside down costs {EyeLooks.TurnedPrice}");
        Table table = ClaimTable.New(
            "score", "missed upright as sent", "both looks", "missed turned as sent", "both looks",
            "non-mated upright as sent", "both looks", "non-mated turned as sent", "both looks");
        foreach (double score in Scores)
        {
            table.AddRow(
            [
                $"{score}",
                .. Columns.Select(of => $"{new Proportion(mated.Count(pair => of(pair) < score), mated.Length)}")
                    .Select(Markup.Escape),
                .. Columns.Select(of => $"{(double)others.Count(pair => of(pair) >= score) / others.Length:0.0e+0}"),
            ]);
        }

        console.Write(table);
        WriteCost(console, name, upright);
    }

    private static readonly Func<Pair, double>[] Columns =
    [
        pair => pair.Upright.AsSent, pair => pair.Upright.Best, pair => pair.Turned.AsSent, pair => pair.Turned.Best,
    ];

    /// <summary>CPU time of both looks over that of the one as sent, on one thread.</summary>
    private static void WriteCost(IAnsiConsole console, string name, EyeCodes codes)
    {
        double[] best = [double.MaxValue, double.MaxValue];
        for (int round = 0; round < 10; round++)
        {
            for (int looks = 0; looks < best.Length; looks++)
            {
                long begun = Stopwatch.GetTimestamp();
                for (int i = 0; i < Math.Min(codes.Rows.Length, 64); i++)
                {
                    for (int j = 0; j < Math.Min(codes.Rows.Length, 64); j++)
                    {
                        EyeCodes.Score(codes.Probes[i], codes.Rows[j]);
                        _ = looks == 0 ? 0 : EyeCodes.Score(codes.Probes[i]?.UpsideDown, codes.Rows[j]);
                    }
                }

                best[looks] = Math.Min(best[looks], Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }

        console.WriteLine($"{name}: both looks take {best[1] / best[0]:0.00} times the one as sent (row by row)");
    }

    private static Looks Of(IrisProbe? probe, byte[]? row) =>
        new(EyeCodes.Score(probe, row), EyeLooks.Score(EyeCodes.Score(probe?.UpsideDown, row), true, false));

    private readonly record struct Looks(double AsSent, double UpsideDown)
    {
        public double Best => Math.Max(AsSent, UpsideDown);
    }

    private readonly record struct Pair(bool IsMated, Looks Upright, Looks Turned);
}

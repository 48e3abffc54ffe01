using System.Numerics;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan.Screening;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// What the first stages lose of a set that their thresholds were not fitted to, by threshold and fingers: the
/// numbers of <see cref="ScreenLosses"/>. The committed thresholds are a share of what the worst set needs;
/// without a set, they are the same share of what the worst of the others needs.
/// </summary>
internal sealed class LeftOutLosses(EvidenceSet[] sets)
{
    private const int Resamples = 400;
    private const int Seed = 29;
    private const double Certainty = 0.95;

    /// <summary>Share of the mated that fitted thresholds may lose with 1, 2 ... fingers.</summary>
    public static double[] Goals { get; } = [0.035, 0.005, 0.0035, 0.002, 0.002];

    /// <summary>The evidence that each set would be asked for if the thresholds were made without it.</summary>
    /// <param name="people">Pseudo-persons of as many fingers of each set.</param>
    public static int[] Fitted(IReadOnlyList<PersonEvidence> people)
    {
        int fingers = people[0].Mated[0].Fingers;
        int[] needed = [.. people.Select(one => one.ThresholdFor(Goals[fingers - 1]))];
        double least = Math.Max(1, needed.Min());
        return
        [
            .. people.Select((one, i) => (int)(one.Committed * Math.Max(
                1, needed.Where((_, other) => other != i).DefaultIfEmpty(needed.Min()).Min() / least))),
        ];
    }

    /// <summary>Prints the rows of <see cref="ScreenLosses"/>.</summary>
    public void Write(IAnsiConsole console)
    {
        console.WriteLine("expected and highest loss of a set left out in per cent, by fingers:");
        foreach (double threshold in ScreenLosses.Thresholds)
        {
            string[] cells =
            [
                .. Enumerable.Range(1, ScreenLosses.MostFingers).Select(
                    count => Text(Of([.. sets.Select(set => set.People(count, threshold))]))),
            ];
            console.WriteLine($"        [{string.Join(", ", cells)}], // {threshold}");
        }
    }

    private static string Text(StageLoss loss) =>
        FormattableString.Invariant($"({100 * loss.Expected:0.###}, {100 * loss.AtMost:0.###})");

    /// <summary>
    /// The mean of the sets' losses, and what 95 % of sets drawn at random, with fingers drawn with replacement, lose
    /// at most; no less than what the worst set lost.
    /// </summary>
    private StageLoss Of(PersonEvidence[] people)
    {
        int[] fitted = Fitted(people);
        List<double> lost = [];
        List<double> resampled = [];
        for (int i = 0; i < people.Length; i++)
        {
            PersonEvidence set = people[i];
            (ulong Drawn, bool IsLost)[] mated = [.. set.Mated.Select(one => (one.Drawn, set.IsLost(one, fitted[i])))];
            lost.Add(mated.Average(one => one.IsLost ? 1.0 : 0));
            resampled.AddRange(Resampled(mated, sets[i].Fingers));
        }

        resampled.Sort();
        return new StageLoss(lost.Average(), Math.Max(lost.Max(), resampled[(int)(Certainty * resampled.Count)]));
    }

    /// <summary>
    /// Losses with fingers drawn with replacement: a person counts as often as its fingers were drawn.
    /// </summary>
    private static IEnumerable<double> Resampled((ulong Drawn, bool IsLost)[] mated, int fingers)
    {
        var random = new Random(Seed);
        int[] times = new int[fingers];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(times);
            for (int i = 0; i < fingers; i++)
            {
                times[random.Next(fingers)]++;
            }

            double all = 0;
            double lost = 0;
            foreach ((ulong drawn, bool isLost) in mated)
            {
                double weight = 1;
                for (ulong left = drawn; left != 0; left &= left - 1)
                {
                    weight *= times[BitOperations.TrailingZeroCount(left)];
                }

                all += weight;
                lost += isLost ? weight : 0;
            }

            if (all > 0)
            {
                yield return lost / all;
            }
        }
    }
}

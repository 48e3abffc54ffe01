using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// Two eyes fused, over virtual people: the first eye of a folder with the second, the third with the fourth. It shows
/// whether independent eyes fuse to the odds that are claimed, and how often two eyes are said to disagree. Whether the
/// two eyes of one person are independent, it cannot show.
/// </summary>
internal static class EyePairTable
{
    private const int Pairs = 4_000_000;
    private const ulong Seed = 1;

    /// <param name="console">Where it is written.</param>
    /// <param name="name">The profile.</param>
    /// <param name="codes">The codes of the pictures.</param>
    /// <param name="eyes">The eye of each picture.</param>
    public static void Write(IAnsiConsole console, string name, EyeCodes codes, int[] eyes)
    {
        int people = (eyes.Max() + 1) / 2;
        int[][] pictures = [.. Enumerable.Range(0, 2 * people).Select(eye => Of(eyes, eye))];
        double[,] scores = new double[eyes.Length, eyes.Length];
        Parallel.For(0, eyes.Length, i =>
        {
            for (int j = 0; j < eyes.Length; j++)
            {
                scores[i, j] = i == j ? 0 : EyeCodes.Score(codes.Probes[i], codes.Rows[j]);
            }
        });

        StableRandom random = new(Seed);
        double[] nonMated = new double[Pairs];
        int disagreeing = 0;
        for (int i = 0; i < Pairs; i++)
        {
            int one = random.Below(people);
            int other = (one + 1 + random.Below(people - 1)) % people;
            (double right, double left) = Both(one, other);
            nonMated[i] = Fusion.Fuse([right, left]);
            disagreeing += EyesDisagree.Say(right, left) ? 1 : 0;
        }

        ClaimTable.Write(console, $"{name}, two eyes fused, {people} virtual people", nonMated);
        int mated = 0;
        int matedDisagreeing = 0;
        int mixed = 0;
        for (int one = 0; one < people; one++)
        {
            int other = (one + 1) % people;
            foreach (int a in Enumerable.Range(0, pictures[2 * one].Length))
            {
                foreach (int b in Enumerable.Range(0, a).Where(b => a < pictures[(2 * one) + 1].Length))
                {
                    double right = scores[pictures[2 * one][a], pictures[2 * one][b]];
                    double left = scores[pictures[(2 * one) + 1][a], pictures[(2 * one) + 1][b]];
                    double strange = scores[pictures[(2 * other) + 1][0], pictures[(2 * one) + 1][b]];
                    mated++;
                    matedDisagreeing += EyesDisagree.Say(right, left) ? 1 : 0;
                    mixed += EyesDisagree.Say(right, strange) ? 1 : 0;
                }
            }
        }

        console.WriteLine(
            $"{name}: two eyes are said to disagree in {new Proportion(matedDisagreeing, mated)} of {mated:#,0} mated "
            + $"pairs, in {new Proportion(mixed, mated)} of as many of which one eye is somebody else's, and in "
            + $"{disagreeing} of {Pairs:#,0} non-mated ones");

        (double Right, double Left) Both(int one, int other) =>
            (One(2 * one, 2 * other), One((2 * one) + 1, (2 * other) + 1));

        double One(int eye, int other) => scores[Any(pictures[eye]), Any(pictures[other])];

        int Any(int[] of) => of[random.Below(of.Length)];
    }

    private static int[] Of(int[] eyes, int eye) => [.. Enumerable.Range(0, eyes.Length).Where(i => eyes[i] == eye)];
}

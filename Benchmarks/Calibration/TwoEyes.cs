using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>A way to make one number of two eyes; higher is nearer.</summary>
internal enum EyeRule
{
    OneEye,
    Better,
    MeanDistance,
    Fisher,
}

/// <summary>How often pairs of people, both eyes of each, reached a level by each rule.</summary>
internal sealed class TwoEyes
{
    /// <summary>Bins of every rule; scores in hundredths, distances in 1/20,000.</summary>
    private const int Bins = 40_000;

    private readonly long[][] counts = [.. Enum.GetValues<EyeRule>().Select(_ => new long[Bins])];

    public long Pairs => counts[0].Sum();

    public static TwoEyes OfStrangers(ulong seed, IrisShape shape, int people, CancellationToken cancel)
    {
        Gallery gallery = new(seed, shape, people, capture: 0);
        return Each(
            people,
            (person, own) =>
            {
                (IrisProbe right, IrisProbe left) = gallery.ProbesOf(person);
                for (int other = 0; other < person; other++)
                {
                    own.Count(right, left, gallery, other);
                }
            },
            cancel);
    }

    /// <param name="seed">Seed of the people.</param>
    /// <param name="shape">Shape of their codes.</param>
    /// <param name="people">How many.</param>
    /// <param name="flipped">
    /// Bits of the second capture that are turned over, a share up to this drawn for each eye by itself: generated
    /// captures alone are too good to tell the rules apart.
    /// </param>
    /// <param name="cancel">Ends it early.</param>
    public static TwoEyes OfMates(
        ulong seed, IrisShape shape, int people, double flipped, CancellationToken cancel)
    {
        Gallery gallery = new(seed, shape, people, capture: 0);
        Gallery again = new(seed, shape, people, capture: 1, flipped);
        return Each(
            people,
            (person, own) =>
            {
                (IrisProbe right, IrisProbe left) = again.ProbesOf(person);
                own.Count(right, left, gallery, person);
            },
            cancel);
    }

    /// <summary>The lowest level that no more than this share of the pairs reaches.</summary>
    public int LevelOf(EyeRule rule, double share)
    {
        long[] of = counts[(int)rule];
        double left = share * Pairs;
        int level = Bins;
        while (level > 0 && left - of[level - 1] >= 0)
        {
            left -= of[--level];
        }

        return level;
    }

    /// <summary>Pairs that do not reach a level.</summary>
    public long Below(EyeRule rule, int level) => counts[(int)rule].AsSpan(0, level).ToArray().Sum();

    private static TwoEyes Each(int people, Action<int, TwoEyes> count, CancellationToken cancel)
    {
        TwoEyes all = new();
        Parallel.For(
            0, people, new ParallelOptions { CancellationToken = cancel }, () => new TwoEyes(),
            (person, _, own) =>
            {
                count(person, own);
                return own;
            },
            all.Add);
        return all;
    }

    private void Count(IrisProbe right, IrisProbe left, Gallery gallery, int other)
    {
        // Where an eye cannot be compared the other stands alone for both.
        bool first = IrisScorer.TryCompare(right, gallery.Row(other, 0), out IrisComparison one);
        bool second = IrisScorer.TryCompare(left, gallery.Row(other, 1), out IrisComparison two);
        if (!first && !second)
        {
            return;
        }

        one = first ? one : two;
        two = second ? two : one;
        IrisShape shape = right.Shape;
        double rightScore = IrisCalibration.Score(one, shape, IrisEncoderId.Unknown);
        double leftScore = IrisCalibration.Score(two, shape, IrisEncoderId.Unknown);
        double mean = (IrisCalibration.Normalised(one, shape) + IrisCalibration.Normalised(two, shape)) / 2;
        Add(EyeRule.OneEye, 100 * rightScore);
        Add(EyeRule.Better, 100 * Math.Max(rightScore, leftScore));
        Add(EyeRule.MeanDistance, 20_000 * (1 - mean));
        Add(EyeRule.Fisher, 100 * Fusion.Fuse(first && second ? [rightScore, leftScore] : [rightScore]));
    }

    private void Add(EyeRule rule, double level) => counts[(int)rule][(int)Math.Clamp(level, 0, Bins - 1)]++;

    private void Add(TwoEyes other)
    {
        lock (counts)
        {
            for (int rule = 0; rule < counts.Length; rule++)
            {
                for (int bin = 0; bin < Bins; bin++)
                {
                    counts[rule][bin] += other.counts[rule][bin];
                }
            }
        }
    }

    /// <summary>Both eyes of generated people, one capture of each.</summary>
    private sealed class Gallery
    {
        private readonly byte[][] rows;
        private readonly int stride;

        public Gallery(ulong seed, IrisShape shape, int people, int capture, double flipped = 0)
        {
            SyntheticPopulation population = new(seed);
            stride = IrisRow.MostBytesOf(shape);
            rows = new byte[people][];
            Parallel.For(0, people, person =>
            {
                rows[person] = new byte[2 * stride];
                Random random = new(person);
                for (int eye = 0; eye < 2; eye++)
                {
                    IrisCode code = population.Person(person).Iris(eye + 1, capture, shape);
                    code = Flipped(code, flipped * random.NextDouble(), random);
                    IrisRow.Write(code, rows[person].AsSpan(eye * stride));
                }
            });
        }

        private static IrisCode Flipped(IrisCode code, double share, Random random)
        {
            ulong[] words = code.Code.ToArray();
            for (int bit = 0; bit < code.Shape.Bits; bit++)
            {
                words[bit / 64] ^= random.NextDouble() < share ? 1UL << (bit % 64) : 0;
            }

            return code with { Code = words };
        }

        public ReadOnlySpan<byte> Row(int person, int eye) => rows[person].AsSpan(eye * stride, stride);

        public (IrisProbe Right, IrisProbe Left) ProbesOf(int person) =>
            (new IrisProbe(IrisRow.Read(Row(person, 0), BiometricPosition.RightEye)),
                new IrisProbe(IrisRow.Read(Row(person, 1), BiometricPosition.LeftEye)));
    }
}

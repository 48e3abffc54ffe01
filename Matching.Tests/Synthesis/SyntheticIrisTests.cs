using System.Numerics;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Synthesis;

/// <summary>The ranges are those docs/synthetic-people.md states, with room for the sample.</summary>
public sealed class SyntheticIrisTests
{
    private readonly SyntheticPopulation population = new(2024);

    public static TheoryData<IrisShape> Shapes =>
    [
        IrisShape.D2048,
        IrisShape.W16384,
        IrisShape.OpenIris12800,
        new IrisShape(5, 64, 3, 1),
        new IrisShape(64, 8, 4, 2),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_has_codes_with_one_mask_bit_for_all_bits_of_a_cell(IrisShape shape)
    {
        IrisCode iris = population.Person(3).Iris(2, 1, shape);
        Assert.Equal(BiometricPosition.LeftEye, iris.Position);
        Assert.Equal((shape.Words, shape.Words), (iris.Code.Length, iris.Mask.Length));
        int bitsPerCell = shape.Wavelets * shape.Phases;
        for (int bit = 0; bit < shape.Bits; bit += bitsPerCell)
        {
            int set = Enumerable.Range(bit, bitsPerCell).Count(b => ((iris.Mask.Span[b >> 6] >> b) & 1) == 1);
            Assert.True(set == 0 || set == bitsPerCell, $"bit {bit}: {set} of {bitsPerCell}");
        }

        int ones = Ones(iris.Code.Span);
        Assert.InRange(ones, shape.Bits * 0.35, shape.Bits * 0.65);
    }

    [Fact]
    public void Lids_and_lashes_leave_most_of_the_iris_and_change_with_the_impression()
    {
        IrisCode[] eyes = Enrolled(IrisShape.D2048, 120);
        double[] valid = [.. eyes.Select(iris => Ones(iris.Mask.Span) / 2048.0).Order()];
        Assert.InRange(valid.Average(), 0.76, 0.84);
        Assert.InRange(valid[valid.Length / 20], 0.58, 0.72);
        Assert.InRange(valid[valid.Length * 95 / 100], 0.86, 0.97);
        Assert.NotEqual(
            population.Person(0).Iris(1, 0, IrisShape.D2048).Mask.ToArray(),
            population.Person(0).Iris(1, 1, IrisShape.D2048).Mask.ToArray());
    }

    [Theory]
    [InlineData(false, 215, 290)]
    [InlineData(true, 370, 520)]
    public void Different_eyes_have_the_degrees_of_freedom_of_real_ones(bool wide, double least, double most)
    {
        IrisShape shape = wide ? IrisShape.W16384 : IrisShape.D2048;
        IrisCode[] eyes = Enrolled(shape, 80);
        double mean = 0;
        double variance = 0;
        int pairs = 0;
        for (int i = 0; i < eyes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // The spread of a distance over n of N bits is brought to N by sqrt(n/N).
                (int different, int valid) = Hamming.Count(eyes[i], eyes[j], 0);
                double deviation = ((double)different / valid) - 0.5;
                mean += deviation;
                variance += deviation * deviation * valid / shape.Bits;
                pairs++;
            }
        }

        Assert.InRange(mean / pairs, -0.004, 0.004);
        Assert.InRange(0.25 / (variance / pairs), least, most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Captures_of_one_eye_are_nearer_than_captures_of_two(bool wide)
    {
        IrisShape shape = wide ? IrisShape.W16384 : IrisShape.D2048;
        int people = wide ? 24 : 120;
        IrisCode[] eyes = Enrolled(shape, people);
        double[] mated = [.. eyes.Select((eye, i) => Hamming.Best(Probe(i, shape), eye)).Order()];
        double[] nonMated =
            [.. eyes.Select((_, i) => Hamming.Best(Probe(i, shape), eyes[(i + 1) % people])).Order()];
        Assert.InRange(mated.Average(), 0.14, 0.19);
        Assert.InRange(mated[people / 2], 0.13, 0.19);
        Assert.InRange(mated[^1], 0.22, 0.40);
        Assert.InRange(nonMated.Average(), 0.42, 0.46);
        Assert.True(nonMated[0] > 0.35, $"{nonMated[0]:F3}");
    }

    [Fact]
    public void Turned_eyes_are_found_by_turning_back()
    {
        int turned = 0;
        for (int i = 0; i < 40; i++)
        {
            IrisCode probe = Probe(i, IrisShape.W16384);
            IrisCode enrolled = population.Person(i).Iris(1, 0, IrisShape.W16384);
            (int different, int valid) = Hamming.Count(probe, enrolled, 0);
            turned += (double)different / valid > Hamming.Best(probe, enrolled) + 0.1 ? 1 : 0;
        }

        Assert.InRange(turned, 20, 38);
    }

    [Fact]
    public void Both_profiles_of_a_bad_capture_are_bad()
    {
        double[] narrow = new double[40];
        double[] wide = new double[narrow.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            SyntheticPerson person = population.Person(i);
            narrow[i] = Hamming.Best(Probe(i, IrisShape.D2048), person.Iris(1, 0, IrisShape.D2048));
            wide[i] = Hamming.Best(Probe(i, IrisShape.W16384), person.Iris(1, 0, IrisShape.W16384));
        }

        Assert.True(Correlation(narrow, wide) > 0.5, $"{Correlation(narrow, wide):F2}");
    }

    private IrisCode Probe(int index, IrisShape shape) => population.Person(index).Iris(1, 1, shape);

    private IrisCode[] Enrolled(IrisShape shape, int people) =>
        [.. Enumerable.Range(0, people).Select(i => population.Person(i).Iris(1, 0, shape))];

    private static int Ones(ReadOnlySpan<ulong> words)
    {
        int ones = 0;
        foreach (ulong word in words)
        {
            ones += BitOperations.PopCount(word);
        }

        return ones;
    }

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average();
        double my = y.Average();
        double xy = x.Zip(y).Sum(pair => (pair.First - mx) * (pair.Second - my));
        return xy / Math.Sqrt(x.Sum(v => (v - mx) * (v - mx)) * y.Sum(v => (v - my) * (v - my)));
    }
}

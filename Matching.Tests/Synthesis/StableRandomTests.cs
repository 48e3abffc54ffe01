using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Synthesis;

public sealed class StableRandomTests
{
    private const int Throws = 100_000;

    /// <summary>
    /// The first outputs of xoshiro256** from the state 1, 2, 3, 4.
    /// </summary>
    [Fact]
    public void The_generator_is_the_published_one()
    {
        var random = new StableRandom(1, 2, 3, 4);
        ulong[] found = [random.Next(), random.Next(), random.Next(), random.Next()];
        Assert.Equal([11520UL, 0, 1509978240, 1215971899390074240], found);
    }

    [Fact]
    public void Seeding_is_frozen()
    {
        var random = new StableRandom(42);
        ulong[] found =
            [random.Next(), random.Next(), StableRandom.Derive(42, 0), StableRandom.Derive(42, 1)];
        ulong[] golden =
        [
            1546998764402558742, 6990951692964543102, 16389234289310759295, 1792143220935661557,
        ];
        Assert.Equal(golden, found);
    }

    [Fact]
    public void A_derived_stream_depends_on_seed_and_key()
    {
        var seeds = new HashSet<ulong>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            for (ulong key = 0; key < 100; key++)
            {
                Assert.True(seeds.Add(StableRandom.Derive(seed, key)), $"seed {seed} key {key} is taken");
            }
        }
    }

    [Fact]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        var random = new StableRandom(1);
        int[] tenths = new int[10];
        for (int i = 0; i < Throws; i++)
        {
            double value = random.Uniform();
            Assert.InRange(value, 0, 1 - double.Epsilon);
            tenths[(int)(10 * value)]++;
        }

        Assert.All(tenths, count => Assert.InRange(count, Throws * 0.095, Throws * 0.105));
    }

    [Fact]
    public void Below_takes_every_value_and_no_other()
    {
        var random = new StableRandom(2);
        int[] counts = new int[7];
        for (int i = 0; i < Throws; i++)
        {
            counts[random.Below(counts.Length)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, Throws * 0.95 / 7, Throws * 1.05 / 7));
    }
}

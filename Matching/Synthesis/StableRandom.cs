using System.Numerics;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// The dice of the synthetic people: xoshiro256** (Blackman and Vigna 2018) whose state is filled by
/// SplitMix64. Only integer arithmetic and exact IEEE operations, so that every machine and every future
/// runtime gives the same numbers; <see cref="System.Random"/> does not promise that. Frozen by a golden
/// test.
/// </summary>
public sealed class StableRandom
{
    private const ulong GoldenGamma = 0x9e3779b97f4a7c15;

    /// <summary>
    /// Variance of the sum of eight uniform 16-bit lanes, and so the divisor that makes it 1.
    /// </summary>
    private const double LaneVariance = 8.0 * 65535 * 65537 / 12;

    private static readonly double PerSigma = 1 / Math.Sqrt(LaneVariance);

    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    public StableRandom(ulong seed)
    {
        this.a = Mix(seed += GoldenGamma);
        this.b = Mix(seed += GoldenGamma);
        this.c = Mix(seed += GoldenGamma);
        this.d = Mix(seed + GoldenGamma);
    }

    /// <summary>Takes the state as it is: a test holds it against the published generator.</summary>
    internal StableRandom(ulong a, ulong b, ulong c, ulong d) => (this.a, this.b, this.c, this.d) = (a, b, c, d);

    /// <summary>
    /// The seed of a stream inside a stream: different for every (seed, key), with no order between keys.
    /// </summary>
    public static ulong Derive(ulong seed, ulong key) =>
        Mix(Mix(seed + GoldenGamma) ^ ((key + 1) * GoldenGamma));

    /// <summary>Draws 64 uniform bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(this.b * 5, 7) * 9;
        ulong t = this.b << 17;
        this.c ^= this.a;
        this.d ^= this.b;
        this.b ^= this.c;
        this.a ^= this.d;
        this.c ^= t;
        this.d = BitOperations.RotateLeft(this.d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>
    /// Uniform in 0..<paramref name="count"/>-1 by the high half of a product; its bias is below 2^-32.
    /// </summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>
    /// Mean 0, sigma 1: the sum of eight uniform 16-bit lanes (Irwin-Hall). It needs no logarithm, whose last
    /// bit differs between platforms; its tails end at 4.9 sigma and its excess kurtosis is -0.15, which is
    /// nothing beside what is modelled with it.
    /// </summary>
    public double Gaussian()
    {
        long sum = Lanes(Next()) + Lanes(Next());
        return (sum - (4 * 65535L)) * PerSigma;
    }

    private static long Lanes(ulong x)
    {
        x = (x & 0x0000ffff0000ffff) + ((x >> 16) & 0x0000ffff0000ffff);
        return (long)((x & 0xffffffff) + (x >> 32));
    }

    /// <summary>SplitMix64's output function.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}

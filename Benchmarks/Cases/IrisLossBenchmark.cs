using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Counts the mated pairs that a fast search loses: pairs of captures of one eye that lie within the bound
/// and whose sample does not. It takes captures as they are generated, one in twenty bad, and captures with
/// bits flipped at random until they lie near the limit, which is worse than what eyes do (their errors come
/// in patches, which a sample meets in proportion).
/// </summary>
internal sealed class IrisLossBenchmark : IBenchmark
{
    private const int BlocksOfPeople = 6;

    private const int Captures = 5;

    /// <summary>Share of bits flipped beside what a capture brings.</summary>
    private const double Flipped = 0.22;

    public string Name => "iris-loss";

    public string Description => "Mates that a fast iris search loses, 2,048 bits.";

    public Task RunAsync(BenchmarkContext context)
    {
        IrisShape shape = IrisShape.D2048;
        int people = context.People(BlocksOfPeople * IrisBlock.Lanes, 64);
        foreach (double flipped in new[] { 0, Flipped })
        {
            foreach (double distance in new[] { 0.32, SampleBound.SampledTo })
            {
                context.Cancel.ThrowIfCancellationRequested();
                (long mates, long lost, long near) = Count(shape, people, distance, flipped);
                string name = (flipped > 0 ? "mates with bits flipped" : "mates") + $", to {distance}";
                context.Progress($"iris-loss: {name}: {lost} of {mates} lost");
                context.Add(name, "mates", mates, "1", "none");
                context.Add(name, "mates_within_0.03_of_it", near, "1", "none");
                context.Add(name, "mates_lost", lost, "1", "none");
            }
        }

        return Task.CompletedTask;
    }

    private static (long Mates, long Lost, long Near) Count(
        IrisShape shape, int people, double distance, double flipped)
    {
        SyntheticPopulation population = new(11);
        long mates = 0;
        long lost = 0;
        long near = 0;
        int blocks = (people + IrisBlock.Lanes - 1) / IrisBlock.Lanes;
        Parallel.For(0, blocks, block =>
        {
            int first = block * IrisBlock.Lanes;
            int count = Math.Min(IrisBlock.Lanes, people - first);
            IrisCode[,] eyes = new IrisCode[count, Captures];
            for (int i = 0; i < count * Captures; i++)
            {
                int person = first + (i / Captures);
                eyes[i / Captures, i % Captures] = Flip(
                    population.Person(person).Iris(IrisGallery.RightEye, i % Captures, shape),
                    i % Captures == 0 ? 0 : flipped, new Random((person * Captures) + i));
            }

            for (int gallery = 0; gallery < Captures; gallery++)
            {
                for (int probe = 0; probe < Captures; probe++)
                {
                    // Two captures with flips would lie beyond the limit.
                    if (probe != gallery && (flipped == 0 || gallery == 0))
                    {
                        (long m, long l, long n) = Count(eyes, gallery, probe, distance);
                        Interlocked.Add(ref mates, m);
                        Interlocked.Add(ref lost, l);
                        Interlocked.Add(ref near, n);
                    }
                }
            }
        });
        return (mates, lost, near);
    }

    private static (long Mates, long Lost, long Near) Count(
        IrisCode[,] eyes, int galleryCapture, int probeCapture, double distance)
    {
        int count = eyes.GetLength(0);
        IrisShape shape = eyes[0, 0].Shape;
        int stride = IrisRow.MostBytesOf(shape);
        byte[] rows = new byte[count * stride];
        IrisBlock block = new(shape, sharedMask: true);
        for (int i = 0; i < count; i++)
        {
            IrisCode eye = eyes[i, galleryCapture];
            block.Write(i, eye.Code.Span, eye.Mask.Span);
            IrisRow.Write(eye, rows.AsSpan(i * stride, stride));
        }

        long mates = 0;
        long lost = 0;
        long near = 0;
        foreach (int[] portion in Enumerable.Range(0, count).Chunk(BlockPass.MostProbes))
        {
            IrisProbe[] probes = [.. portion.Select(i => new IrisProbe(eyes[i, probeCapture]))];
            IrisSampler sampler = new(
                probes, probe => IrisBound.AtDistance(shape, probe.ValidBits, distance), BitCountings.WidestLanes);
            ulong[] found = sampler.Run(block, null, new IrisGallery.Rows(rows, stride));
            for (int p = 0; p < portion.Length; p++)
            {
                int lane = portion[p];
                if (IrisScorer.TryCompare(probes[p], rows.AsSpan(lane * stride, stride), out IrisComparison exact)
                    && exact.Distance <= distance)
                {
                    mates++;
                    near += exact.Distance > distance - 0.03 ? 1 : 0;
                    lost += (found[(p * BlockPass.Words) + (lane / 64)] >> (lane % 64) & 1) == 0 ? 1 : 0;
                }
            }
        }

        return (mates, lost, near);
    }

    private static IrisCode Flip(IrisCode eye, double share, Random random)
    {
        if (share == 0)
        {
            return eye;
        }

        ulong[] code = eye.Code.ToArray();
        for (int bit = 0; bit < eye.Shape.Bits; bit++)
        {
            code[bit / 64] ^= random.NextDouble() < share ? 1UL << (bit % 64) : 0;
        }

        return eye with { Code = code };
    }
}

using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// One eye against one eye over all rotations, by the plain twin and by the form the engine uses, on the same
/// pairs.
/// </summary>
internal sealed class IrisCompareBenchmark : IBenchmark
{
    private const int RightEye = 1;

    public string Name => "iris-compare";

    public string Description => "Iris comparisons over all rotations, reference and vectorised, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        Compare(context, "D2048, 15 rotations", IrisShape.D2048, 7);
        Compare(context, "D2048, 31 rotations", IrisShape.D2048, 15);
        Compare(context, "12800, 31 rotations", IrisShape.OpenIris12800, 15);
        Compare(context, "W16384, 31 rotations", IrisShape.W16384, 15);
        return Task.CompletedTask;
    }

    private static void Compare(BenchmarkContext context, string name, IrisShape shape, int rotations)
    {
        var people = new SyntheticPopulation(1);
        int stride = IrisRow.MostBytesOf(shape);
        int rows = context.Size(128, 4);
        byte[] gallery = new byte[rows * stride];
        for (int i = 0; i < rows; i++)
        {
            IrisRow.Write(people.Person(i).Iris(RightEye, 0, shape), gallery.AsSpan(i * stride, stride));
        }

        IrisCode[] codes =
            [.. Enumerable.Range(0, context.Size(4, 2)).Select(i =>
                people.Person(i).Iris(RightEye, 1, shape))];
        IrisProbe[] probes = [.. codes.Select(code => new IrisProbe(code, rotations))];

        // The bit-by-bit twin is thousands of times slower: it is timed on a few of the rows and checked on
        // all.
        int few = Math.Min(rows, context.Size(8, 1));
        ResultHash reference = default;
        ResultHash fast = default;
        for (int p = 0; p < probes.Length; p++)
        {
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<byte> row = gallery.AsSpan(i * stride, stride);
                bool plain = IrisScorer.TryCompareReference(
                    codes[p], rotations, row, out IrisComparison expected);
                Add(ref reference, plain, expected);
                bool compared = IrisScorer.TryCompare(probes[p], row, out IrisComparison found);
                Add(ref fast, compared, found);
            }
        }

        context.MustEqual(name, reference, fast);
        int sink = 0;
        const string Metric = "comparisons_per_s_core";
        context.Rate($"{name}, reference", Metric, "1/s", (long)few * codes.Length, reference, () =>
        {
            foreach (IrisCode code in codes)
            {
                for (int i = 0; i < few; i++)
                {
                    IrisScorer.TryCompareReference(
                        code, rotations, gallery.AsSpan(i * stride, stride), out IrisComparison found);
                    sink += found.Differing;
                }
            }
        });
        context.Rate($"{name}, vectorised", Metric, "1/s", (long)rows * probes.Length, fast, () =>
        {
            foreach (IrisProbe probe in probes)
            {
                for (int i = 0; i < rows; i++)
                {
                    IrisScorer.TryCompare(
                        probe, gallery.AsSpan(i * stride, stride), out IrisComparison found);
                    sink += found.Differing;
                }
            }
        });
        GC.KeepAlive(sink);
        context.Add(name, "bytes_per_eye", stride, "B", "none");
    }

    private static void Add(ref ResultHash hash, bool compared, in IrisComparison comparison)
    {
        hash.Add(compared ? 1 : 0);
        hash.Add(comparison.Differing);
        hash.Add(comparison.Valid);
        hash.Add(comparison.Rotation);
    }
}

using System.Runtime.InteropServices;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The first stage alone: every row of a gallery against batches of probes, at every width the CPU has, out of the
/// caches and inside them. Rows are enrolments of synthetic fingers; a gallery larger than the number of distinct
/// ones holds each many times, in an order without pattern, each time with other neighbours.
/// </summary>
internal sealed class FingerStage1Benchmark : IBenchmark
{
    private const int Finger = 2;
    private const int CachedRows = 64;
    private const int LargestBatch = 64;

    public string Name => "finger-stage1";

    public string Description => "First stage over a gallery of fingers, by vector width and probes a pass.";

    public Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        int distinct = context.Size(1000, 20);
        byte[][] rows = [.. Enumerable.Range(0, distinct).Select(i => Row(people, i, 0))];
        Stage1Probe[] probes =
            [.. Enumerable.Range(0, context.Size(LargestBatch, 4)).Select(i => new Stage1Probe(Row(people, i, 1)))];
        context.Add("memory", "bytes_per_row", Stage1Block.Bytes / (double)Stage1Parameters.Rows, "B", "none");

        MustEqualTwin(context, rows, probes);
        foreach ((string place, int count) in new[]
        {
            ("out of cache", context.People(60_000, 100)), ("in cache", CachedRows),
        })
        {
            Stage1Blocks gallery = Gallery(rows, count);
            foreach (Stage1Level level in Enum.GetValues<Stage1Level>().Where(Stage1Levels.IsSupported).Reverse())
            {
                // Every size of batch at the width that is used, one at the others: they are there to be compared.
                foreach (int batch in level == Stage1Levels.Widest ? (int[])[1, 8, LargestBatch] : [8])
                {
                    Stage1Probe[] together = probes[..Math.Min(batch, probes.Length)];
                    Measure(context, $"{level}, {place}, {count} rows, {batch} probes", level, gallery, together);
                }
            }
        }

        return Task.CompletedTask;
    }

    private static void Measure(
        BenchmarkContext context, string name, Stage1Level level, Stage1Blocks gallery, Stage1Probe[] probes)
    {
        context.Rate(
            name,
            "comparisons_per_s_core",
            "1/s",
            (long)gallery.Count * probes.Length,
            Pass(level, gallery, probes),
            () => Pass(level, gallery, probes));
    }

    /// <summary>Every block once, each shown to every probe while it is in the cache.</summary>
    private static ResultHash Pass(Stage1Level level, Stage1Blocks gallery, ReadOnlySpan<Stage1Probe> probes)
    {
        ResultHash hash = default;
        Span<ushort> distances = stackalloc ushort[Stage1Parameters.Rows];
        for (int i = 0; i < gallery.Blocks; i++)
        {
            foreach (Stage1Probe probe in probes)
            {
                Stage1Scan.DistancesWith(level, gallery.Block(i), probe, distances);
                foreach (long lanes in MemoryMarshal.Cast<ushort, long>(distances))
                {
                    hash.Add(lanes);
                }
            }
        }

        return hash;
    }

    private static Stage1Blocks Gallery(byte[][] rows, int count)
    {
        var blocks = new Stage1Blocks();
        var random = new Random(5);
        for (int i = 0; i < count; i++)
        {
            blocks.Append(FingerRow.Over(rows[random.Next(rows.Length)]), 0);
        }

        return blocks;
    }

    private static void MustEqualTwin(BenchmarkContext context, byte[][] rows, Stage1Probe[] probes)
    {
        rows = rows[..Math.Min(rows.Length, 64)];
        var blocks = new Stage1Blocks();
        ResultHash reference = default;
        foreach (byte[] row in rows)
        {
            blocks.Append(FingerRow.Over(row), 0);
            reference.Add(PlainStage1.Distance(probes[0], row));
        }

        ushort[] distances = new ushort[Stage1Parameters.Rows];
        foreach (Stage1Level level in Enum.GetValues<Stage1Level>().Where(Stage1Levels.IsSupported))
        {
            ResultHash found = default;
            for (int i = 0; i < rows.Length; i++)
            {
                Stage1Scan.DistancesWith(level, blocks.Block(i / distances.Length), probes[0], distances);
                found.Add(distances[i % distances.Length]);
            }

            context.MustEqual($"{level} against the plain twin", reference, found);
        }
    }

    private static byte[] Row(SyntheticPopulation people, int person, int impression) =>
        FingerTemplate.Prepare(people.Person(person).Finger(Finger, impression)).Row.ToArray();
}

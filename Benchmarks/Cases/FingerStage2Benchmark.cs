using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The second stage alone, local similarities, assignment and relaxation, at every form the CPU has, by probes that
/// meet a row together and by where the rows lie; then followed by the third stage, as survivors meet it.
/// </summary>
internal sealed class FingerStage2Benchmark : IBenchmark
{
    private const int Finger = 2;
    private const int CachedRows = 64;
    private const int LargestBatch = 64;

    public string Name => "finger-stage2";

    public string Description => "Second stage over a gallery of fingers, by form and probes a pass.";

    public Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        int distinct = context.Size(400, 20);
        byte[][] prepared = [.. Enumerable.Range(0, distinct).Select(i => Prepare(people, i, 0).Row.ToArray())];
        FingerTemplate[] probes =
            [.. Enumerable.Range(0, context.Size(LargestBatch, 4)).Select(i => Prepare(people, i, 1))];
        context.Add("memory", "bytes_per_row", prepared.Average(row => row.Length), "B", "none");
        MustEqualTwin(context, prepared, probes);

        foreach ((string place, int count) in new[]
        {
            ("out of cache", context.Size(20_000, 40)), ("in cache", CachedRows),
        })
        {
            byte[][] rows = Gallery(prepared, count);
            foreach (FingerKernel form in Enum.GetValues<FingerKernel>().Where(FingerKernels.IsSupported).Reverse())
            {
                foreach (int batch in form == FingerKernels.Widest ? (int[])[1, 8, LargestBatch] : [8])
                {
                    FingerTemplate[] together = probes[..Math.Min(batch, probes.Length)];
                    Measure(context, $"{form}, {place}, {count} rows, {batch} probes", rows, together, form);
                }
            }

            FingerTemplate[] eight = probes[..Math.Min(8, probes.Length)];
            Measure(context, $"with evidence, {place}, {count} rows, 8 probes", rows, eight, form: null);
        }

        return Task.CompletedTask;
    }

    /// <summary>Rows are visited part by part, so that a round fits the time for a case.</summary>
    private static void Measure(
        BenchmarkContext context, string name, byte[][] rows, FingerTemplate[] probes, FingerKernel? form)
    {
        var scratch = new FingerScratch();
        int part = Math.Min(rows.Length, Math.Max(CachedRows, 1024 / probes.Length));
        int next = 0;
        context.Rate(
            name,
            "comparisons_per_s_core",
            "1/s",
            (long)part * probes.Length,
            Pass(rows.AsSpan(0, part), probes, form, scratch),
            () =>
            {
                next = next + part > rows.Length ? 0 : next;
                Pass(rows.AsSpan(next, part), probes, form, scratch);
                next += part;
            });
    }

    /// <summary>Every row once, each shown to every probe while it is in the cache.</summary>
    private static ResultHash Pass(
        ReadOnlySpan<byte[]> rows, FingerTemplate[] probes, FingerKernel? form, FingerScratch scratch)
    {
        ResultHash hash = default;
        foreach (byte[] row in rows)
        {
            foreach (FingerTemplate probe in probes)
            {
                hash.Add(form is { } forced
                    ? FingerScorer.CompareWith(forced, probe, row, scratch)
                    : FingerMatcher.Compare(probe, row, scratch).Strength);
            }
        }

        return hash;
    }

    /// <summary>Each row has memory of its own, in an order without pattern, though few are distinct.</summary>
    private static byte[][] Gallery(byte[][] prepared, int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => (byte[])prepared[random.Next(prepared.Length)].Clone())];
    }

    private static void MustEqualTwin(BenchmarkContext context, byte[][] rows, FingerTemplate[] probes)
    {
        rows = rows[..Math.Min(rows.Length, 40)];
        probes = probes[..Math.Min(probes.Length, 4)];
        ResultHash reference = default;
        foreach (byte[] row in rows)
        {
            foreach (FingerTemplate probe in probes)
            {
                reference.Add(FingerScorer.CompareReference(probe, row));
            }
        }

        var scratch = new FingerScratch();
        foreach (FingerKernel form in Enum.GetValues<FingerKernel>().Where(FingerKernels.IsSupported))
        {
            context.MustEqual($"{form} against the plain twin", reference, Pass(rows, probes, form, scratch));
        }
    }

    private static FingerTemplate Prepare(SyntheticPopulation people, int person, int impression) =>
        FingerTemplate.Prepare(people.Person(person).Finger(Finger, impression));
}

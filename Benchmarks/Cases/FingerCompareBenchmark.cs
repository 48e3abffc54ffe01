using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// One finger against one finger, by the plain twin and by the form the engine uses, on the same pairs: later
/// captures against enrolments, one pair in every row of pairs mated.
/// </summary>
internal sealed class FingerCompareBenchmark : IBenchmark
{
    private const int Finger = 2;

    public string Name => "finger-compare";

    public string Description => "Finger comparisons, reference and vectorised, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        int rowCount = context.Size(100, 8);
        int probeCount = context.Size(10, 2);
        FingerTemplate[] rows = [.. Enumerable.Range(0, rowCount).Select(i => Prepare(people, i, 0))];
        FingerTemplate[] probes = [.. Enumerable.Range(0, probeCount).Select(i => Prepare(people, i, 1))];
        var scratch = new FingerScratch();
        long pairs = (long)rowCount * probeCount;

        ResultHash reference = Hash(probes, rows, FingerScorer.CompareReference);
        ResultHash fast = Hash(probes, rows, (probe, row) => FingerScorer.Compare(probe, row, scratch));
        ResultHash whole = Hash(
            probes, rows, (probe, row) => FingerMatcher.Compare(probe, row, scratch).Strength);
        context.MustEqual("vectorised against reference", reference, fast);
        context.MustEqual(
            "all stages against reference",
            Hash(probes, rows, (probe, row) => FingerMatcher.CompareReference(probe, row).Strength),
            whole);

        long sink = 0;
        context.Rate("reference", "comparisons_per_s_core", "1/s", pairs, reference, () =>
        {
            foreach (FingerTemplate probe in probes)
            {
                foreach (FingerTemplate row in rows)
                {
                    sink += FingerScorer.CompareReference(probe, row.Row);
                }
            }
        });
        context.Rate("vectorised", "comparisons_per_s_core", "1/s", pairs, fast, () =>
        {
            foreach (FingerTemplate probe in probes)
            {
                foreach (FingerTemplate row in rows)
                {
                    sink += FingerScorer.Compare(probe, row.Row, scratch);
                }
            }
        });
        context.Rate("all stages", "comparisons_per_s_core", "1/s", pairs, whole, () =>
        {
            foreach (FingerTemplate probe in probes)
            {
                foreach (FingerTemplate row in rows)
                {
                    sink += FingerMatcher.Compare(probe, row.Row, scratch).Strength;
                }
            }
        });
        Evidence(context, probes, rows, scratch);
        GC.KeepAlive(sink);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The third stage alone, over and over on the pairs of one comparison: on finalists it is the last one's cost.
    /// </summary>
    private static void Evidence(
        BenchmarkContext context, FingerTemplate[] probes, FingerTemplate[] rows, FingerScratch scratch)
    {
        (string, FingerTemplate)[] cases = [("evidence, mated", rows[0]), ("evidence, other", rows[1])];
        foreach ((string name, FingerTemplate row) in cases)
        {
            FingerScorer.Compare(probes[0], row.Row, scratch);
            ResultHash hash = default;
            hash.Add(FingerMatcher.Align(probes[0], row.Row, scratch).MatesEvidence);
            const int Times = 100;
            context.Rate(name, "alignments_per_s_core", "1/s", Times, hash, () =>
            {
                for (int i = 0; i < Times; i++)
                {
                    FingerMatcher.Align(probes[0], row.Row, scratch);
                }
            });
        }
    }

    private static FingerTemplate Prepare(SyntheticPopulation people, int person, int impression) =>
        FingerTemplate.Prepare(people.Person(person).Finger(Finger, impression));

    private static ResultHash Hash(
        FingerTemplate[] probes, FingerTemplate[] rows, Func<FingerTemplate, ReadOnlySpan<byte>, int> compare)
    {
        ResultHash hash = default;
        foreach (FingerTemplate probe in probes)
        {
            foreach (FingerTemplate row in rows)
            {
                hash.Add(compare(probe, row.Row));
            }
        }

        return hash;
    }
}

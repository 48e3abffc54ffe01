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
        context.MustEqual("vectorised against reference", reference, fast);

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
        GC.KeepAlive(sink);
        return Task.CompletedTask;
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

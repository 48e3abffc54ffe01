using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>The third stage four minutiae at a time against one at a time.</summary>
public sealed class EvidenceKernelTests
{
    [Fact]
    public void Candidates_are_those_of_the_plain_form_at_every_size_and_with_every_number_of_mates()
    {
        EvidenceScratch scratch = new();
        ulong[] wanted = new ulong[MinutiaPairing.MaxCandidates];
        int found = 0;
        foreach ((PrintShape probe, PrintShape row, Motion motion, Random random) in Pairs())
        {
            Pull[] pulls =
            [
                .. Enumerable.Range(0, random.Next(Math.Min(row.Count, probe.Count) + 1)).Select(k => new Pull(
                    k, row.X[k], row.Y[k], random.Next(-100, 100), random.Next(-100, 100) + random.NextDouble())),
            ];

            int count = MateCandidates.Find(probe, row, motion, pulls, scratch);

            Assert.Equal(MateCandidates.Plain(probe, row, motion, pulls, wanted), count);
            Assert.Equal(wanted[..count], scratch.Candidates[..count]);
            found += count;
        }

        Assert.True(found > 1000, $"{found} candidates in all");
    }

    [Fact]
    public void Overlaps_are_those_of_the_plain_form()
    {
        EvidenceScratch scratch = new();
        HashSet<int> held = [];
        foreach ((PrintShape probe, PrintShape row, Motion motion, _) in Pairs())
        {
            Overlap overlap = Overlap.Of(probe, row, motion, scratch);

            Assert.Equal(Overlap.Plain(probe, row, motion), overlap);
            held.Add(overlap.Probe);
        }

        Assert.Contains(0, held);
        Assert.True(held.Count > 20, $"{held.Count} kinds of overlap");
    }

    [Fact]
    public void A_heap_of_minutiae_is_cut_off_at_the_same_candidate()
    {
        FingerTemplate heap = RandomFingers.Template(new(3), 64);
        PrintShape shape = PrintShape.Of(heap.Row);
        shape.X.AsSpan().Clear();
        shape.Y.AsSpan().Clear();
        shape.Angles.AsSpan().Clear();
        EvidenceScratch scratch = new();
        ulong[] wanted = new ulong[MinutiaPairing.MaxCandidates];
        Motion still = new(1, 0, 0, 0, 0);

        Assert.Equal(MinutiaPairing.MaxCandidates, MateCandidates.Plain(shape, shape, still, [], wanted));
        Assert.Equal(MinutiaPairing.MaxCandidates, MateCandidates.Find(shape, shape, still, [], scratch));
        Assert.Equal(wanted, scratch.Candidates);
    }

    /// <summary>Prints of every size, laid over one another more or less.</summary>
    private static IEnumerable<(PrintShape Probe, PrintShape Row, Motion Motion, Random Random)> Pairs()
    {
        for (int size = 0; size <= Limits.MinutiaeScored; size++)
        {
            Random random = new(size);
            FingerTemplate a = RandomFingers.Template(random, size);
            foreach (FingerTemplate b in (FingerTemplate[])
                [a, RandomFingers.Template(random, random.Next(Limits.MinutiaeScored + 1))])
            {
                short turn = (short)(random.Next(3) > 0
                    ? random.Next(-500, 500) : random.Next(short.MinValue, short.MaxValue + 1));
                double angle = turn * 2 * Math.PI / 65536;
                int far = random.Next(4) switch { 0 => 20_000, 1 => 400, _ => 40 };
                yield return (
                    PrintShape.Of(a.Row), PrintShape.Of(b.Row),
                    new Motion(
                        Math.Cos(angle), Math.Sin(angle), random.Next(-far, far) + random.NextDouble(),
                        random.Next(-far, far), turn),
                    random);
            }
        }
    }
}

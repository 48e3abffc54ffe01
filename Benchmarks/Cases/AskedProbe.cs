using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>A request and the person who must be found; null where nobody must.</summary>
internal sealed record AskedProbe(IdentifyRequest Request, string? Person)
{
    /// <summary>Mated (later captures of enrolled people) and non-mated in turn.</summary>
    public static AskedProbe[] Make(
        BenchmarkContext context, SyntheticPopulation population, int people, int fingers, int eyes)
    {
        var probes = new AskedProbe[context.Size(64, 4)];
        for (int i = 0; i < probes.Length; i++)
        {
            bool mated = i % 2 == 0;
            SyntheticPerson person = population.Person(
                mated ? (int)((long)i * people / probes.Length) : people + i);
            Decoded<Probe> probe = ProbeBuilder.Build(SyntheticEncounters.Samples(person, 1, fingers, eyes));
            context.MustHold($"probe: {probe.Rejection}", probe.IsAccepted);
            probes[i] = new AskedProbe(
                new IdentifyRequest { Probe = probe.Value!, Gallery = SyntheticEncounters.Gallery },
                mated ? person.PersonId : null);
        }

        return probes;
    }

    /// <summary>Asks all of them, so many in a batch; adds the wall time of each batch.</summary>
    public static async Task<FoundPeople> AskAsync(
        BenchmarkContext context, SearchRoot root, AskedProbe[] probes, int together,
        List<double> milliseconds)
    {
        FoundPeople found = default;
        foreach (AskedProbe[] batch in probes.Chunk(together))
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(
                [.. batch.Select(p => p.Request)], SearchBudget.Of(Limits.LongestDeadline, context.Cancel));
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            for (int i = 0; i < batch.Length; i++)
            {
                context.MustHold("every answer is complete", answers[i].Coverage.IsComplete);
                found.Add(batch[i], answers[i]);
            }
        }

        return found;
    }

    public static double At(List<double> sorted, double quantile) =>
        sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Count) - 1)];
}

/// <summary>What came back for some probes, as a hash and as counts.</summary>
internal struct FoundPeople
{
    public ResultHash Hash;
    public long Comparisons;
    public int Right;
    public int False;

    public void Add(AskedProbe probe, IdentifyAnswer answer)
    {
        Comparisons += answer.Comparisons;
        string? first = answer.Candidates.Count > 0 ? answer.Candidates[0].PersonId : null;
        Right += probe.Person is not null && first == probe.Person ? 1 : 0;
        False += probe.Person is null && first is not null ? 1 : 0;
        foreach (Candidate candidate in answer.Candidates)
        {
            Hash.Add(candidate.PersonId);
            Hash.AddExactly(candidate.Score);
        }

        Hash.Add(answer.Candidates.Count);
    }
}

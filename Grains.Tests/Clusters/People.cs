using MatchCluster.Matching;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>Enrols and searches generated people the way the api does.</summary>
internal static class People
{
    public static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public static async Task EnrolAsync(IPartitionDirectory directory, int from, int count)
    {
        IReadOnlyList<WriteResult> results = await new EncounterRoot(directory).ApplyAsync(
            [.. Enumerable.Range(from, count).Select(person => new Write.Create(EncounterOf(person)))], Budget);
        Assert.All(results, result => Assert.True(result.IsApplied, $"{result}"));
    }

    public static async Task<IdentifyAnswer> FindAsync(SearchRoot root, int person, SearchBudget? budget = null)
    {
        IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync([Ask(person)], budget ?? Budget);
        return Assert.Single(answers);
    }

    public static IdentifyRequest Ask(int person, int candidates = Limits.CandidatesPerSearch) => new()
    {
        Probe = ProbeOf(person),
        Gallery = "G",
        Threshold = 0,
        MaxCandidates = candidates,
    };

    /// <summary>Everything of an answer that does not depend on the time it took.</summary>
    public static IEnumerable<string> Flat(IdentifyAnswer answer) =>
        answer.Candidates
            .Select(c => $"{c.Rank} {c.PersonId} {c.Score:R} {c.Fpir:R} {string.Join(';', c.Details)}")
            .Append($"{answer.Coverage.IdentitiesSearched} of {answer.Coverage.IdentitiesHeld}, {answer.Comparisons}");
}

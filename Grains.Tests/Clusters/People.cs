using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>Enrols and searches generated people the way the api does.</summary>
internal static class People
{
    public static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    /// <param name="directory">The directory of the cluster, or of an engine.</param>
    /// <param name="from">First person.</param>
    /// <param name="count">People.</param>
    /// <param name="fingers">Standard codes of what each gives; none means a right index finger.</param>
    public static async Task EnrolAsync(
        IPartitionDirectory directory, int from, int count, params int[] fingers)
    {
        int[]? given = fingers.Length == 0 ? null : fingers;
        IReadOnlyList<WriteResult> results = await new EncounterRoot(directory).ApplyAsync(
            [.. Enumerable.Range(from, count).Select(p => new Write.Create(EncounterOf(p, fingers: given)))], Budget);
        Assert.All(results, result => Assert.True(result.IsApplied, $"{result}"));
    }

    /// <summary>People with both eyes and no finger.</summary>
    public static async Task EnrolEyesAsync(IPartitionDirectory directory, int count)
    {
        Write[] writes =
            [.. Enumerable.Range(0, count).Select(p => new Write.Create(EncounterOf(p, fingers: [], eyes: [1, 2])))];
        IReadOnlyList<WriteResult> results = await new EncounterRoot(directory).ApplyAsync(writes, Budget);
        Assert.All(results, result => Assert.True(result.IsApplied, $"{result}"));
    }

    public static Task<IdentifyAnswer> FindAsync(SearchRoot root, int person, SearchBudget? budget = null) =>
        FindAsync(root, Ask(person), budget);

    public static async Task<IdentifyAnswer> FindAsync(
        SearchRoot root, IdentifyRequest request, SearchBudget? budget = null)
    {
        IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync([request], budget ?? Budget);
        return Assert.Single(answers);
    }

    public static IdentifyRequest Ask(int person, int candidates = Limits.CandidatesPerSearch) =>
        Ask(ProbeOf(person), candidates);

    /// <summary>A person's fingers under other labels.</summary>
    public static Probe Relabelled(int person, int[] fingers, int[] labels) => new(
        [.. ProbeOf(person, fingers).Fingers.Zip(
            labels, (finger, label) => finger with { Position = BiometricPosition.OfFinger(label) })],
        []);

    /// <summary>A person's fingers, each turned by quarters of a turn.</summary>
    public static Probe Turned(int person, int[] fingers, int[] quarters) => new(
        [.. ProbeOf(person, fingers).Fingers.Zip(
            quarters, (finger, turn) => finger with { Template = finger.Template.Turned(turn) })],
        []);

    /// <summary>A person's eyes, upside down and under each other's labels.</summary>
    public static Probe MisplacedEyes(int person) => new(
        [], [.. ProbeOf(person, [], [1, 2]).Irises.Select(eye => eye.UpsideDown.Swapped)]);

    public static IdentifyRequest Ask(Probe probe, int candidates = Limits.CandidatesPerSearch) => new()
    {
        Probe = probe,
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

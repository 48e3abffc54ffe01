using MatchCluster.Benchmarks.Recall;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>What searches of generated people say that they lose, held against what they lose.</summary>
public sealed class StatedLossTests
{
    private const int People = 400;

    [Theory]
    [InlineData(1, 30)]
    [InlineData(1, 45)]
    [InlineData(2, 30)]
    [InlineData(2, 45)]
    public void Screened_searches_lose_no_more_of_whom_exhaustive_ones_find_than_they_say(int fingers, double threshold)
    {
        var gallery = new GeneratedGallery(People, fingers, _ => { });
        int[] people = [.. Enumerable.Range(0, 160).Select(i => i * 5 / 2)];
        Probe[] probes = [.. people.Select(person => gallery.ProbeOf(person, fingers, thinned: 0.15)!)];

        (IReadOnlyList<Hit> Hits, FirstStage? Stage)[] screened = gallery.Search(probes, threshold, exhaustive: false);

        int found = 0;
        int lost = 0;
        for (int i = 0; i < people.Length; i++)
        {
            Assert.InRange(screened[i].Stage!.Passed, 0, People / 2);
            if (gallery.ScoreOf(people[i], probes[i], threshold) is not null)
            {
                found++;
                lost += screened[i].Hits.Any(hit => hit.PersonId == gallery.IdOf(people[i])) ? 0 : 1;
            }
        }

        StageLoss[] stated = [.. screened.Select(search => search.Stage!.Loss!.Value).Distinct()];
        StageLoss loss = Assert.Single(stated);
        Assert.InRange(found, people.Length / 2, people.Length);
        Assert.InRange(loss.Expected, double.Epsilon, loss.AtMost);
        Assert.True(lost <= loss.AtMost * found, $"{lost} of {found} lost, stated at most {loss.AtMost}");
    }
}

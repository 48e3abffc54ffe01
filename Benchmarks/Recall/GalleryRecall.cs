using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// What a search with a first stage finds, in a generated gallery, of what an exhaustive search would find.
/// </summary>
internal static class GalleryRecall
{
    /// <summary>Probes that share a pass over the gallery.</summary>
    private const int Batch = 16;

    /// <summary>
    /// Probes of enrolled people, spread over the gallery. Whether an exhaustive search finds somebody is asked of
    /// their own comparison: it does not depend on the others.
    /// </summary>
    /// <param name="gallery">The gallery that is searched.</param>
    /// <param name="count">Probes, at most as many as people.</param>
    /// <param name="fingers">Fingers of each probe.</param>
    /// <param name="thinned">Share of a probe's minutiae dropped at random.</param>
    /// <param name="threshold">-10 log10 FMR from which somebody is a candidate.</param>
    public static MatedRecall Mated(
        GeneratedGallery gallery, int count, int fingers, double thinned, double threshold)
    {
        int[] people = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * gallery.People / count))];
        List<double> lost = [];
        int wanted = 0;
        int found = 0;
        int alsoFound = 0;
        int first = 0;
        FirstStage? stage = null;
        foreach (int[] some in people.Chunk(Batch))
        {
            // Nobody is found by a capture of which nothing is left to be compared.
            (int Person, Probe Probe)[] asked = Asked(gallery, some, fingers, thinned);
            (IReadOnlyList<Hit> Hits, FirstStage? Stage)[] answers =
                gallery.Search([.. asked.Select(one => one.Probe)], threshold, exhaustive: false);
            for (int i = 0; i < asked.Length; i++)
            {
                string id = gallery.IdOf(asked[i].Person);
                double? score = gallery.ScoreOf(asked[i].Person, asked[i].Probe, threshold);
                bool isFound = answers[i].Hits.Any(hit => hit.PersonId == id);
                stage = FirstStage.Add(stage, answers[i].Stage);
                wanted += score is null ? 0 : 1;
                found += score is not null && isFound ? 1 : 0;
                alsoFound += score is null && isFound ? 1 : 0;
                first += answers[i].Hits.Count > 0 && answers[i].Hits[0].PersonId == id ? 1 : 0;
                if (score is { } missing && !isFound)
                {
                    lost.Add(Math.Round(missing, 1));
                }
            }
        }

        return alsoFound == 0
            ? MatedRecall.Of(fingers, thinned, count, wanted, found, first, stage?.Penetration ?? 1, lost)
            : throw new InvalidOperationException($"{alsoFound} found by the screened search alone");
    }

    /// <summary>Probes of people who are not enrolled, searched both ways: which of their false matches both find.
    /// </summary>
    public static StrangerRecall Strangers(GeneratedGallery gallery, int count, int fingers, double threshold)
    {
        int all = 0;
        int both = 0;
        double highest = 0;
        foreach (int[] some in Enumerable.Range(gallery.People, count).Chunk(Batch))
        {
            Probe[] probes = [.. Asked(gallery, some, fingers, thinned: 0).Select(one => one.Probe)];
            var screened = gallery.Search(probes, threshold, exhaustive: false);
            var exhaustive = gallery.Search(probes, threshold, exhaustive: true);
            for (int i = 0; i < probes.Length; i++)
            {
                HashSet<string> few = [.. screened[i].Hits.Select(hit => hit.PersonId)];
                Hit[] missed = [.. exhaustive[i].Hits.Where(hit => !few.Contains(hit.PersonId))];
                all += exhaustive[i].Hits.Count;
                both += exhaustive[i].Hits.Count - missed.Length;
                highest = Math.Max(highest, missed.Select(hit => hit.Score).DefaultIfEmpty(0).Max());
            }
        }

        return new StrangerRecall(fingers, count, all, both, Math.Round(highest, 1));
    }

    /// <summary>People of whom a capture can be compared.</summary>
    private static (int Person, Probe Probe)[] Asked(
        GeneratedGallery gallery, int[] people, int fingers, double thinned) =>
    [
        .. people.Select(person => (Person: person, Probe: gallery.ProbeOf(person, fingers, thinned)))
            .Where(one => one.Probe is not null).Select(one => (one.Person, one.Probe!)),
    ];
}

/// <summary>Searches for people who are enrolled.</summary>
internal sealed record MatedRecall
{
    /// <summary>Fingers of each probe.</summary>
    public required int Fingers { get; init; }

    /// <summary>Share of a probe's minutiae dropped at random.</summary>
    public required double Thinned { get; init; }

    public required int Probes { get; init; }

    /// <summary>Probes whose full comparison reaches the threshold.</summary>
    public required int ExhaustiveFinds { get; init; }

    /// <summary>Those of them that the search of the whole gallery with a first stage answered.</summary>
    public required int ScreenedFinds { get; init; }

    /// <summary>Probes whose best candidate was right.</summary>
    public required int Rank1 { get; init; }

    public required double Recall { get; init; }

    /// <summary>Wilson's 95 % interval of the recall.</summary>
    public required double[] RecallInterval { get; init; }

    /// <summary>Share of encounters that passed the first stage.</summary>
    public required double Penetration { get; init; }

    /// <summary>Scores of those who were lost.</summary>
    public required IReadOnlyList<double> Lost { get; init; }

    public static MatedRecall Of(
        int fingers, double thinned, int probes, int wanted, int found, int first, double penetration,
        IReadOnlyList<double> lost)
    {
        Proportion recall = new(found, wanted);
        return new MatedRecall
        {
            Fingers = fingers,
            Thinned = thinned,
            Probes = probes,
            ExhaustiveFinds = wanted,
            ScreenedFinds = found,
            Rank1 = first,
            Recall = recall.Value,
            RecallInterval = [recall.Low, recall.High],
            Penetration = penetration,
            Lost = lost,
        };
    }
}

/// <summary>Searches for people who are not enrolled: every candidate is a false match.</summary>
/// <param name="Fingers">Fingers of each probe.</param>
/// <param name="Probes">Probes searched exhaustively and with a first stage.</param>
/// <param name="ExhaustiveCandidates">Candidates of all probes, at most 1,000 each.</param>
/// <param name="ScreenedToo">Those of them that the searches with a first stage answered too.</param>
/// <param name="HighestMissed">The highest score that a search with a first stage did not answer; 0 where
/// there is none.</param>
internal sealed record StrangerRecall(
    int Fingers, int Probes, int ExhaustiveCandidates, int ScreenedToo, double HighestMissed);

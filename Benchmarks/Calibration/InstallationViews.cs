using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>The fingers of an installation's gallery, read from its data directory while no server has it.</summary>
internal static class InstallationViews
{
    /// <summary>
    /// Fingers of active encounters, the first of each place of a person: comparisons of two persons are non-mated, if
    /// nobody is enrolled twice.
    /// </summary>
    /// <param name="directory">The server's <c>--data</c>.</param>
    /// <param name="gallery">Only encounters in it; null takes all.</param>
    /// <param name="encounterType">Only those of it, where it says which sensor was used; null takes all.</param>
    /// <param name="people">At most so many, the first by id.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InvalidDataException">There is no gallery, or no finger in what is wanted.</exception>
    /// <exception cref="StoreException">A server has the directory open, or it cannot be read.</exception>
    public static async Task<FingerViews> ReadAsync(
        DirectoryInfo directory, string? gallery, string? encounterType, int people, CancellationToken cancel)
    {
        if (!directory.Exists || !File.Exists(Path.Combine(directory.FullName, SqliteFile.Name)))
        {
            throw new InvalidDataException(
                $"found no gallery in {directory.FullName}, wanted the directory that a server was given with --data");
        }

        SortedDictionary<string, List<FingerView>> found = new(StringComparer.Ordinal);
        await using SqliteGalleryStore store =
            await SqliteGalleryStore.OpenAsync(directory.FullName, partitions: null, defaultPartitions: 1, cancel);
        for (int partition = 0; partition < store.PartitionCount; partition++)
        {
            await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(new(partition), cancel))
            {
                foreach (StoredEncounter stored in chunk)
                {
                    if (!stored.Content.IsAccepted || !IsWanted(stored.Content.Value))
                    {
                        continue;
                    }

                    Encounter encounter = stored.Content.Value;
                    if (!found.TryGetValue(encounter.PersonId, out List<FingerView>? views))
                    {
                        found.Add(encounter.PersonId, views = []);
                    }

                    Add(views, encounter);
                }
            }
        }

        (FingerView View, int Person)[] all =
        [
            .. found.Values.Where(views => views.Count > 0).Take(people)
                .SelectMany((views, person) => views.Select(view => (view, person))),
        ];
        return all.Length > 0 ? Of(all) : throw new InvalidDataException(
            $"found no finger of an active encounter in {directory.FullName}"
            + (gallery is null ? "" : $", gallery {gallery}")
            + (encounterType is null ? "" : $", encounter type {encounterType}"));

        bool IsWanted(Encounter encounter) => encounter.Status == EncounterStatus.Active
            && (gallery is null || encounter.Galleries.Contains(gallery))
            && (encounterType is null || encounter.EncounterType == encounterType);
    }

    private static FingerViews Of((FingerView View, int Person)[] all) => new(
        [.. all.Select(one => one.View)],
        [.. all.Select(_ => "the gallery")],
        [.. all.Select(one => one.Person)],
        (i, j) => all[i].Person != all[j].Person && all[i].View.Position.IsComparableWith(all[j].View.Position));

    private static void Add(List<FingerView> views, Encounter encounter)
    {
        for (int i = 0; i < encounter.Samples.Count; i++)
        {
            Decoded<DecodedSample> sample = SampleDecoder.Decode(encounter.Samples[i], i);
            if (sample.IsAccepted)
            {
                views.AddRange(
                    sample.Value.Fingers.Where(finger => views.All(view => view.Position != finger.Position)));
            }
        }
    }
}

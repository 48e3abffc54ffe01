using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// The combinations of galleries that the details of a result name: a candidate's samples mostly share one, so each is
/// written once and named by its number. Count (4), then each as number of names (1) and names (texts).
/// </summary>
internal sealed class GalleryNames
{
    private const int None = -1;
    private const int MostCombinations = (Limits.CandidatesPerSearch + 1) * 2 * Limits.RowsPerEncounter;

    private readonly List<string[]> combinations = [];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    private GalleryNames()
    {
    }

    /// <summary>
    /// The combinations that some hits name, in the order in which they come; null where no detail names any.
    /// </summary>
    public static GalleryNames? Of(IReadOnlyList<Hit> hits)
    {
        GalleryNames? names = null;
        foreach (HitDetail detail in hits.SelectMany(hit => hit.Details))
        {
            if (detail.Galleries is { } galleries)
            {
                (names ??= new GalleryNames()).Add(galleries);
            }
        }

        return names;
    }

    public void Write(FrameWriter writer)
    {
        writer.Count("combinations of galleries", combinations.Count, MostCombinations);
        foreach (string[] combination in combinations)
        {
            writer.Small("number of galleries", combination.Length, 1, Limits.GalleriesPerEncounter);
            foreach (string gallery in combination)
            {
                writer.Text("gallery", gallery, 1, Limits.IdBytes);
            }
        }
    }

    public void WriteNumber(FrameWriter writer, HitDetail detail) =>
        writer.Int32(detail.Galleries is { } galleries ? numbers[Key(galleries)] : None);

    public static GalleryNames Read(ref FrameReader reader)
    {
        GalleryNames names = new();
        int count = reader.Count("combinations of galleries", MostCombinations);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string[] combination = new string[reader.Small("number of galleries", 1, Limits.GalleriesPerEncounter)];
            for (int j = 0; j < combination.Length; j++)
            {
                combination[j] = reader.Text("gallery", 1, Limits.IdBytes);
            }

            names.combinations.Add(combination);
        }

        return names;
    }

    /// <summary>The combination of a detail, or null.</summary>
    public string[]? ReadNumber(ref FrameReader reader)
    {
        int at = reader.At;
        int number = reader.Int32("number of a combination of galleries");
        if (number < None || number >= combinations.Count)
        {
            reader.Reject(at, $"combination of galleries {number}", $"{None} to {combinations.Count - 1}");
            return null;
        }

        return number == None ? null : combinations[number];
    }

    private void Add(IReadOnlyList<string> galleries)
    {
        if (numbers.TryAdd(Key(galleries), combinations.Count))
        {
            combinations.Add([.. galleries]);
        }
    }

    /// <summary>With the lengths of the names, so that no two combinations have the same key.</summary>
    private static string Key(IReadOnlyList<string> galleries) =>
        string.Concat(galleries.Select(gallery => $"{gallery.Length}:{gallery}"));
}

namespace MatchCluster.Matching.Keys;

/// <summary>The keys of a store at one moment.</summary>
internal sealed class KeyPicture
{
    public static readonly KeyPicture Empty = new([]);

    private readonly Dictionary<Guid, GalleryKey> byId = [];
    private readonly Dictionary<string, List<GalleryKey>> byGallery = new(StringComparer.Ordinal);

    public KeyPicture(IEnumerable<GalleryKey> keys)
    {
        foreach (GalleryKey key in keys.OrderBy(key => key.Number))
        {
            byId[key.Id] = key;
            if (!byGallery.TryGetValue(key.Gallery, out List<GalleryKey>? all))
            {
                byGallery.Add(key.Gallery, all = []);
            }

            all.Add(key);
        }
    }

    public GalleryKey? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>The keys of a gallery, the latest last.</summary>
    public IReadOnlyList<GalleryKey> Of(string gallery) => byGallery.GetValueOrDefault(gallery) ?? [];

    public bool IsClosing(string gallery) => Of(gallery).Any(key => key.State == KeyState.Closing);

    /// <summary>The latest key, unless the gallery is being deleted.</summary>
    public GalleryKey? Current(string gallery) =>
        IsClosing(gallery) || Of(gallery) is not [.., GalleryKey latest] ? null : latest;

    public KeyFacts[] Facts() =>
    [
        .. byId.Values
            .OrderBy(key => key.Gallery, StringComparer.Ordinal).ThenBy(key => key.Number)
            .Select(key => new KeyFacts(
                key.Gallery, key.Number, key.State, key.Created, Current(key.Gallery)?.Id == key.Id)),
    ];
}

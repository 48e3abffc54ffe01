using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>Changes of the origin for a copy that goes on from its pack's position.</summary>
/// <param name="Last">The last sequence that was read.</param>
/// <param name="Changes">The changes, each with its encounter; null where it is gone or superseded.</param>
/// <param name="State">What the gallery holds after its last change; null where it is not known.</param>
/// <param name="IsWhole">Whether these are all there are.</param>
public sealed record FollowedPage(
    long Last, IReadOnlyList<(Change Change, Encounter? Content)> Changes, GalleryState? State, bool IsWhole)
{
    /// <summary>
    /// An encounter of a record as a change log gives it, without pictures, whose bytes no log has; null where it
    /// cannot be read.
    /// </summary>
    public static Encounter? ReadRecord(ReadOnlySpan<byte> record) =>
        EncounterCodec.Decode(record).Value is { } read ? read with { Pictures = [] } : null;
}

/// <summary>
/// Brings a copy forward by the changes of its gallery, while nobody serves it. When it was cut off it begins again at
/// the position that was noted last, where doing a change again changes nothing; what it becomes is held against the
/// state that the origin states.
/// </summary>
public static class CopyFollower
{
    private const int MostLooks = 5;

    /// <summary>Brings a copy forward to the end of the log.</summary>
    /// <param name="directory">The data directory of the copy.</param>
    /// <param name="masterKey">Where its master key comes from; null where it has none.</param>
    /// <param name="read">Reads the changes after a position.</param>
    /// <param name="cancel">Ends it early; what was applied stays.</param>
    /// <exception cref="PackException">
    /// It is no copy that can follow, or became another one than its origin.
    /// </exception>
    public static async Task<PackNote> RunAsync(
        string directory, MasterKeySource? masterKey, Func<PackNote, long, Task<FollowedPage>> read,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(read);
        PackNote note = PackNote.Read(directory) ?? throw new PackException($"{directory}: was not made of a pack");
        if (note.Manifest.IsPart)
        {
            throw new PackException($"{directory}: is a copy of some persons, and the changes are of everybody");
        }

        long after = note.Manifest.Position
            ?? throw new PackException($"{directory}: its pack has no position; the origin kept no change log");
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory, null, 1, cancel, masterKey);
        FeedReplay replay = await FeedReplay.OpenAsync(store, cancel);
        FeedKey key = new(note.Manifest.StateKey.Span);
        GalleryState? wanted = null;
        GalleryState became = note.State;
        for (int look = 0; look < MostLooks && (look == 0 || wanted is null || wanted != became); look++)
        {
            // What is superseded while it is read comes with the changes after it: another look brings them.
            FollowedPage page;
            do
            {
                page = await read(note, after);
                await replay.ApplyAsync(page.Changes, cancel);
                after = page.Last;
            }
            while (!page.IsWhole);
            wanted = page.State;
            became = await FeedReplay.StateAsync(store, key, cancel);
        }

        if (wanted is null || wanted != became)
        {
            throw new PackException(
                wanted is null ? "the origin cannot state yet what it holds; ask again"
                : $"the copy holds {became.Encounters} encounters with the state {became.Hash}, and its origin "
                    + $"{wanted.Value.Encounters} with {wanted.Value.Hash}: import a new pack");
        }

        PackNote moved = note with { Manifest = note.Manifest with { Position = after }, State = became };
        moved.Write(directory);
        return moved;
    }
}

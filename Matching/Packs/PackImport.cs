using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// Makes a data directory of a pack: beside its place, and moved there as a whole when everything is written and was
/// read back. Whatever is wrong before that leaves the place as it was.
/// </summary>
public static class PackImport
{
    /// <summary>What a directory takes on the disk for each byte of a pack, at most.</summary>
    private const int DiskPerByte = 3;

    private const string Middle = ".import-";
    private const string HeldEnd = ".held";
    private const long DiskReserve = 16 << 20;

    /// <summary>Imports a pack.</summary>
    /// <param name="pack">The file.</param>
    /// <param name="directory">The data directory: not there yet, or empty.</param>
    /// <param name="own">Whom the pack is for.</param>
    /// <param name="signer">Who must have signed it.</param>
    /// <param name="masterKey">Where the master key comes from that records are sealed with; null for none.</param>
    /// <param name="clock">Whether it has expired.</param>
    /// <param name="memoryBytes">What a gallery may take in memory here; 0 takes the usual share.</param>
    /// <param name="cancel">Ends it early; nothing is left.</param>
    /// <exception cref="PackException">The pack or the place cannot be used; the place is as it was.</exception>
    /// <exception cref="StoreException">The copy cannot be written; the place is as it was.</exception>
    public static async Task<PackNote> RunAsync(
        string pack, string directory, PackIdentity own, ECDsa signer, MasterKeySource? masterKey, TimeProvider clock,
        long memoryBytes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(clock);
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        CheckPlace(place);
        CleanUp(place);
        using PackReader reader = await PackReader.OpenAsync(pack, own, signer, cancel);
        CheckDisk(pack, place);
        string staged = $"{place}{Middle}{Guid.NewGuid():N}";
        FileStream? held = null;
        try
        {
            held = Hold(staged + HeldEnd);
            PackNote note = await StageAsync(reader, staged, masterKey, clock, memoryBytes, cancel);
            note.Write(staged);
            if (Directory.Exists(place))
            {
                Directory.Delete(place);
            }

            Directory.Move(staged, place);
            return note;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{place}: cannot be written: {fault.Message}", fault);
        }
        finally
        {
            if (Directory.Exists(staged))
            {
                Directory.Delete(staged, recursive: true);
            }

            if (held is not null)
            {
                held.Dispose();
                File.Delete(staged + HeldEnd);
            }
        }
    }

    /// <summary>Deletes what imports into a place left whose process was killed; those under way stay.</summary>
    /// <param name="directory">The data directory that was to be made.</param>
    public static void CleanUp(string directory)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        string start = Path.GetFileName(place) + Middle;
        if (Path.GetDirectoryName(place) is not { } parent || !Directory.Exists(parent))
        {
            return;
        }

        string[] beside;
        try
        {
            beside = Directory.GetFileSystemEntries(parent, start + "*");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return; // What may not be looked at is not ours to delete.
        }

        IEnumerable<string> left = beside
            .Select(found => found.EndsWith(HeldEnd, StringComparison.Ordinal) ? found[..^HeldEnd.Length] : found)
            .Where(found => Path.GetFileName(found) is { } name && name.StartsWith(start, StringComparison.Ordinal)
                && Guid.TryParseExact(name[start.Length..], "N", out _))
            .Distinct(StringComparer.Ordinal);
        foreach (string staged in left)
        {
            try
            {
                using (Hold(staged + HeldEnd))
                {
                    if (Directory.Exists(staged))
                    {
                        Directory.Delete(staged, recursive: true);
                    }
                }

                File.Delete(staged + HeldEnd);
            }
            catch (Exception used) when (used is IOException or UnauthorizedAccessException)
            {
                // Another import has it, or it is not ours to delete.
            }
        }
    }

    /// <summary>A file that is held as long as its process lives.</summary>
    private static FileStream Hold(string path) => new(
        path, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    private static async Task<PackNote> StageAsync(
        PackReader reader, string staged, MasterKeySource? masterKey, TimeProvider clock, long memoryBytes,
        CancellationToken cancel)
    {
        StagedGallery? gallery = null;
        try
        {
            await foreach (PackPart part in reader.ReadAsync(cancel))
            {
                if (gallery is null)
                {
                    CheckTime(reader.Manifest!, clock.GetUtcNow());
                    gallery = await StagedGallery.OpenAsync(
                        staged, reader.Manifest!.Partitions, masterKey,
                        memoryBytes > 0 ? memoryBytes : PartitionHost.DefaultMemoryBytes, cancel);
                }
                else if (part.Encounter is { } encounter)
                {
                    if (encounter.Galleries is not [var only] || only != reader.Manifest!.GalleryId)
                    {
                        throw new PackException("an encounter of the pack is in another gallery");
                    }

                    await gallery.PutAsync(encounter, cancel);
                }
                else
                {
                    await gallery.DeleteAsync(part.PersonId!, part.EncounterId!, cancel);
                }
            }

            await gallery!.FlushAsync(cancel);
            GalleryState written = await gallery.StateAsync(new FeedKey(reader.Manifest!.StateKey.Span), cancel);
            return written == reader.State ? new PackNote(reader.Manifest, written, clock.GetUtcNow())
                : throw new PackException(
                    $"{written.Encounters} encounters with the state {written.Hash} were written, and the pack states "
                    + $"{reader.State!.Value.Encounters} with {reader.State.Value.Hash}");
        }
        finally
        {
            if (gallery is not null)
            {
                await gallery.DisposeAsync();
            }
        }
    }

    private static void CheckPlace(string place)
    {
        if (File.Exists(place))
        {
            throw new PackException($"{place}: is a file, wanted a new data directory");
        }

        if (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any())
        {
            throw new PackException(
                $"{place}: holds something already, wanted a new data directory; a newer pack goes into another one");
        }

        if (Path.GetDirectoryName(place) is { } parent && !Directory.Exists(parent))
        {
            throw new PackException($"{parent}: is no directory");
        }
    }

    private static void CheckDisk(string pack, string place)
    {
        long wanted = (DiskPerByte * new FileInfo(pack).Length) + DiskReserve;
        long free = new DriveInfo(Path.GetDirectoryName(place)!).AvailableFreeSpace;
        if (free < wanted)
        {
            throw new PackException(
                $"the disk of {place} has {free:N0} bytes free, and the copy may take {wanted:N0}");
        }
    }

    private static void CheckTime(PackManifest manifest, DateTimeOffset now)
    {
        if (now >= manifest.Expires)
        {
            throw new PackException($"the pack expired at {manifest.Expires:O}; ask for a new one");
        }
    }
}

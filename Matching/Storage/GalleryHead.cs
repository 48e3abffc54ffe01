using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using Microsoft.Win32.SafeHandles;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Remembers beside the database how far it has come: which gallery it is and the number of its last commit. SQLite
/// drops a damaged end of its log without a word and opens what was there before it; a database that lies before its
/// head has lost what was acknowledged, and is refused.
/// </summary>
/// <remarks>
/// Written after each commit is on the disk, without a sync of its own: a head never names a commit that the disk did
/// not hold, so that losing power is never taken for damage. It may name an older one then, and sees that much less.
/// Two slots are written in turn, so that a torn write leaves the one before. A slot is 36 bytes, little-endian:
/// "MCGH", version (2), zero (2), id (8), commits (8), partitions (4), zero (4), CRC-32C of all that (4).
/// </remarks>
internal sealed class GalleryHead : IDisposable
{
    public const string FileName = "gallery.head";

    private const int SlotBytes = 36;
    private const int SlotDistance = 512;
    private const int ChecksumAt = 32;
    private const uint Magic = 0x4847434D;
    private const ushort Version = 1;

    private readonly string path;
    private SafeFileHandle? file;
    private StoreFacts facts;

    private GalleryHead(string path, StoreFacts? found)
    {
        this.path = path;
        Found = found;
    }

    /// <summary>
    /// What the head said when it was opened; null where there was none, or none that can be read.
    /// </summary>
    public StoreFacts? Found { get; }

    /// <summary>Reads the head of a directory.</summary>
    public static GalleryHead Open(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return new GalleryHead(path, File.Exists(path) ? Read(File.ReadAllBytes(path)) : null);
    }

    /// <summary>Whether something in the directory says that its database held a gallery.</summary>
    public bool SaysThereWasAGallery(string directory) => Found is not null
        || File.Exists(path)
        || Directory.EnumerateFiles(directory, "rows-*.image").Any();

    /// <exception cref="StoreException">The database is gone although what lies beside it says that it held a
    /// gallery.</exception>
    public void CheckDatabaseIsThere(string database)
    {
        FileInfo found = new(database);
        FileInfo log = new(database + "-wal");
        bool isEmpty = !found.Exists || found.Length == 0;
        if (isEmpty && ((log.Exists && log.Length > 0) || SaysThereWasAGallery(found.DirectoryName!)))
        {
            throw Lost(database, found.Exists ? "is empty" : "is missing");
        }
    }

    /// <exception cref="StoreException">The database is another one or an older one than it was.</exception>
    public void Check(StoreFacts database, string databasePath)
    {
        if (Found is not { } head)
        {
            return;
        }

        string? wrong = head.Id != database.Id ? "it is another gallery than the one that was here"
            : head.Partitions != database.Partitions
                ? $"it states {database.Partitions} partitions and had {head.Partitions}"
            : head.Commits > database.Commits
                ? $"it ends at commit {database.Commits}, and commit {head.Commits} was acknowledged: its log was "
                    + "cut, or it was set back to an older copy"
            : null;
        if (wrong is not null)
        {
            throw new StoreException(new Outage(
                $"the database is not what was written: {wrong}; restore a backup of the whole directory, or delete "
                + $"{FileName} to go on with what is there and do without the rest", MayRetry: false), databasePath);
        }
    }

    /// <summary>Begins to follow a database that was found right.</summary>
    public void Follow(StoreFacts database)
    {
        facts = database;
        Note(database.Commits);
        Flush();
    }

    /// <summary>Notes a commit that is on the disk. One that cannot be noted leaves the head where it was.</summary>
    public void Note(long commits)
    {
        try
        {
            file ??= OpenFile();
            Write(commits);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // It sees a little less; the next commit notes both.
        }
    }

    public void Dispose()
    {
        Flush();
        file?.Dispose();
    }

    /// <summary>The database is gone beside things that say it was there.</summary>
    public static StoreException Lost(string path, string how) => new(new Outage(
        $"the database {how}, and what lies beside it says that it held a gallery; restore a backup, or choose an "
        + "empty data directory for a new gallery", MayRetry: false), path);

    private static StoreFacts? Read(byte[] bytes)
    {
        StoreFacts? latest = null;
        for (int at = 0; at + SlotBytes <= bytes.Length; at += SlotDistance)
        {
            ReadOnlySpan<byte> slot = bytes.AsSpan(at, SlotBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(slot) == Magic
                && BinaryPrimitives.ReadUInt16LittleEndian(slot[4..]) == Version
                && BinaryPrimitives.ReadUInt32LittleEndian(slot[ChecksumAt..]) == Crc32C.Of(slot[..ChecksumAt], []))
            {
                StoreFacts found = new(
                    BinaryPrimitives.ReadInt32LittleEndian(slot[24..]),
                    BinaryPrimitives.ReadInt64LittleEndian(slot[8..]),
                    BinaryPrimitives.ReadInt64LittleEndian(slot[16..]));
                latest = latest is { } other && other.Commits > found.Commits ? other : found;
            }
        }

        return latest;
    }

    private SafeFileHandle OpenFile()
    {
        PrivateFiles.Create(path);
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    private void Flush()
    {
        try
        {
            if (file is not null)
            {
                RandomAccess.FlushToDisk(file);
            }
        }
        catch (IOException)
        {
            // What is not on the disk sees a little less after a loss of power.
        }
    }

    private void Write(long commits)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        slot.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[4..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], facts.Id);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], commits);
        BinaryPrimitives.WriteInt32LittleEndian(slot[24..], facts.Partitions);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[ChecksumAt..], Crc32C.Of(slot[..ChecksumAt], []));
        RandomAccess.Write(file!, slot, (commits & 1) * SlotDistance);
    }
}

using System.Security.Cryptography;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The file that checkpoints are added to, one a line. Whoever keeps it elsewhere copies it or lets it lie on another
/// machine's disk. Where it cannot be written the log goes on and says so, and the next checkpoint covers more rows.
/// </summary>
public sealed class AuditCheckpointFile
{
    /// <summary>Its name beside the log, where no other file is named.</summary>
    public const string Name = "audit.checkpoints";

    private readonly string path;
    private readonly ECDsa key;
    private readonly string log;
    private readonly int every;
    private long signed;
    private volatile string? failure;

    internal AuditCheckpointFile(string path, ECDsa key, string log, int every) =>
        (this.path, this.key, this.log, this.every) = (path, key, log, every);

    /// <summary>Why the last checkpoint could not be written; null where it was.</summary>
    public string? Failure => failure;

    /// <summary>Number of the last row that a checkpoint of this file covers.</summary>
    public long Signed => Interlocked.Read(ref signed);

    /// <summary>Every line of a file.</summary>
    /// <param name="path">The file; one that does not exist has no lines.</param>
    /// <param name="key">Public key of who signed.</param>
    /// <param name="log">Id of the log that they must be of.</param>
    /// <exception cref="StoreException">
    /// A line is no checkpoint of this log, or its signature does not hold.
    /// </exception>
    public static IReadOnlyList<AuditCheckpoint> Read(string path, ECDsa key, string log)
    {
        string[] lines;
        try
        {
            lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: cannot be read: {fault.Message}", fault);
        }

        List<AuditCheckpoint> read = [];
        for (int i = 0; i < lines.Length; i++)
        {
            AuditCheckpoint checkpoint = AuditCheckpoint.Read(lines[i], key)
                ?? throw new StoreException($"{path}: line {i + 1} is no checkpoint that this key signed");
            read.Add(checkpoint.Log == log ? checkpoint
                : throw new StoreException($"{path}: line {i + 1} is a checkpoint of another audit log"));
        }

        return read;
    }

    /// <summary>Refuses a log that ends before what was signed, or has another row there.</summary>
    /// <param name="head">The last row.</param>
    /// <param name="read">The row of a number, or the next one that is there.</param>
    internal async ValueTask CheckAsync(AuditHead head, Func<long, ValueTask<AuditRow?>> read)
    {
        if (Read(path, key, log).MaxBy(checkpoint => checkpoint.Sequence) is not { } last)
        {
            return;
        }

        signed = last.Sequence;
        string? hash = last.Sequence > head.Sequence ? null
            : last.Sequence == head.Sequence ? head.Hash : (await read(last.Sequence))?.Hash;
        if (hash != last.Hash)
        {
            throw new StoreException(
                $"{path}: names row {last.Sequence}, and the audit log ends otherwise, with row "
                + $"{head.Sequence}; restore the log, or keep these files and begin a new one elsewhere");
        }
    }

    /// <summary>Signs the last row where enough rows were added.</summary>
    internal void Note(AuditHead head, DateTimeOffset now, bool isLast)
    {
        if (head.Sequence == signed || (!isLast && head.Sequence - signed < every))
        {
            return;
        }

        AuditCheckpoint checkpoint = new(log, head.Sequence, head.Hash, AuditEntry.Written(now));
        try
        {
            using FileStream file = new(
                path, PrivateFiles.Options(FileMode.Append, FileAccess.Write, FileShare.Read));
            file.Write([.. checkpoint.Sign(key), (byte)'\n']);
            file.Flush(flushToDisk: true);
            Interlocked.Exchange(ref signed, head.Sequence);
            failure = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The rows themselves are safe; the next group tries again, and whoever watches says so.
            failure = $"{path}: cannot be written: {fault.Message}";
        }
    }
}

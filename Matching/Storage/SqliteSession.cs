using System.Text;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>The writing connection with its statements, used by the writer thread alone.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqlitePictures pictures;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollback;
    private readonly SqliteCommand savepoint;
    private readonly SqliteCommand release;
    private readonly SqliteCommand undo;
    private readonly SqliteCommand put;
    private readonly SqliteCommand delete;
    private readonly SqliteCommand readRecord;
    private readonly SqliteCommand readDigest;
    private readonly SqliteCommand writeDigest;
    private readonly SqliteCommand keepDigest;
    private readonly SqliteCommand countCommit;
    private readonly SqliteCommand readEpoch;
    private readonly SqliteCommand openEpoch;
    private readonly SqliteCommand writeBlob;
    private readonly SqliteCommand addKey;
    private readonly SqliteCommand replaceKey;
    private readonly SqliteCommand removeKey;

    /// <param name="connection">The writing connection.</param>
    /// <param name="feed">The change logs, where they are kept.</param>
    public SqliteSession(SqliteConnection connection, SqliteFeed? feed = null)
    {
        Connection = connection;
        Feed = feed;
        begin = SqliteFile.Command(connection, "BEGIN IMMEDIATE");
        commit = SqliteFile.Command(connection, "COMMIT");
        rollback = SqliteFile.Command(connection, "ROLLBACK");
        savepoint = SqliteFile.Command(connection, "SAVEPOINT append");
        release = SqliteFile.Command(connection, "RELEASE append");
        undo = SqliteFile.Command(connection, "ROLLBACK TO append");
        pictures = new SqlitePictures(connection);
        put = SqliteFile.Command(
            connection,
            "INSERT INTO encounters(partition, person_id, encounter_id, record) "
            + "VALUES(@partition, @person, @id, @record) "
            + "ON CONFLICT(partition, person_id, encounter_id) DO UPDATE SET record = excluded.record",
            "@partition", "@person", "@id", "@record");
        delete = SqliteFile.Command(
            connection,
            "DELETE FROM encounters "
            + "WHERE partition = @partition AND person_id = @person AND encounter_id = @id",
            "@partition", "@person", "@id");
        readRecord = SqliteFile.Command(
            connection,
            "SELECT record FROM encounters "
            + "WHERE partition = @partition AND person_id = @person AND encounter_id = @id",
            "@partition", "@person", "@id");
        readDigest = SqliteFile.Command(
            connection, "SELECT digest FROM digests WHERE partition = @partition", "@partition");
        writeDigest = SqliteFile.Command(
            connection, "UPDATE digests SET digest = @digest WHERE partition = @partition", "@partition", "@digest");
        keepDigest = SqliteFile.Command(
            connection,
            "UPDATE digests SET digest = @digest WHERE partition = @partition AND digest IS NULL",
            "@partition", "@digest");
        countCommit = SqliteFile.Command(
            connection, "UPDATE meta SET value = value + 1 WHERE name = 'commits' RETURNING value");
        readEpoch = SqliteFile.Command(
            connection, "SELECT epoch FROM epochs WHERE partition = @partition", "@partition");
        openEpoch = SqliteFile.Command(
            connection,
            "INSERT INTO epochs VALUES(@partition, 1) ON CONFLICT(partition) DO UPDATE SET epoch = epoch + 1 "
            + "RETURNING epoch",
            "@partition");
        writeBlob = SqliteFile.Command(
            connection,
            "INSERT INTO blobs VALUES(@name, @value) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            "@name", "@value");
        addKey = SqliteFile.Command(
            connection,
            "INSERT INTO gallery_keys VALUES(@gallery, @number, @entry) ON CONFLICT(gallery, number) DO NOTHING",
            "@gallery", "@number", "@entry");
        replaceKey = SqliteFile.Command(
            connection,
            "UPDATE gallery_keys SET entry = @entry WHERE gallery = @gallery AND number = @number",
            "@gallery", "@number", "@entry");
        removeKey = SqliteFile.Command(
            connection,
            "DELETE FROM gallery_keys WHERE gallery = @gallery AND number = @number",
            "@gallery", "@number");
    }

    public SqliteConnection Connection { get; }

    /// <summary>The change logs; null where none are kept.</summary>
    public SqliteFeed? Feed { get; }

    /// <summary>
    /// Some errors end the whole transaction by themselves; then no savepoint is left to return to.
    /// </summary>
    public bool InTransaction => sqlite3_get_autocommit(Connection.Handle) == 0;

    /// <summary>Whether the transaction overwrote or removed a record, whose bytes are still in the log.</summary>
    public bool HasErased { get; private set; }

    public void Begin()
    {
        if (InTransaction)
        {
            RollBack();
        }

        HasErased = false;
        begin.ExecuteNonQuery();
    }

    public void Commit() => commit.ExecuteNonQuery();

    public void RollBack()
    {
        Feed?.Forget();
        if (InTransaction)
        {
            rollback.ExecuteNonQuery();
        }
    }

    public void SetSavepoint() => savepoint.ExecuteNonQuery();

    public void ReleaseSavepoint() => release.ExecuteNonQuery();

    public void UndoToSavepoint()
    {
        Feed?.Forget();
        undo.ExecuteNonQuery();
        release.ExecuteNonQuery();
    }

    /// <summary>
    /// Writes in order, and brings the partition's digest forward in one transaction with them.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="writes">The writes.</param>
    /// <param name="hasPictures">Whether the file has a table of pictures.</param>
    public void Put(int partition, EncodedWrite[] writes, bool hasPictures = false)
    {
        PartitionDigest? digest = ReadDigest(partition);
        foreach (EncodedWrite write in writes)
        {
            UInt128? old = MarkOfStored(partition, write);
            HasErased |= old is not null;
            digest = old is { } gone ? digest?.Without(gone) : digest;
            digest = write.Record is { } record
                ? digest?.With(RecordMark.Of(write.PersonId, write.EncounterId, record)) : digest;
            Put(partition, write);
            if (hasPictures)
            {
                pictures.Put(partition, write);
            }
        }

        if (digest is { } changed)
        {
            RunOnDigest(writeDigest, partition, changed);
        }

        Feed?.Add(partition, writes);
    }

    /// <summary>Tells the change logs what a partition holds, where its owner still is the newest.</summary>
    public bool BeginChanges(int partition, long epoch, IReadOnlyDictionary<string, GalleryState> states)
    {
        bool isOwner = ReadEpoch(partition) == epoch;
        if (isOwner)
        {
            Feed?.Begin(partition, states);
        }

        return isOwner;
    }

    /// <summary>The partition's digest; null where it is not counted yet.</summary>
    public PartitionDigest? ReadDigest(int partition)
    {
        readDigest.Parameters[0].Value = partition;
        return PartitionDigest.Decode(readDigest.ExecuteScalar() as byte[]);
    }

    /// <summary>Begins to count a partition that is not counted yet.</summary>
    public void KeepDigest(int partition, PartitionDigest digest) => RunOnDigest(keepDigest, partition, digest);

    /// <summary>Counts the transaction that is open.</summary>
    /// <returns>Its number.</returns>
    public long CountCommit() => (long)countCommit.ExecuteScalar()!;

    private static void RunOnDigest(SqliteCommand command, int partition, PartitionDigest digest)
    {
        command.Parameters[0].Value = partition;
        command.Parameters[1].Value = digest.Encode();
        command.ExecuteNonQuery();
    }

    private UInt128? MarkOfStored(int partition, in EncodedWrite write)
    {
        readRecord.Parameters[0].Value = partition;
        readRecord.Parameters[1].Value = write.PersonId;
        readRecord.Parameters[2].Value = write.EncounterId;
        using SqliteDataReader row = readRecord.ExecuteReader();
        return row.Read()
            ? RecordMark.Of(write.PersonId, write.EncounterId, sqlite3_column_blob(row.Handle, 0)) : null;
    }

    private void Put(int partition, in EncodedWrite write)
    {
        SqliteCommand command = write.Record is null ? delete : put;
        command.Parameters[0].Value = partition;
        command.Parameters[1].Value = write.PersonId;
        command.Parameters[2].Value = write.EncounterId;
        if (write.Record is { } record)
        {
            command.Parameters[3].Value = record;
        }

        command.ExecuteNonQuery();
    }

    /// <summary>The stored epoch; 0 where nobody ever opened the partition.</summary>
    public long ReadEpoch(int partition)
    {
        readEpoch.Parameters[0].Value = partition;
        return readEpoch.ExecuteScalar() is long epoch ? epoch : 0;
    }

    public long OpenEpoch(int partition)
    {
        openEpoch.Parameters[0].Value = partition;
        return (long)openEpoch.ExecuteScalar()!;
    }

    /// <summary>Writes a blob where there is none of that name.</summary>
    public void KeepBlob(byte[] name, byte[] value)
    {
        using SqliteCommand keep = SqliteFile.Command(
            Connection, "INSERT INTO blobs VALUES(@name, @value) ON CONFLICT(name) DO NOTHING", "@name", "@value");
        keep.Parameters[0].Value = name;
        keep.Parameters[1].Value = value;
        keep.ExecuteNonQuery();
    }

    public void WriteBlob(byte[] name, byte[] value)
    {
        writeBlob.Parameters[0].Value = name;
        writeBlob.Parameters[1].Value = value;
        writeBlob.ExecuteNonQuery();
    }

    /// <returns>Whether there was none.</returns>
    public bool AddKey(WrappedKey key) => RunOnKey(addKey, key.Gallery, key.Number, key.Entry) == 1;

    public void ReplaceKey(WrappedKey key) => HasErased |= RunOnKey(replaceKey, key.Gallery, key.Number, key.Entry) > 0;

    public void RemoveKey(string gallery, int number) => HasErased |= RunOnKey(removeKey, gallery, number, null) > 0;

    private static int RunOnKey(SqliteCommand command, string gallery, int number, byte[]? entry)
    {
        command.Parameters[0].Value = Encoding.UTF8.GetBytes(gallery);
        command.Parameters[1].Value = number;
        if (entry is not null)
        {
            command.Parameters[2].Value = entry;
        }

        return command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        SqliteCommand[] commands =
        [
            begin, commit, rollback, savepoint, release, undo, put, delete, readRecord, readDigest, writeDigest,
            keepDigest, countCommit, readEpoch, openEpoch, writeBlob, addKey, replaceKey, removeKey,
        ];
        foreach (SqliteCommand command in commands)
        {
            command.Dispose();
        }

        Feed?.Dispose();
        pictures.Dispose();
        Connection.Dispose();
    }
}

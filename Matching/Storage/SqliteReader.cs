using System.Text;
using MatchCluster.Matching.Keys;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>One reading connection with its statements; used by one thread at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly string path;
    private readonly SqliteCommand count;
    private readonly SqliteCommand page;
    private readonly SqliteCommand person;
    private readonly SqliteCommand blob;
    private readonly SqliteCommand digest;

    private readonly SqliteCommand keys;
    private SqliteCommand? pictures;

    public SqliteReader(string path)
    {
        this.path = path;
        Connection = SqliteFile.OpenReader(path);
        count = SqliteFile.Command(
            Connection, "SELECT COUNT(*) FROM encounters WHERE partition = @partition", "@partition");
        page = SqliteFile.Command(
            Connection,
            "SELECT person_id, encounter_id, record FROM encounters "
            + "WHERE partition = @partition AND (person_id, encounter_id) > (@person, @id) "
            + "ORDER BY person_id, encounter_id LIMIT @limit",
            "@partition", "@person", "@id", "@limit");
        person = SqliteFile.Command(
            Connection,
            "SELECT person_id, encounter_id, record FROM encounters "
            + "WHERE partition = @partition AND person_id = @person ORDER BY encounter_id",
            "@partition", "@person");
        blob = SqliteFile.Command(Connection, "SELECT value FROM blobs WHERE name = @name", "@name");
        digest = SqliteFile.Command(
            Connection, "SELECT digest FROM digests WHERE partition = @partition", "@partition");
        keys = SqliteFile.Command(Connection, "SELECT gallery, number, entry FROM gallery_keys");
    }

    public SqliteConnection Connection { get; }

    /// <summary>The statement of <see cref="SqliteChangeLog"/>, made at its first read.</summary>
    public SqliteCommand? Feed { get; set; }

    /// <summary>What opens sealed records; null where they are stored in the clear.</summary>
    public RecordSeal? Seal { get; set; }

    /// <summary>Every key, wrapped; only a database of the sealed version has them.</summary>
    public List<WrappedKey> ReadKeys()
    {
        List<WrappedKey> read = [];
        using SqliteDataReader rows = keys.ExecuteReader();
        while (rows.Read())
        {
            read.Add(new WrappedKey(
                Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(0)), rows.GetInt32(1),
                rows.GetFieldValue<byte[]>(2)));
        }

        return read;
    }

    public long Count(int partition)
    {
        count.Parameters[0].Value = partition;
        return (long)count.ExecuteScalar()!;
    }

    public PartitionDigest? Digest(int partition)
    {
        digest.Parameters[0].Value = partition;
        return PartitionDigest.Decode(digest.ExecuteScalar() as byte[]);
    }

    /// <summary>The records after a key, as many as a chunk may hold.</summary>
    /// <exception cref="StoreException">They do not come in order: the file is damaged, and a listing might never
    /// end.</exception>
    public SqliteChunk ReadAfter(int partition, byte[] personId, byte[] encounterId)
    {
        page.Parameters[0].Value = partition;
        page.Parameters[1].Value = personId;
        page.Parameters[2].Value = encounterId;
        page.Parameters[3].Value = Limits.StoreChunkEncounters;
        SqliteChunk chunk = new() { PersonId = personId, EncounterId = encounterId };
        long bytes = 0;
        using SqliteDataReader rows = page.ExecuteReader();
        while (rows.Read())
        {
            ReadOnlySpan<byte> record = Record(rows);
            bytes += record.Length;
            if (chunk.Encounters.Count > 0 && bytes > Limits.StoreChunkBytes)
            {
                return chunk;
            }

            byte[] person = rows.GetFieldValue<byte[]>(0);
            byte[] encounter = rows.GetFieldValue<byte[]>(1);
            if (!IsBehind(person, encounter, chunk))
            {
                throw new StoreException(SqliteFaults.Damaged, path);
            }

            (chunk.PersonId, chunk.EncounterId) = (person, encounter);
            chunk.Encounters.Add(StoredRecord.Read(chunk.PersonId, chunk.EncounterId, record, Seal));
        }

        chunk.IsLast = chunk.Encounters.Count < Limits.StoreChunkEncounters;
        return chunk;
    }

    private static bool IsBehind(byte[] personId, byte[] encounterId, SqliteChunk last)
    {
        int order = personId.AsSpan().SequenceCompareTo(last.PersonId);
        return order > 0 || (order == 0 && encounterId.AsSpan().SequenceCompareTo(last.EncounterId) > 0);
    }

    public List<StoredEncounter> ReadPerson(int partition, byte[] personId)
    {
        person.Parameters[0].Value = partition;
        person.Parameters[1].Value = personId;
        List<StoredEncounter> found = [];
        using SqliteDataReader rows = person.ExecuteReader();
        while (rows.Read())
        {
            found.Add(StoredRecord.Read(
                rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1), Record(rows), Seal));
        }

        return found;
    }

    /// <summary>The sealed pictures of an encounter; only a database that keeps some has them.</summary>
    public byte[]? ReadPictures(int partition, byte[] personId, byte[] encounterId)
    {
        pictures ??= SqliteFile.Command(
            Connection,
            "SELECT content FROM pictures "
            + "WHERE partition = @partition AND person_id = @person AND encounter_id = @id",
            "@partition", "@person", "@id");
        pictures.Parameters[0].Value = partition;
        pictures.Parameters[1].Value = personId;
        pictures.Parameters[2].Value = encounterId;
        return pictures.ExecuteScalar() as byte[];
    }

    public byte[]? ReadBlob(byte[] name)
    {
        blob.Parameters[0].Value = name;
        return blob.ExecuteScalar() as byte[];
    }

    public void Dispose()
    {
        count.Dispose();
        page.Dispose();
        person.Dispose();
        blob.Dispose();
        digest.Dispose();
        keys.Dispose();
        pictures?.Dispose();
        Feed?.Dispose();
        Connection.Dispose();
    }

    /// <summary>The third column in SQLite's own memory until the next row: decoded without a copy.</summary>
    private static ReadOnlySpan<byte> Record(SqliteDataReader rows) => sqlite3_column_blob(rows.Handle, 2);
}

/// <summary>Part of a listing, with the key after which the next part starts.</summary>
internal sealed class SqliteChunk
{
    public List<StoredEncounter> Encounters { get; } = [];

    public required byte[] PersonId { get; set; }

    public required byte[] EncounterId { get; set; }

    public bool IsLast { get; set; }
}

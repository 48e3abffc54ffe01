using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>One reading connection with its statements; used by one thread at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand count;
    private readonly SqliteCommand page;
    private readonly SqliteCommand person;
    private readonly SqliteCommand blob;

    public SqliteReader(string path)
    {
        connection = SqliteFile.OpenReader(path);
        count = SqliteFile.Command(
            connection, "SELECT COUNT(*) FROM encounters WHERE partition = @partition", "@partition");
        page = SqliteFile.Command(
            connection,
            "SELECT person_id, encounter_id, record FROM encounters "
            + "WHERE partition = @partition AND (person_id, encounter_id) > (@person, @id) "
            + "ORDER BY person_id, encounter_id LIMIT @limit",
            "@partition", "@person", "@id", "@limit");
        person = SqliteFile.Command(
            connection,
            "SELECT person_id, encounter_id, record FROM encounters "
            + "WHERE partition = @partition AND person_id = @person ORDER BY encounter_id",
            "@partition", "@person");
        blob = SqliteFile.Command(connection, "SELECT value FROM blobs WHERE name = @name", "@name");
    }

    public long Count(int partition)
    {
        count.Parameters[0].Value = partition;
        return (long)count.ExecuteScalar()!;
    }

    /// <summary>The records behind a key, as many as a chunk may hold.</summary>
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

            chunk.PersonId = rows.GetFieldValue<byte[]>(0);
            chunk.EncounterId = rows.GetFieldValue<byte[]>(1);
            chunk.Encounters.Add(StoredRecord.Read(chunk.PersonId, chunk.EncounterId, record));
        }

        chunk.IsLast = chunk.Encounters.Count < Limits.StoreChunkEncounters;
        return chunk;
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
                rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1), Record(rows)));
        }

        return found;
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
        connection.Dispose();
    }

    /// <summary>The third column in SQLite's own memory until the next row: decoded without a copy.</summary>
    private static ReadOnlySpan<byte> Record(SqliteDataReader rows) => sqlite3_column_blob(rows.Handle, 2);
}

/// <summary>Part of a listing, with the key that the next part starts behind.</summary>
internal sealed class SqliteChunk
{
    public List<StoredEncounter> Encounters { get; } = [];

    public required byte[] PersonId { get; set; }

    public required byte[] EncounterId { get; set; }

    public bool IsLast { get; set; }
}

using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>The table of pictures on a writer's connection; its statements are made when the table is there.</summary>
internal sealed class SqlitePictures(SqliteConnection connection) : IDisposable
{
    private SqliteCommand? put;
    private SqliteCommand? delete;

    /// <summary>Writes the pictures of an encounter in the place of those that are there, or removes these.</summary>
    public void Put(int partition, in EncodedWrite write)
    {
        SqliteCommand command = write.Pictures is null
            ? delete ??= SqliteFile.Command(
                connection,
                "DELETE FROM pictures WHERE partition = @partition AND person_id = @person AND encounter_id = @id",
                "@partition", "@person", "@id")
            : put ??= SqliteFile.Command(
                connection,
                "INSERT INTO pictures VALUES(@partition, @person, @id, @content) "
                + "ON CONFLICT(partition, person_id, encounter_id) DO UPDATE SET content = excluded.content",
                "@partition", "@person", "@id", "@content");
        command.Parameters[0].Value = partition;
        command.Parameters[1].Value = write.PersonId;
        command.Parameters[2].Value = write.EncounterId;
        if (write.Pictures is { } content)
        {
            command.Parameters[3].Value = content;
        }

        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        put?.Dispose();
        delete?.Dispose();
    }
}

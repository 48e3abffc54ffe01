using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tasks;

/// <summary>What each partner takes of <see cref="SqliteTaskStore"/>, kept by triggers.</summary>
internal static class TaskShares
{
    private const string Ended = TaskRows.Ended;

    private const string Tables =
        $"""
        CREATE TABLE shares(
            partner TEXT NOT NULL PRIMARY KEY, open INTEGER NOT NULL, size INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO shares SELECT partner, sum(state NOT IN {Ended}), sum(size) FROM tasks GROUP BY partner;
        CREATE TRIGGER share_added AFTER INSERT ON tasks BEGIN
            INSERT INTO shares VALUES(new.partner, new.state NOT IN {Ended}, new.size)
                ON CONFLICT DO UPDATE SET open = open + (new.state NOT IN {Ended}), size = size + new.size;
        END;
        CREATE TRIGGER share_changed AFTER UPDATE OF state, size ON tasks BEGIN
            UPDATE shares SET open = open + (new.state NOT IN {Ended}) - (old.state NOT IN {Ended}),
                size = size + new.size - old.size WHERE partner = new.partner;
        END;
        CREATE TRIGGER share_deleted AFTER DELETE ON tasks BEGIN
            UPDATE shares SET open = open - (old.state NOT IN {Ended}), size = size - old.size
                WHERE partner = old.partner;
            DELETE FROM shares WHERE partner = old.partner AND open = 0 AND size = 0;
        END;
        """;

    /// <summary>Makes the sums of a file that has none, of a new one and of one that an older version made.</summary>
    public static void Prepare(SqliteConnection connection)
    {
        if (SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'shares'") is 0L)
        {
            SqliteFile.Run(connection, Tables);
        }
    }

    /// <summary>A partner's tasks that have not ended, and the bytes of all of its tasks.</summary>
    public static (long Open, long Bytes) Of(SqliteConnection connection, string partner)
    {
        using SqliteCommand command = TaskRows.Command(
            connection, "SELECT open, size FROM shares WHERE partner = $0", partner);
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : default;
    }
}

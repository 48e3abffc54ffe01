using System.Text;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>The reader's side of the change logs; one statement, and so one picture, is one read.</summary>
internal sealed class SqliteChangeLog(SqliteReaders readers, string path, int partitions) : IChangeLog
{
    private const string Page =
        """
        SELECT h.first, h.last, h.state, (SELECT COUNT(*) FROM feed_begun), c.sequence, c.change
        FROM (SELECT 1) LEFT JOIN feed_heads h ON h.gallery = @gallery
        LEFT JOIN feed_changes c ON c.head = h.id AND c.sequence > @after AND @after >= h.first
        ORDER BY c.sequence LIMIT @most
        """;

    public async ValueTask<ChangePage> ReadAsync(string gallery, long after, int most, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, Limits.ChangesPerRead);
        byte[] name = Encoding.UTF8.GetBytes(gallery);
        return await readers.ReadAsync(reader => Read(reader, name, after, most), cancel);
    }

    private ChangePage Read(SqliteReader reader, byte[] gallery, long after, int most)
    {
        SqliteCommand page = reader.Feed ??= SqliteFile.Command(
            reader.Connection, Page, "@gallery", "@after", "@most");
        page.Parameters[0].Value = gallery;
        page.Parameters[1].Value = after;
        page.Parameters[2].Value = most;
        List<Change> changes = [];
        ChangePosition position = new(0, 0, null);
        using SqliteDataReader rows = page.ExecuteReader();
        while (rows.Read())
        {
            bool isKnown = rows.GetInt64(3) == partitions;
            position = rows.IsDBNull(0)
                ? new ChangePosition(0, 0, isKnown ? default(GalleryState) : null)
                : new ChangePosition(
                    rows.GetInt64(0), rows.GetInt64(1),
                    isKnown ? FeedCodec.ReadState(rows.GetFieldValue<byte[]>(2)) : null);
            if (!rows.IsDBNull(4))
            {
                changes.Add(FeedCodec.ReadRow(rows.GetInt64(4), rows.GetFieldValue<byte[]>(5))
                    ?? throw new StoreException(SqliteFaults.Damaged, path));
            }
        }

        return new ChangePage(position, changes);
    }
}

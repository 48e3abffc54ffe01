using System.Text;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The writer's side of the change logs, in one transaction with the records: who writes last in it commits last, so
/// that the order of sequences is that of commits, and no reader sees one of them without those before it. Used by the
/// writer thread alone.
/// </summary>
/// <remarks>
/// A log keeps the latest rows, and at most a sixteenth more, which go together. What a partition holds by the log is
/// kept beside the sum of all partitions, so that a partition that opens can be held against it.
/// </remarks>
internal sealed class SqliteFeed : IDisposable
{
    private const int MostRowsAtOnce = 1024;

    /// <summary>Galleries whose heads are remembered between appends.</summary>
    private const int MostHeadsKept = 1024;

    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS feed_heads(
            id INTEGER PRIMARY KEY, gallery BLOB NOT NULL UNIQUE, first INTEGER NOT NULL, last INTEGER NOT NULL,
            state BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS feed_parts(
            head INTEGER NOT NULL, partition INTEGER NOT NULL, state BLOB NOT NULL,
            PRIMARY KEY(head, partition)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS feed_begun(partition INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE IF NOT EXISTS feed_changes(
            head INTEGER NOT NULL, sequence INTEGER NOT NULL, change BLOB NOT NULL,
            PRIMARY KEY(head, sequence)) STRICT, WITHOUT ROWID;
        """;

    private readonly int partitions;
    private readonly int rows;
    private readonly SqliteCommand readHead;
    private readonly SqliteCommand addHead;
    private readonly SqliteCommand writeHead;
    private readonly SqliteCommand readPart;
    private readonly SqliteCommand writePart;
    private readonly SqliteCommand add;
    private readonly SqliteCommand trim;
    private readonly SqliteCommand begun;
    private readonly Dictionary<string, Head> heads = new(StringComparer.Ordinal);
    private bool haveAllBegun;

    /// <param name="connection">The writer's; not in a transaction.</param>
    /// <param name="partitions">Partitions of the store.</param>
    /// <param name="rows">Changes that the log of each gallery keeps.</param>
    public SqliteFeed(SqliteConnection connection, int partitions, int rows)
    {
        this.partitions = partitions;
        this.rows = rows;
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        SqliteFile.Run(connection, Tables);

        // Each partition says again what it holds: this program may have written without the log.
        SqliteFile.Run(connection, "DELETE FROM feed_begun");
        SqliteFile.Run(connection, "COMMIT");
        readHead = SqliteFile.Command(
            connection, "SELECT id, first, last, state FROM feed_heads WHERE gallery = @gallery", "@gallery");
        addHead = SqliteFile.Command(
            connection,
            "INSERT INTO feed_heads(gallery, first, last, state) VALUES(@gallery, 0, 0, @state) RETURNING id",
            "@gallery", "@state");
        writeHead = SqliteFile.Command(
            connection, "UPDATE feed_heads SET first = @first, last = @last, state = @state WHERE id = @id",
            "@id", "@first", "@last", "@state");
        readPart = SqliteFile.Command(
            connection, "SELECT state FROM feed_parts WHERE head = @head AND partition = @partition",
            "@head", "@partition");
        writePart = SqliteFile.Command(
            connection,
            "INSERT INTO feed_parts VALUES(@head, @partition, @state) "
            + "ON CONFLICT(head, partition) DO UPDATE SET state = excluded.state",
            "@head", "@partition", "@state");
        add = SqliteFile.Command(
            connection, "INSERT INTO feed_changes VALUES(@head, @sequence, @change)", "@head", "@sequence", "@change");
        trim = SqliteFile.Command(
            connection, "DELETE FROM feed_changes WHERE head = @head AND sequence <= @first", "@head", "@first");
        begun = SqliteFile.Command(connection, "SELECT COUNT(*) FROM feed_begun");
        Connection = connection;
    }

    private SqliteConnection Connection { get; }

    /// <summary>Adds the changes of an append of one partition.</summary>
    public void Add(int partition, EncodedWrite[] writes)
    {
        List<Head> changed = [];
        foreach (FeedEntry entry in writes.SelectMany(write => write.Changes))
        {
            Head head = Read(entry.Gallery, partition);
            head.Last++;
            head.State += entry.Difference;
            head.Parts[partition] += entry.Difference;
            add.Parameters[0].Value = head.Id;
            add.Parameters[1].Value = head.Last;
            add.Parameters[2].Value = FeedCodec.Row(entry, HasAllBegun() ? head.State : null);
            add.ExecuteNonQuery();
            if (!changed.Contains(head))
            {
                changed.Add(head);
            }
        }

        foreach (Head head in changed)
        {
            int spare = Math.Clamp(rows / 16, 1, MostRowsAtOnce);
            if (head.Last - head.First >= (long)rows + spare)
            {
                Trim(head, head.Last - rows);
            }

            Write(head, partition);
        }
    }

    /// <summary>Holds what a partition found against what the logs say it holds.</summary>
    public void Begin(int partition, IReadOnlyDictionary<string, GalleryState> states)
    {
        foreach (string gallery in states.Keys.Union(Galleries()).ToList())
        {
            Head head = Read(gallery, partition);
            GalleryState holds = states.GetValueOrDefault(gallery);
            if (holds == head.Parts[partition])
            {
                continue;
            }

            head.State += holds - head.Parts[partition];
            head.Parts[partition] = holds;
            head.Last++;
            Trim(head, head.Last);
            Write(head, partition);
        }

        using SqliteCommand note = SqliteFile.Command(
            Connection, "INSERT INTO feed_begun VALUES(@partition) ON CONFLICT(partition) DO NOTHING", "@partition");
        note.Parameters[0].Value = partition;
        note.ExecuteNonQuery();
    }

    /// <summary>
    /// Something that was done was undone: what is remembered of the tables is read again.
    /// </summary>
    public void Forget()
    {
        heads.Clear();
        haveAllBegun = false;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in new[] { readHead, addHead, writeHead, readPart, writePart, add, trim, begun })
        {
            command.Dispose();
        }
    }

    private List<string> Galleries()
    {
        using SqliteCommand all = SqliteFile.Command(Connection, "SELECT gallery FROM feed_heads");
        using SqliteDataReader found = all.ExecuteReader();
        List<string> names = [];
        while (found.Read())
        {
            names.Add(Encoding.UTF8.GetString(found.GetFieldValue<byte[]>(0)));
        }

        return names;
    }

    private bool HasAllBegun() => haveAllBegun = haveAllBegun || (long)begun.ExecuteScalar()! == partitions;

    /// <summary>The head of a gallery, with what the partition holds of it.</summary>
    private Head Read(string gallery, int partition)
    {
        if (!heads.TryGetValue(gallery, out Head? head))
        {
            if (heads.Count == MostHeadsKept)
            {
                heads.Clear();
            }

            head = heads[gallery] = Find(Encoding.UTF8.GetBytes(gallery));
        }

        if (!head.Parts.ContainsKey(partition))
        {
            readPart.Parameters[0].Value = head.Id;
            readPart.Parameters[1].Value = partition;
            head.Parts[partition] = FeedCodec.ReadState(readPart.ExecuteScalar() as byte[]);
        }

        return head;
    }

    private Head Find(byte[] name)
    {
        readHead.Parameters[0].Value = name;
        using (SqliteDataReader row = readHead.ExecuteReader())
        {
            if (row.Read())
            {
                return new Head(row.GetInt64(0))
                {
                    First = row.GetInt64(1),
                    Last = row.GetInt64(2),
                    State = FeedCodec.ReadState(row.GetFieldValue<byte[]>(3)),
                };
            }
        }

        addHead.Parameters[0].Value = name;
        addHead.Parameters[1].Value = FeedCodec.State(default);
        return new Head((long)addHead.ExecuteScalar()!);
    }

    private void Write(Head head, int partition)
    {
        writeHead.Parameters[0].Value = head.Id;
        writeHead.Parameters[1].Value = head.First;
        writeHead.Parameters[2].Value = head.Last;
        writeHead.Parameters[3].Value = FeedCodec.State(head.State);
        writeHead.ExecuteNonQuery();
        writePart.Parameters[0].Value = head.Id;
        writePart.Parameters[1].Value = partition;
        writePart.Parameters[2].Value = FeedCodec.State(head.Parts[partition]);
        writePart.ExecuteNonQuery();
    }

    private void Trim(Head head, long first)
    {
        head.First = first;
        trim.Parameters[0].Value = head.Id;
        trim.Parameters[1].Value = first;
        trim.ExecuteNonQuery();
    }

    private sealed class Head(long id)
    {
        public long Id { get; } = id;

        public long First { get; set; }

        public long Last { get; set; }

        /// <summary>What all partitions hold.</summary>
        public GalleryState State { get; set; }

        /// <summary>What single partitions hold, as far as it was read.</summary>
        public Dictionary<int, GalleryState> Parts { get; } = [];
    }
}

using System.Globalization;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tasks;

/// <summary>The rows of <see cref="SqliteTaskStore"/>. Times are milliseconds of Unix time.</summary>
internal static class TaskRows
{
    /// <summary>Sums are kept by triggers, so that nothing counts all tasks to take one more.</summary>
    public const string Tables =
        """
        CREATE TABLE tasks(
            id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, partner TEXT NOT NULL, tx TEXT, digest BLOB NOT NULL,
            state INTEGER NOT NULL, priority INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL,
            owner TEXT, until INTEGER NOT NULL, epoch INTEGER NOT NULL, created INTEGER NOT NULL,
            changed INTEGER NOT NULL, type TEXT, parts INTEGER NOT NULL, size INTEGER NOT NULL) STRICT;
        CREATE TABLE contents(
            id TEXT NOT NULL PRIMARY KEY, request BLOB NOT NULL, result BLOB NOT NULL, progress BLOB NOT NULL) STRICT;
        CREATE TABLE parts(
            id TEXT NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(id, number)) STRICT;
        CREATE TABLE totals(
            kind TEXT NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL,
            PRIMARY KEY(kind, state)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX transactions ON tasks(partner, kind, tx) WHERE tx IS NOT NULL;
        CREATE INDEX claims ON tasks(state, kind, priority, max(due, until)) WHERE state <= 2;
        CREATE INDEX states ON tasks(state, id);
        CREATE INDEX changes ON tasks(state, changed);
        CREATE TRIGGER added AFTER INSERT ON tasks BEGIN
            INSERT INTO totals VALUES(new.kind, new.state, 1, new.size)
                ON CONFLICT DO UPDATE SET count = count + 1, size = size + new.size;
        END;
        CREATE TRIGGER changed AFTER UPDATE OF state, size ON tasks BEGIN
            UPDATE totals SET count = count - 1, size = size - old.size WHERE kind = old.kind AND state = old.state;
            INSERT INTO totals VALUES(new.kind, new.state, 1, new.size)
                ON CONFLICT DO UPDATE SET count = count + 1, size = size + new.size;
        END;
        CREATE TRIGGER deleted AFTER DELETE ON tasks BEGIN
            UPDATE totals SET count = count - 1, size = size - old.size WHERE kind = old.kind AND state = old.state;
        END;
        """;

    private const string HeadColumns =
        "t.id, t.kind, t.partner, t.tx, t.digest, t.state, t.priority, t.due, t.attempts, t.owner, t.until, t.epoch, "
        + "t.created, t.changed, t.type, t.parts";

    private const string SelectHead = $"SELECT {HeadColumns} FROM tasks t ";

    private const string SelectWhole =
        $"SELECT {HeadColumns}, c.request, c.result, c.progress FROM tasks t JOIN contents c USING(id) ";

    private const string SelectNotes =
        $"SELECT {HeadColumns}, x'', x'', c.progress FROM tasks t JOIN contents c USING(id) ";

    private const int Priorities = 10;
    public const string Ended = "(3, 4, 6, 7)";

    /// <summary>
    /// Makes the tables of a new file. In an older one nobody has a task any more: one process writes it, and the one
    /// before has ended.
    /// </summary>
    public static void Prepare(SqliteConnection connection, bool isNew)
    {
        if (isNew)
        {
            SqliteFile.Run(connection, Tables);
        }

        TaskShares.Prepare(connection);

        SqliteFile.Run(connection, "UPDATE tasks SET until = 0 WHERE until > 0");
    }

    public static TaskRecord? Head(SqliteConnection connection, string id) =>
        Read(connection, SelectHead + "WHERE t.id = $0", id).FirstOrDefault();

    public static List<TaskRecord> Whole(SqliteConnection connection, string id) =>
        Read(connection, SelectWhole + "WHERE t.id = $0", id);

    public static List<TaskRecord> Notes(SqliteConnection connection, string id) =>
        Read(connection, SelectNotes + "WHERE t.id = $0", id);

    public static TaskRecord? Earlier(SqliteConnection connection, TaskRecord task) => Read(
        connection, SelectHead + "WHERE t.partner = $0 AND t.kind = $1 AND t.tx = $2",
        task.Partner, task.Kind, task.Transaction!).FirstOrDefault();

    /// <summary>Tasks that have not ended, and the bytes of all.</summary>
    public static (long Open, long Bytes) Totals(SqliteConnection connection)
    {
        using SqliteCommand command = Command(
            connection, $"SELECT total(CASE WHEN state IN {Ended} THEN 0 ELSE count END), total(size) FROM totals");
        using SqliteDataReader row = command.ExecuteReader();
        row.Read();
        return ((long)row.GetDouble(0), (long)row.GetDouble(1));
    }

    public static void Insert(SqliteConnection connection, TaskRecord task, TaskBytes kept)
    {
        Run(
            connection,
            "INSERT INTO tasks VALUES($0, $1, $2, $3, $4, $5, $6, $7, $8, NULL, 0, 0, $9, $10, $11, 0, $12)",
            task.Id, task.Kind, task.Partner, task.Transaction, task.Digest.ToArray(), (int)task.State, task.Priority,
            Of(task.Due), task.Attempts, Of(task.Created), Of(task.Changed), task.ResultType,
            kept.Request!.LongLength + kept.Result!.Length + kept.Progress!.Length);
        Run(
            connection, "INSERT INTO contents VALUES($0, $1, $2, $3)", task.Id, kept.Request, kept.Result,
            kept.Progress);
    }

    public static List<TaskRecord> Claim(SqliteConnection connection, TaskClaim claim)
    {
        List<TaskRecord> claimed = [];
        TaskState[] states =
            [.. Enum.GetValues<TaskState>().Where(state => TaskStates.PhaseOf(state) == claim.Phase)];
        for (int priority = Priorities - 1; priority >= 0 && claimed.Count < claim.Most; priority--)
        {
            List<TaskRecord> ready = [];
            foreach (string kind in claim.Kinds)
            {
                foreach (TaskState state in states)
                {
                    ready.AddRange(Read(
                        connection,
                        SelectHead + "WHERE t.state = $0 AND t.kind = $1 AND t.priority = $2 "
                        + "AND max(t.due, t.until) <= $3 AND t.state <= 2 ORDER BY max(t.due, t.until) LIMIT $4",
                        (int)state, kind, priority, Of(claim.Now), claim.Most - claimed.Count));
                }
            }

            foreach (TaskRecord task in ready.OrderBy(task => task.Due).Take(claim.Most - claimed.Count))
            {
                Run(
                    connection, "UPDATE tasks SET owner = $0, until = $1, epoch = epoch + 1 WHERE id = $2",
                    claim.Owner, Of(claim.Until), task.Id);
                claimed.Add(Whole(connection, task.Id)[0] with { WasTaken = task.Owner is not null });
            }
        }

        return claimed;
    }

    /// <summary>Writes what changes of a task; who had it loses it where it is taken away.</summary>
    public static void Change(
        SqliteConnection connection, TaskRecord task, TaskChange change, TaskBytes kept, bool takesAway)
    {
        if (kept.Request is not null || kept.Result is not null || kept.Progress is not null)
        {
            Run(
                connection,
                "UPDATE contents SET request = coalesce($0, request), result = coalesce($1, result), "
                + "progress = coalesce($2, progress) WHERE id = $3",
                kept.Request, kept.Result, kept.Progress, task.Id);
        }

        bool isFree = takesAway || change.Releases;
        Run(
            connection,
            "UPDATE tasks SET state = $0, priority = $1, due = $2, attempts = $3, changed = $4, type = $5, "
            + "owner = $6, until = $7, epoch = epoch + $8, size = "
            + "(SELECT length(request) + length(result) + length(progress) FROM contents c WHERE c.id = $9) + "
            + "(SELECT coalesce(sum(length(bytes)), 0) FROM parts p WHERE p.id = $9) WHERE id = $9",
            (int)(change.State ?? task.State), change.Priority ?? task.Priority, Of(change.Due ?? task.Due),
            change.Attempts ?? task.Attempts, Of(change.Now), change.ResultType ?? task.ResultType,
            isFree ? null : task.Owner, isFree ? 0 : Of(task.LeasedUntil), takesAway ? 1 : 0, task.Id);
    }

    public static void AddPart(SqliteConnection connection, string id, int number, byte[] kept)
    {
        Run(connection, "INSERT OR REPLACE INTO parts VALUES($0, $1, $2)", id, number, kept);
        Run(connection, "UPDATE tasks SET parts = $0 WHERE id = $1", number + 1, id);
    }

    public static byte[]? Part(SqliteConnection connection, string id, int number)
    {
        using SqliteCommand command = Command(
            connection, "SELECT bytes FROM parts WHERE id = $0 AND number = $1", id, number);
        return command.ExecuteScalar() as byte[];
    }

    public static IReadOnlyList<TaskRecord> List(SqliteConnection connection, TaskQuery query)
    {
        IEnumerable<TaskState> states = query.States ?? Enum.GetValues<TaskState>();
        List<TaskRecord> found = [];
        foreach (TaskState state in states)
        {
            string kinds = query.Kinds is null ? "" : "\n" + string.Join('\n', query.Kinds) + "\n";
            found.AddRange(Read(
                connection,
                SelectHead + "WHERE t.state = $0 AND t.id > $1 AND ($2 IS NULL OR t.partner = $2) "
                + "AND ($3 = '' OR instr($3, char(10) || t.kind || char(10))) ORDER BY t.id LIMIT $4",
                (int)state, query.After ?? "", query.Partner, kinds, query.Most));
        }

        return [.. found.OrderBy(task => task.Id, StringComparer.Ordinal).Take(query.Most)];
    }

    public static IReadOnlyDictionary<(string Kind, TaskState State), long> Count(SqliteConnection connection)
    {
        Dictionary<(string, TaskState), long> counts = [];
        using SqliteCommand command = Command(connection, "SELECT kind, state, count FROM totals WHERE count > 0");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            counts[(rows.GetString(0), (TaskState)rows.GetInt32(1))] = rows.GetInt64(2);
        }

        return counts;
    }

    public static bool Delete(SqliteConnection connection, string id)
    {
        Run(connection, "DELETE FROM contents WHERE id = $0", id);
        Run(connection, "DELETE FROM parts WHERE id = $0", id);
        return Run(connection, "DELETE FROM tasks WHERE id = $0", id) == 1;
    }

    public static int Purge(SqliteConnection connection, DateTimeOffset before, int most)
    {
        List<TaskRecord> old = Read(
            connection, SelectHead + $"WHERE t.state IN {Ended} AND t.changed < $0 LIMIT $1", Of(before), most);
        old.ForEach(task => Delete(connection, task.Id));
        return old.Count;
    }

    public static int Run(SqliteConnection connection, string sql, params object?[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql, params object?[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        return command.ExecuteScalar();
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params object?[] values)
    {
        SqliteCommand command = SqliteFile.Command(connection, sql);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(
                "$" + i.ToString(CultureInfo.InvariantCulture), values[i] ?? DBNull.Value);
        }

        return command;
    }

    private static List<TaskRecord> Read(SqliteConnection connection, string sql, params object?[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        using SqliteDataReader rows = command.ExecuteReader();
        List<TaskRecord> tasks = [];
        while (rows.Read())
        {
            bool isWhole = rows.FieldCount > 16;
            tasks.Add(new TaskRecord
            {
                Id = rows.GetString(0),
                Kind = rows.GetString(1),
                Partner = rows.GetString(2),
                Transaction = rows[3] as string,
                Digest = (byte[])rows[4],
                State = (TaskState)rows.GetInt32(5),
                Priority = rows.GetInt32(6),
                Due = TimeOf(rows.GetInt64(7)),
                Attempts = rows.GetInt32(8),
                Owner = rows[9] as string,
                LeasedUntil = TimeOf(rows.GetInt64(10)),
                Epoch = rows.GetInt64(11),
                Created = TimeOf(rows.GetInt64(12)),
                Changed = TimeOf(rows.GetInt64(13)),
                ResultType = rows[14] as string,
                Parts = rows.GetInt32(15),
                Request = isWhole ? (byte[])rows[16] : default(ReadOnlyMemory<byte>),
                Result = isWhole ? (byte[])rows[17] : default(ReadOnlyMemory<byte>),
                Progress = isWhole ? (byte[])rows[18] : default(ReadOnlyMemory<byte>),
            });
        }

        return tasks;
    }

    private static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset TimeOf(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time);
}

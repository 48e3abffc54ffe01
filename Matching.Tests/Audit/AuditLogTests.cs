using System.Text;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tests.Audit;

/// <summary>A log in a directory of its own: what it keeps, and what is found of what was done to it.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("audit-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void The_bytes_of_a_row_are_frozen()
    {
        AuditRow row = AuditChain.After(new AuditHead(6, new string('a', 64)), Full);
        Assert.Equal(Frozen, Encoding.UTF8.GetString(row.Json));
        Assert.Equal(FrozenHash, row.Hash);
    }

    [Fact]
    public async Task Rows_written_together_and_after_a_restart_are_one_chain()
    {
        await using (AuditLog log = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => WriteAsync(log, i)));
        }

        await using (AuditLog log = Open())
        {
            await WriteAsync(log, 40);
            Assert.Equal(41, log.Read(0, 100, null).Count);
            Assert.Equal([40L, 41L], log.Read(39, 2, null).Select(row => row.Sequence));
        }

        (AuditVerdict verdict, int checkpoints) = AuditVerification.Run(directory);
        Assert.Equal((null, 41L), (verdict.Fault, verdict.Head.Sequence));
        Assert.InRange(checkpoints, 2, 41);
    }

    [Fact]
    public async Task A_person_is_found_by_the_keyed_hash_and_no_id_is_in_the_files()
    {
        await using (AuditLog log = Open())
        {
            string person = log.Keys.OfPerson("Erika Mustermann");
            Assert.Null(await log.AppendAsync(
                [Entry(1), Entry(2) with { Candidates = [person] }, Entry(3) with { Persons = [person] }]));
            Assert.Equal([2L, 3L], log.Read(0, 10, "Erika Mustermann").Select(row => row.Sequence));
            Assert.Empty(log.Read(0, 10, "somebody else"));
        }

        Assert.All(Directory.GetFiles(directory), file => Assert.Equal(
            -1, File.ReadAllBytes(file).AsSpan().IndexOf("Mustermann"u8)));
    }

    [Theory]
    [InlineData("UPDATE rows SET json = CAST(replace(CAST(json AS TEXT), 'op4', 'op9') AS BLOB) WHERE sequence = 5",
        "row 5 was changed")]
    [InlineData("UPDATE rows SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE sequence = 5",
        "row 5 was changed")]
    [InlineData("DELETE FROM rows WHERE sequence = 5", "row 5 is missing")]
    [InlineData("DELETE FROM rows WHERE sequence = 1", "row 1 is missing")]
    [InlineData("DELETE FROM rows WHERE sequence = 5; UPDATE rows SET sequence = sequence - 1 WHERE sequence > 5",
        "row 5 is a copy of row 6")]
    [InlineData("INSERT INTO rows SELECT 21, json, hash FROM rows WHERE sequence = 5", "row 21 is a copy of row 5")]
    [InlineData("UPDATE rows SET sequence = 99 WHERE sequence = 5; UPDATE rows SET sequence = 5 WHERE sequence = 6; "
        + "UPDATE rows SET sequence = 6 WHERE sequence = 99", "row 5 is a copy of row 6")]
    [InlineData("DELETE FROM rows WHERE sequence > 17", "row 18 is missing: the log ends with row 17")]
    [InlineData("DELETE FROM rows", "row 1 is missing: the log ends with row 0")]
    public async Task What_is_done_to_rows_is_found_and_the_row_named(string done, string found)
    {
        await FillAsync(20);
        Tamper(done);
        AuditVerdict verdict = AuditVerification.Run(directory).Verdict;
        Assert.StartsWith(found, verdict.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_does_not_agree_with_the_checkpoints()
    {
        await FillAsync(20);
        AuditHead head = new(9, RowsOf()[8].Hash);
        StringBuilder forged = new("DELETE FROM rows WHERE sequence > 9;");
        for (int i = 9; i < 20; i++)
        {
            AuditRow row = AuditChain.After(head, Entry(i) with { Purpose = "test" });
            string bytes = Convert.ToHexString(row.Json);
            forged.Append($"INSERT INTO rows VALUES({row.Sequence}, x'{bytes}', '{row.Hash}');");
            head = new AuditHead(row.Sequence, row.Hash);
        }

        Tamper(forged.ToString());
        Assert.Equal(
            "row 10 is another row than the one that a checkpoint names",
            AuditVerification.Run(directory).Verdict.Fault);
        string refused = Assert.Throws<StoreException>(() => Open().Equals(null)).Message;
        Assert.Contains("ends otherwise", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_was_changed_is_named()
    {
        await FillAsync(20);
        string path = Path.Combine(directory, AuditCheckpointFile.Name);
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace("\"sequence\":20", "\"sequence\":19", StringComparison.Ordinal));
        Assert.Contains("is no checkpoint that this key signed",
            Assert.Throws<StoreException>(() => AuditVerification.Run(directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_can_be_neither_changed_nor_deleted_by_statements()
    {
        await FillAsync(3);
        foreach (string statement in new[] { "DELETE FROM rows", "UPDATE rows SET hash = 'x'" })
        {
            using SqliteConnection open = SqliteFile.OpenWriter(Database);
            Assert.Throws<SqliteException>(() => SqliteFile.Run(open, statement));
        }
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_says_why_and_goes_on_afterwards()
    {
        await using AuditLog log = Open();
        await WriteAsync(log, 0);
        log.RunOnDatabase("PRAGMA query_only = ON");
        Outage? outage = await log.AppendAsync([Entry(1)]);
        Assert.Contains("read-only", outage!.Reason, StringComparison.Ordinal);
        Assert.NotNull(await log.CheckAsync());
        log.RunOnDatabase("PRAGMA query_only = OFF");
        Assert.Null(await log.CheckAsync());
        await WriteAsync(log, 1);
        Assert.Equal([1L, 2L], log.Read(0, 10, null).Select(row => row.Sequence));
    }

    private string Database => Path.Combine(directory, "audit.db");

    private AuditLog Open() => AuditLog.Open(directory, new AuditSettings(Every: 10), TimeProvider.System);

    private async Task FillAsync(int rows)
    {
        await using AuditLog log = Open();
        for (int i = 0; i < rows; i++)
        {
            await WriteAsync(log, i);
        }
    }

    private static async Task WriteAsync(AuditLog log, int number) =>
        Assert.Null(await log.AppendAsync([Entry(number)]));

    private void Tamper(string sql)
    {
        using SqliteConnection open = SqliteFile.OpenWriter(Database);
        SqliteFile.Run(open, "DROP TRIGGER rows_keep; DROP TRIGGER rows_stay;");
        SqliteFile.Run(open, sql);
    }

    private List<AuditRow> RowsOf() => [.. AuditDatabase.Read(Database, 0, null)];

    private static AuditEntry Entry(int number) => new()
    {
        Start = DateTimeOffset.UnixEpoch.AddSeconds(number),
        End = DateTimeOffset.UnixEpoch.AddSeconds(number + 1),
        Caller = "loopback",
        Operation = $"op{number}",
    };

    private static AuditEntry Full { get; } = new()
    {
        Start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero),
        End = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 60, TimeSpan.FromHours(2)),
        Caller = "partner-1",
        Subject = "client-7",
        Purpose = "asylum",
        Operation = "batchIdentify",
        Galleries = ["CIVIL", "B"],
        Line = 3,
        Status = 200,
        RefusalCode = 3002,
        Refusal = "Incomplete",
        Search = new AuditSearch(52.99, "fingers-3")
        {
            PartitionsAsked = 2,
            PartitionsAnswered = 1,
            IdentitiesHeld = 2000,
            IdentitiesSearched = 1000,
            IdentitiesCompared = 999,
        },
        Inputs = new string('b', 64),
        Persons = [new string('c', 64)],
        Candidates = [new string('d', 64), new string('e', 64)],
    };

    /// <summary>Made by another program, as RFC 8785 says.</summary>
    private const string Frozen =
        "{\"caller\":\"partner-1\",\"candidates\":[\"ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
        + "ddddd\",\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\"],\"end\":\"2026-01-02T03:"
        + "04:05.060Z\",\"galleries\":[\"CIVIL\",\"B\"],\"inputs\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
        + "bbbbbbbbbbbbbbbb\",\"line\":3,\"operation\":\"batchIdentify\",\"persons\":[\"ccccccccccccccccccccccccccccc"
        + "ccccccccccccccccccccccccccccccccccc\"],\"previous\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaa\",\"purpose\":\"asylum\",\"refusal\":{\"code\":3002,\"name\":\"Incomplete\"},"
        + "\"searched\":{\""
        + "calibration\":\"fingers-3\",\"identitiesCompared\":999,\"identitiesHeld\":2000,\"identitiesSearched\":100"
        + "0,\"partitionsAnswered\":1,\"partitionsAsked\":2,\"threshold\":52.99},\"sequence\":7,\"start\":\"2026-01-02"
        + "T03:04:05.006Z\",\"status\":200,\"subject\":\"client-7\",\"v\":1}";

    private const string FrozenHash = "66b6d49d9ae307306afdb4249fd5a9b91eaf9e3f8a0bc0465a79772c628b9b40";
}

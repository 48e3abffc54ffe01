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
        AuditRow first = AuditChain.After(new AuditHead(0, new string('a', 64)), new AuditEntry
        {
            Start = Full.Start,
            End = Full.End,
            Caller = Full.Caller,
            Operation = Full.Operation,
            Server = Full.Server,
            Keys = new AuditKeyIds(new string('1', 64), new string('2', 64)),
        });
        Assert.Equal(FrozenFirst, Encoding.UTF8.GetString(first.Json));
    }

    [Fact]
    public void Rows_of_version_1_are_verified_and_followed()
    {
        byte[] older = Encoding.UTF8.GetBytes(FrozenOfVersion1
            .Replace("\"sequence\":7", "\"sequence\":1", StringComparison.Ordinal));
        AuditRow one = new(1, older, AuditChain.HashOf(older));
        AuditRow two = AuditChain.After(new AuditHead(1, one.Hash), Full);
        Assert.Null(AuditChain.Verify(new string('a', 64), [one, two], []).Fault);
        older[^3] ^= 1;
        Assert.StartsWith(
            "row 1 was changed", AuditChain.Verify(new string('a', 64), [one, two], []).Fault,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_an_older_version_gets_its_index_of_persons()
    {
        string person;
        await using (AuditLog log = await OpenAsync())
        {
            person = log.Keys.OfPerson("P");
            Assert.Null(await log.AppendAsync([Entry(1) with { Candidates = [person] }, Entry(2)]));
        }

        using (SqliteConnection open = SqliteFile.OpenWriter(Database))
        {
            SqliteFile.Run(open, "DROP TABLE about");
        }

        await using AuditLog again = await OpenAsync();
        Assert.Null(await again.AppendAsync([Entry(3) with { Persons = [person], Candidates = [person] }]));
        Assert.Equal([1L, 3L], (await again.ReadAsync(new(0) { Person = "P" }, 10)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task Rows_written_together_and_after_a_restart_are_one_chain()
    {
        await using (AuditLog log = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => WriteAsync(log, i)));
        }

        await using (AuditLog log = await OpenAsync())
        {
            await WriteAsync(log, 40);
            Assert.Equal(41, (await log.ReadAsync(new(0), 100)).Count);
            Assert.Equal([40L, 41L], (await log.ReadAsync(new(39), 2)).Select(row => row.Sequence));
        }

        (AuditVerdict verdict, int checkpoints) = AuditVerification.Run(directory);
        Assert.Equal((null, 41L), (verdict.Fault, verdict.Head.Sequence));
        Assert.InRange(checkpoints, 2, 41);
    }

    [Fact]
    public async Task A_person_is_found_by_the_keyed_hash_and_no_id_is_in_the_files()
    {
        await using (AuditLog log = await OpenAsync())
        {
            string person = log.Keys.OfPerson("Erika Mustermann");
            Assert.Null(await log.AppendAsync(
                [Entry(1), Entry(2) with { Candidates = [person] }, Entry(3) with { Persons = [person] }]));
            AuditQuery query = new() { Person = "Erika Mustermann" };
            Assert.Equal([2L, 3L], (await log.ReadAsync(query, 10)).Select(row => row.Sequence));
            Assert.Empty((await log.ReadAsync(new(0) { Person = "somebody else" }, 10)));
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
        string refused = (await Assert.ThrowsAsync<StoreException>(OpenAsync)).Message;
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
        await using AuditLog log = await OpenAsync();
        await WriteAsync(log, 0);
        log.RunOnDatabase("PRAGMA query_only = ON");
        Outage? outage = await log.AppendAsync([Entry(1)]);
        Assert.Contains("read-only", outage!.Reason, StringComparison.Ordinal);
        Assert.NotNull(await log.CheckAsync());
        log.RunOnDatabase("PRAGMA query_only = OFF");
        Assert.Null(await log.CheckAsync());
        await WriteAsync(log, 1);
        Assert.Equal([1L, 2L], (await log.ReadAsync(new(0), 10)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task Rows_of_a_time_and_of_a_person_are_found_and_those_outside_are_not()
    {
        await using AuditLog log = await OpenAsync();
        string person = log.Keys.OfPerson("P");
        for (int day = 0; day < 40; day++)
        {
            // Two front ends whose clocks differ by some minutes.
            AuditEntry entry = At(day, day % 2 == 0 ? 0 : -3);
            Assert.Null(await log.AppendAsync([day % 10 == 0 ? entry with { Candidates = [person] } : entry]));
        }

        AuditQuery query = new() { From = Day(10), To = Day(20) };
        Assert.Equal(Enumerable.Range(10, 10), await DaysAsync(query));
        Assert.Equal(Enumerable.Range(12, 8), await DaysAsync(query with { After = 12 }));
        Assert.Equal([10], await DaysAsync(query with { Person = "P" }));
        Assert.Equal([0, 10, 20, 30], await DaysAsync(new AuditQuery { Person = "P" }));
        Assert.Equal(Enumerable.Range(35, 5), await DaysAsync(new AuditQuery { From = Day(35) }));
        Assert.Empty(await DaysAsync(new AuditQuery { From = Day(50) }));

        static DateTimeOffset Day(int day) => DateTimeOffset.UnixEpoch.AddDays(day);
        static AuditEntry At(int day, int minutes) =>
            Entry(day) with { End = Day(day).AddHours(1).AddMinutes(minutes) };
        async Task<IEnumerable<int>> DaysAsync(AuditQuery asked) =>
            (await log.ReadAsync(asked, 100)).Select(row => (int)row.Sequence - 1);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("P", null)]
    [InlineData(null, "drop")]
    [InlineData("P", "drop")]
    [InlineData(null, "flip")]
    [InlineData("P", "flip")]
    [InlineData(null, "swap")]
    [InlineData(null, "cut")]
    [InlineData("P", "sign")]
    public async Task An_export_verifies_and_what_was_done_to_it_is_found(string? person, string? done)
    {
        string file = Path.Combine(directory, "export.ndjson");
        await using (AuditLog log = await OpenAsync())
        {
            for (int i = 0; i < 12; i++)
            {
                Assert.Null(await log.AppendAsync(
                    [Entry(i) with { Persons = i % 3 == 0 ? [log.Keys.OfPerson("P")] : [] }]));
            }

            await using FileStream written = File.Create(file);
            await foreach (byte[] line in log.ExportAsync(new AuditQuery { Person = person }, default))
            {
                await written.WriteAsync(line);
            }
        }

        List<string> lines = [.. File.ReadAllLines(file)];
        Assert.Equal(person is null ? 13 : 5, lines.Count);
        switch (done)
        {
            case "drop":
                lines.RemoveAt(1);
                break;
            case "flip":
                lines[1] = lines[1].Replace("loopback", "loopbacK", StringComparison.Ordinal);
                break;
            case "swap":
                (lines[1], lines[2]) = (lines[2], lines[1]);
                break;
            case "cut":
                lines.RemoveAt(lines.Count - 1);
                break;
            case "sign":
                lines[^1] = lines[^1].Replace("\"rows\":4", "\"rows\":5", StringComparison.Ordinal);
                break;
        }

        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        (long rows, string? fault) = AuditExport.Verify(file, Path.Combine(directory, AuditKeys.PublicName));
        Assert.Equal(done is null, fault is null);
        Assert.True(done is not null || rows == lines.Count - 1);
    }

    private string Database => Path.Combine(directory, "audit.db");

    private async Task<AuditLog> OpenAsync() =>
        await AuditLog.OpenAsync(directory, new AuditSettings(Every: 10), TimeProvider.System);

    private async Task FillAsync(int rows)
    {
        await using AuditLog log = await OpenAsync();
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
        Agreement = new AuditAgreement("A-12", 3),
        States = [new AuditGalleryState("CIVIL", new string('f', 64), 2000)],
        Server = "api-1",
        Inputs = new string('b', 64),
        Persons = [new string('c', 64)],
        Candidates = [new string('d', 64), new string('e', 64)],
    };

    /// <summary>Made by another program, as RFC 8785 says.</summary>
    private const string Frozen =
        "{\"agreement\":{\"id\":\"A-12\",\"version\":3},\"caller\":\"partner-1\",\"candidates\":[\"ddddddddddddd"
        + "ddddddddddddddddddddddddddddddddddddddddddddddddddd\",\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
        + "eeeeeeeeeeeeeeeeeeeeeeeeeeeeee\"],\"end\":\"2026-01-02T03:04:05.060Z\",\"galleries\":[\"CIVIL\",\""
        + "B\"],\"inputs\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"line\":3"
        + ",\"operation\":\"batchIdentify\",\"persons\":[\"ccccccccccccccccccccccccccccccccccccccccccccccc"
        + "ccccccccccccccccc\"],\"previous\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaa\",\"purpose\":\"asylum\",\"refusal\":{\"code\":3002,\"name\":\"Incomplete\"},\"searched\":{\"ca"
        + "libration\":\"fingers-3\",\"identitiesCompared\":999,\"identitiesHeld\":2000,\"identitiesSearche"
        + "d\":1000,\"partitionsAnswered\":1,\"partitionsAsked\":2,\"threshold\":52.99},\"sequence\":7,\"serv"
        + "er\":\"api-1\",\"start\":\"2026-01-02T03:04:05.006Z\",\"states\":[{\"encounters\":2000,\"gallery\":\"C"
        + "IVIL\",\"hash\":\"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"}],\"statu"
        + "s\":200,\"subject\":\"client-7\",\"v\":2}";

    private const string FrozenHash = "9b32536e9bb873f5e0115774a6d24e0c849c3509d3fa87d6f318f45eb0f9ea9d";

    /// <summary>The first row of a log that several front ends write to.</summary>
    private const string FrozenFirst =
        "{\"agreement\":null,\"caller\":\"partner-1\",\"candidates\":[],\"end\":\"2026-01-02T03:04:05.060Z\","
        + "\"galleries\":[],\"inputs\":null,\"keys\":{\"hash\":\"1111111111111111111111111111111111111111111"
        + "111111111111111111111\",\"signing\":\"222222222222222222222222222222222222222222222222222222"
        + "2222222222\"},\"line\":null,\"operation\":\"batchIdentify\",\"persons\":[],\"previous\":\"aaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"purpose\":null,\"refusal\":null,\"s"
        + "earched\":null,\"sequence\":1,\"server\":\"api-1\",\"start\":\"2026-01-02T03:04:05.006Z\",\"states\":"
        + "[],\"status\":null,\"subject\":null,\"v\":2}";

    /// <summary>A row as earlier versions wrote it.</summary>
    private const string FrozenOfVersion1 =
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
}

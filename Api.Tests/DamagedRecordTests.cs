using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Api.Tests;

/// <summary>A bit of a stored template is flipped in the database: what callers are told (docs/storage.md).</summary>
public sealed class DamagedRecordTests : IDisposable
{
    private const int People = 4;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_search_is_partial_and_counts_the_record_until_it_is_deleted()
    {
        await FillAsync();
        Damage("P1", "E");
        await using RunningServer server = await RunningServer.StartAsync(await OpenAsync());

        // Somebody else is found, and the answer says that it is not whole.
        using (HttpResponseMessage found = await SearchAsync(server, 2))
        {
            Assert.Equal(200, (int)found.StatusCode);
            Assert.Equal("false", found.Headers.GetValues("MatchCluster-Complete").Single());
            Assert.Equal("3/4", found.Headers.GetValues("MatchCluster-Identities").Single());
            Assert.Equal("P2", (string)(await found.JsonAsync())[0]!["personId"]!);
        }

        // Whose record is damaged is not "no candidate".
        string message = await SearchAsync(server, 1).ErrorAsync(503, FailureCode.Incomplete);
        Assert.Contains("1 records of partition 0 cannot be read", message, StringComparison.Ordinal);
        using (StringContent line = new(
            new JsonObject { ["id"] = "1", ["biometricData"] = Bodies.Samples(1, 1) }.ToJsonString(),
            Encoding.UTF8, "application/x-ndjson"))
        {
            JsonNode batch = await server.Http.PostAsync("/mc/v1/identify/G", line).OkAsync();
            Assert.False((bool)batch["complete"]!);
            Assert.Null(batch["candidates"]);
            Assert.Contains("1 records", (string)batch["coverage"]!["missing"]![0]!, StringComparison.Ordinal);
        }

        JsonNode health = await server.Http.GetAsync("/health").OkAsync();
        Assert.Equal(1, (int)health["partitions"]![0]!["unreadable"]!);
        Assert.Equal(204, await server.DeleteAsync("persons/P1").StatusAsync());
        using HttpResponseMessage whole = await SearchAsync(server, 2);
        Assert.Equal("true", whole.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.Equal("3/3", whole.Headers.GetValues("MatchCluster-Identities").Single());
    }

    [Fact]
    public async Task It_is_not_read_changed_or_written_over_and_can_be_deleted_and_sent_again()
    {
        await FillAsync();
        Damage("P1", "E");
        await using RunningServer server = await RunningServer.StartAsync(await OpenAsync());
        const string One = "persons/P1/encounters/E";

        await server.GetAsync(One).ErrorAsync(500, FailureCode.StorageFailed);
        await server.GetAsync("persons/P1/encounters").ErrorAsync(500, FailureCode.StorageFailed);
        foreach (Task<HttpResponseMessage> change in (Task<HttpResponseMessage>[])
        [
            server.PostAsync(One, Person(3)), server.PutAsync(One, Person(3)),
            server.PutAsync(One + "/status?status=INACTIVE", null),
            server.PutAsync(One + "/galleries", new JsonArray("H")),
        ])
        {
            string why = await change.ErrorAsync(400, FailureCode.Refused);
            Assert.Contains("cannot be read: restore a backup, or delete", why, StringComparison.Ordinal);
        }

        await server.PostAsync("verify/G/P1", new JsonObject { ["biometricData"] = Bodies.Samples(1, 1) })
            .ErrorAsync(500, FailureCode.StorageFailed);
        Assert.Equal(204, await server.DeleteAsync(One).StatusAsync());
        Assert.Equal(404, await server.GetAsync(One).StatusAsync());
        Assert.Equal(404, await server.DeleteAsync(One).StatusAsync());
        await server.PostAsync(One, Person(1)).OkAsync();
        JsonNode found = await SearchAsync(server, 1).OkAsync();
        Assert.Equal("P1", (string)found[0]!["personId"]!);
        Assert.True((bool)found[0]!["others"]!["complete"]!);
    }

    /// <summary>The deletion is durable: another start finds nothing damaged.</summary>
    [Fact]
    public async Task What_was_deleted_stays_deleted()
    {
        await FillAsync();
        Damage("P1", "E");
        await using (RunningServer server = await RunningServer.StartAsync(await OpenAsync()))
        {
            Assert.Equal(204, await server.DeleteAsync("persons/P1/encounters/E").StatusAsync());
        }

        await using RunningServer again = await RunningServer.StartAsync(await OpenAsync());
        using HttpResponseMessage whole = await SearchAsync(again, 2);
        Assert.Equal("true", whole.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.Equal("3/3", whole.Headers.GetValues("MatchCluster-Identities").Single());
    }

    private static JsonObject Person(int person) => Bodies.Encounter("G", Bodies.Samples(person));

    private static Task<HttpResponseMessage> SearchAsync(RunningServer server, int person) =>
        server.PostAsync("identify/G", Bodies.Identify(Bodies.Samples(person, impression: 1)));

    private async Task<IGalleryStore> OpenAsync() =>
        await SqliteGalleryStore.OpenAsync(directory, 1, 1, CancellationToken.None);

    private async Task FillAsync()
    {
        await using RunningServer server = await RunningServer.StartAsync(await OpenAsync());
        for (int person = 0; person < People; person++)
        {
            await server.PostAsync($"persons/P{person}/encounters/E", Person(person)).OkAsync();
        }
    }

    /// <summary>One bit inside the template, which the record's checksum covers.</summary>
    private void Damage(string person, string encounter)
    {
        using SqliteConnection database = new(
            $"Data Source={Path.Combine(directory, "gallery.db")};Pooling=False");
        database.Open();
        byte[] record = (byte[])Command("SELECT record FROM encounters WHERE person_id = $p AND encounter_id = $e")
            .ExecuteScalar()!;
        record[^50] ^= 1;
        SqliteCommand write = Command(
            "UPDATE encounters SET record = $r WHERE person_id = $p AND encounter_id = $e");
        write.Parameters.AddWithValue("$r", record);
        Assert.Equal(1, write.ExecuteNonQuery());

        SqliteCommand Command(string text)
        {
            SqliteCommand command = database.CreateCommand();
            command.CommandText = text;
            command.Parameters.AddWithValue("$p", Encoding.UTF8.GetBytes(person));
            command.Parameters.AddWithValue("$e", Encoding.UTF8.GetBytes(encounter));
            return command;
        }
    }
}

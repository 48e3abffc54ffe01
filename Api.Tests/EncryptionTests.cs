using System.Text.Json.Nodes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Api.Tests;

/// <summary>A server whose gallery is encrypted: what is on the disk, before and after a gallery is deleted.</summary>
public sealed class EncryptionTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly string keyFile;

    public EncryptionTests()
    {
        keyFile = Path.Combine(directory, "master.key");
        WriteKey(1);
    }

    private string Data => Path.Combine(directory, "data");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_gallery_is_deleted_and_nobody_opens_its_records_any_more_wherever_they_were_copied()
    {
        string copy = Path.Combine(directory, "copy");
        await using (RunningServer server = await StartAsync())
        {
            await EnrolAsync(server, "A", [0, 1, 2], "A");
            await EnrolAsync(server, "B", [3, 4], "B");
            await EnrolAsync(server, "AB", [5, 6], "A", "B");
        }

        CopyTo(copy);
        AssertNothingInTheClear();
        await using (RunningServer server = await StartAsync())
        {
            JsonNode gone = await server.Http.DeleteAsync("/mc/v1/galleries/A").OkAsync();
            Assert.Equal((3, 2, true), (
                (int)gone["deleted"]!, (int)gone["left"]!, (bool)gone["keyDestroyed"]!));
            Assert.Equal(404, await server.GetAsync("galleries/A").StatusAsync());
            Assert.Equal(404, await server.GetAsync("persons/A-0/encounters/E").StatusAsync());
            Assert.Equal(4, (await server.GetAsync("galleries/B").OkAsync()).AsArray().Count);
            JsonNode left = await server.GetAsync("persons/AB-5/encounters/E").OkAsync();
            Assert.Equal(["B"], left["galleries"]!.AsArray().Select(name => (string)name!));
            Assert.Equal(404, await server.Http.DeleteAsync("/mc/v1/galleries/A").StatusAsync());
            Assert.Equal(["B"], (await server.Http.GetAsync("/mc/v1/keys").OkAsync())["keys"]!.AsArray()
                .Select(key => (string)key!["galleryId"]!));
            AssertNothingInTheClear();

            // A new gallery of that name is another one.
            await EnrolAsync(server, "new", [7], "A");
        }

        // Whoever copied the files before has the records, and every key that is left opens none of A's.
        AssertNothingInTheClear();
        await using SqliteGalleryStore now = await OpenStoreAsync(Data);
        List<(string Person, StoredEncounter Opened)> old = OpenWith(copy, now.Keys!);
        Assert.Equal(7, old.Count);
        Assert.All(old, one => Assert.Equal(
            !one.Person.StartsWith("A-", StringComparison.Ordinal), one.Opened.Content.IsAccepted));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Data, "rows-*.image"),
            path => File.ReadAllBytes(path).AsSpan().IndexOf("A-0"u8) >= 0);
    }

    [Fact]
    public async Task A_deletion_that_was_cut_off_goes_on_and_nobody_is_enrolled_meanwhile()
    {
        SqliteGalleryStore store = await OpenStoreAsync(Data);
        await using RunningServer server = await RunningServer.StartAsync(store);
        await EnrolAsync(server, "A", [0, 1], "A");
        await store.Keys!.CloseAsync("A", default);

        using (HttpResponseMessage refused = await server.PostAsync(
            "persons/late/encounters/E", Bodies.Encounter("A", [Bodies.Finger(9, 2)])))
        {
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.Contains("being deleted", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(2, (int)(await server.Http.DeleteAsync("/mc/v1/galleries/A").OkAsync())["deleted"]!);
        await EnrolAsync(server, "late", [9], "A");
    }

    [Fact]
    public async Task A_deletion_takes_out_whom_it_may_and_says_at_once_that_a_legal_hold_keeps_the_rest()
    {
        await using RunningServer server = await StartAsync();
        await EnrolAsync(server, "A", [0, 1, 2], "A");
        await EnrolAsync(server, "AB", [3], "A", "B");
        Assert.Equal(204, await server.Http.PutAsync("/mc/v1/holds/A-0/E", null).StatusAsync());

        using (HttpResponseMessage kept = await server.Http.DeleteAsync("/mc/v1/galleries/A"))
        {
            Assert.Equal(409, (int)kept.StatusCode);
            string body = await kept.Content.ReadAsStringAsync();
            Assert.Contains("legal hold", body, StringComparison.Ordinal);
            Assert.Contains("2 encounters were deleted and 1 left", body, StringComparison.Ordinal);
        }

        await server.GetAsync("persons/A-0/encounters/E").OkAsync();
        Assert.Equal(404, await server.GetAsync("persons/A-1/encounters/E").StatusAsync());
        Assert.Equal(204, await server.Http.DeleteAsync("/mc/v1/holds/A-0/E").StatusAsync());
        JsonNode gone = await server.Http.DeleteAsync("/mc/v1/galleries/A").OkAsync();
        Assert.Equal((1, true), ((int)gone["deleted"]!, (bool)gone["keyDestroyed"]!));
    }

    [Fact]
    public async Task Keys_are_rotated_while_the_server_answers()
    {
        await using (RunningServer server = await StartAsync())
        {
            await EnrolAsync(server, "A", [0, 1, 2], "A");
            string before = (string)(await server.Http.GetAsync("/mc/v1/keys").OkAsync())["masterKey"]!;
            WriteKey(2);
            JsonNode after = await server.Http.PostAsync("/mc/v1/keys/master", null).OkAsync();
            Assert.NotEqual(before, (string)after["masterKey"]!);
            Assert.Equal(2, (int)(await server.Http.PostAsync("/mc/v1/galleries/A/key", null).OkAsync())["number"]!);
            await server.GetAsync("persons/A-1/encounters/E").OkAsync();
            await EnrolAsync(server, "A", [3], "A");
            Assert.Equal(404, await server.Http.PostAsync("/mc/v1/galleries/none/key", null).StatusAsync());

            // The background seals again and destroys the older key.
            while ((await server.Http.GetAsync("/mc/v1/keys").OkAsync())["keys"]!.AsArray().Count > 1)
            {
                await Task.Yield();
            }
        }

        await using RunningServer again = await StartAsync();
        Assert.Equal(4, (await again.GetAsync("galleries/A").OkAsync()).AsArray().Count);
        await again.GetAsync("persons/A-1/encounters/E").OkAsync();
    }

    private void WriteKey(byte value)
    {
        File.WriteAllText(keyFile, Convert.ToBase64String([.. Enumerable.Repeat(value, MasterKey.Bytes)]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<RunningServer> StartAsync() =>
        await RunningServer.StartAsync(await OpenStoreAsync(Data), data: Data);

    private async Task<SqliteGalleryStore> OpenStoreAsync(string data) =>
        await SqliteGalleryStore.OpenAsync(data, null, 2, default, MasterKeySource.OfFile(keyFile));

    private static async Task EnrolAsync(
        RunningServer server, string name, int[] people, params string[] galleries)
    {
        foreach (int person in people)
        {
            JsonObject body = Bodies.Encounter(galleries[0], [Bodies.Finger(person, 2)]);
            body["galleries"] = new JsonArray([.. galleries.Select(gallery => (JsonNode)gallery)]);
            await server.PostAsync($"persons/{name}-{person}/encounters/E", body).OkAsync();
        }
    }

    private void AssertNothingInTheClear()
    {
        Encounter[] people = [.. Enumerable.Range(0, 10).Select(person => new Encounter
        {
            PersonId = $"{person}",
            EncounterId = "E",
            RecordId = Guid.Empty,
            Status = EncounterStatus.Active,
            EncounterType = "",
            Galleries = [],
            Created = default,
            Updated = default,
            Samples =
            [
                new Sample
                {
                    Position = BiometricPosition.OfFinger(2),
                    Format = TemplateFormat.Iso19794v2005,
                    Template = Convert.FromBase64String((string)Bodies.Finger(person, 2)["template"]!),
                },
            ],
        })];
        Assert.Null(ClearText.IsIn(Data, people));
    }

    private void CopyTo(string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(Data).Where(file => !file.EndsWith(".lock")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }

    /// <summary>Every record of a copied database, with the keys that are there now.</summary>
    private static List<(string, StoredEncounter)> OpenWith(string copy, KeyRing keys)
    {
        RecordSeal seal = new(keys);
        List<(string, StoredEncounter)> read = [];
        using SqliteConnection connection = new($"Data Source={Path.Combine(copy, "gallery.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT person_id, encounter_id, record FROM encounters";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            byte[] person = rows.GetFieldValue<byte[]>(0);
            read.Add((
                System.Text.Encoding.UTF8.GetString(person),
                StoredRecord.Read(person, rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2), seal)));
        }

        return read;
    }
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Tests.Release;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Images;

/// <summary>
/// Pictures are stored where every gallery of an encounter keeps them, encrypted; they go where their encounter goes,
/// and nowhere else.
/// </summary>
public sealed class KeptPictureTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private RunningServer server = new();
    private SqliteGalleryStore? store;

    private string Data => Path.Combine(directory, "data");

    public async Task InitializeAsync() => server = await StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_picture_is_given_back_as_it_came_where_every_gallery_keeps_it_and_is_on_no_disk_in_the_clear()
    {
        RetentionScan scan = new();
        foreach ((string person, string[] galleries, bool isKept) in ((string, string[], bool)[])
            [("kept", ["K"], true), ("both", ["K", "L"], true), ("mixed", ["K", "N"], false), ("not", ["N"], false)])
        {
            byte[] picture = Picture(3, person.Length);
            scan.Next();
            scan.Add(picture);
            JsonNode said = await server.PostAsync(
                $"persons/{person}/encounters/E", Body([Item(picture)], galleries)).OkAsync();
            Assert.Equal(isKept, (bool?)said["others"]!["extracted"]![0]!["pictureKept"] ?? false);
            Assert.Equal(isKept ? picture : null, await PictureOfAsync(person));
        }

        Assert.Empty(scan.InFiles(Data));
        await server.DisposeAsync();
        Assert.Empty(scan.InFiles(Data));
        server = await StartAsync();
        Assert.Equal(Picture(3, 4), await PictureOfAsync("kept"));

        // The scan finds one that is written down.
        await File.WriteAllBytesAsync(Path.Combine(Data, "dropped"), Picture(3, 4));
        Assert.Contains("dropped: ", Assert.Single(scan.InFiles(Data)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_goes_with_its_encounter_and_is_gone_with_it()
    {
        byte[] picture = Picture(4, 1);
        JsonObject body = Body([Item(picture)], "K");
        await server.PostAsync("persons/A/encounters/E", body.DeepClone()).OkAsync();
        await server.PostAsync("persons/B/encounters/F", Body([Bodies.Finger(9, 2)], "K")).OkAsync();

        Assert.Equal(204, await server.PutAsync("persons/A/encounters/E/status?status=INACTIVE", null).StatusAsync());
        Assert.Equal(picture, await PictureOfAsync("A"));
        Assert.Equal(204, await server.PutAsync("persons/A/encounters/E/galleries", Names("K", "L")).StatusAsync());
        Assert.Equal(picture, await PictureOfAsync("A"));
        Assert.Equal(204, await server.PostAsync("persons/B/move/A/encounters/E", null).StatusAsync());
        Assert.Equal(picture, await PictureOfAsync("B"));
        Assert.Equal(404, await server.GetAsync("persons/A/encounters/E").StatusAsync());

        // A new key opens it, and the older one goes.
        Assert.Equal(2, (int)(await server.Http.PostAsync("/mc/v1/galleries/K/key", null).OkAsync())["number"]!);
        while ((await server.Http.GetAsync("/mc/v1/keys").OkAsync())["keys"]!.AsArray().Count > 2)
        {
            await Task.Yield();
        }

        Assert.Equal(picture, await PictureOfAsync("B"));

        // A gallery that keeps none takes it away, and it does not come back.
        Assert.Equal(204, await server.PutAsync("persons/B/encounters/E/galleries", Names("K", "N")).StatusAsync());
        Assert.Null(await PictureOfAsync("B"));
        Assert.Equal(204, await server.PutAsync("persons/B/encounters/E/galleries", Names("K")).StatusAsync());
        Assert.Null(await PictureOfAsync("B"));
        Assert.Equal(0, await StoredAsync());

        // An update brings its own, or none.
        await server.PutAsync("persons/B/encounters/E", body.DeepClone()).OkAsync();
        Assert.Equal(picture, await PictureOfAsync("B"));
        await server.PutAsync("persons/B/encounters/E", Body([Bodies.Finger(4, 2)], "K")).OkAsync();
        Assert.Null(await PictureOfAsync("B"));
        await server.PutAsync("persons/B/encounters/E", body.DeepClone()).OkAsync();
        Assert.Equal(1, await StoredAsync());
        Assert.Equal(204, await server.DeleteAsync("persons/B/encounters/E").StatusAsync());
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task A_slap_is_kept_once_as_an_item_of_its_own_and_a_call_that_keeps_nothing_keeps_none()
    {
        JsonObject slap = Item(Picture(5, 1));
        slap["biometricSubType"] = "PLAIN_RIGHT_FOUR_FINGERS";
        slap["resolution"] = 500;
        await server.PostAsync("persons/S/encounters/E", Body([slap, Item(Picture(6, 2))], "K")).OkAsync();
        JsonArray items = (await server.GetAsync("persons/S/encounters/E").OkAsync())["biometricData"]!.AsArray();
        Assert.Equal(6, items.Count);
        JsonNode one = Assert.Single(items, item => item!["template"] is null)!;
        Assert.Equal("PLAIN_RIGHT_FOUR_FINGERS", (string)one["biometricSubType"]!);
        Assert.Equal(500, (int)one["resolution"]!);
        Assert.Equal(Convert.ToBase64String(Picture(5, 1)), (string)one["image"]!);
        JsonNode single = Assert.Single(items, item => item!["template"] is not null && item["image"] is not null)!;
        Assert.Equal(Convert.ToBase64String(Picture(6, 2)), (string)single["image"]!);
        JsonArray list = (await server.GetAsync("persons/S/encounters").OkAsync()).AsArray();
        Assert.DoesNotContain(list[0]!["biometricData"]!.AsArray(), item => item!["image"] is not null);

        // A caller that wants to see less sees no picture.
        using HttpRequestMessage less = new(HttpMethod.Get, RunningServer.V1("persons/S/encounters/E"));
        less.Headers.Add("MC-Release", "scores");
        Assert.DoesNotContain(
            (await server.Http.SendAsync(less).OkAsync())["biometricData"]!.AsArray(),
            item => item!["image"] is not null);

        using HttpRequestMessage nothing = new(HttpMethod.Post, RunningServer.V1("persons/T/encounters/E"))
        {
            Content = JsonContent.Create(Body([Item(Picture(7, 3))], "K")),
        };
        nothing.Headers.Add("MC-No-Retain", "true");
        await server.Http.SendAsync(nothing).OkAsync();
        Assert.Null(await PictureOfAsync("T"));
    }

    [Fact]
    public async Task A_stream_keeps_them_too_and_a_deleted_gallery_takes_them_along()
    {
        StringBuilder lines = new();
        for (int i = 0; i < 3; i++)
        {
            JsonObject encounter = Body([Item(Picture(8, i + 1))], "K");
            encounter["encounterId"] = "E";
            JsonObject line = new() { ["personId"] = $"P{i}", ["encounter"] = encounter };
            lines.Append(line.ToJsonString()).Append('\n');
        }

        using StringContent content = new(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await server.Http.PostAsync("/mc/v1/enrol", content);
        Assert.Contains("\"applied\":3", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Picture(8, 2), await PictureOfAsync("P1"));
        await server.PostAsync("persons/two/encounters/E", Body([Item(Picture(9, 9))], "K", "L")).OkAsync();
        Assert.Equal(4, await StoredAsync());

        await server.Http.DeleteAsync("/mc/v1/galleries/K").OkAsync();
        Assert.Equal(1, await StoredAsync());
        Assert.Equal(Picture(9, 9), await PictureOfAsync("two"));
    }

    [Fact]
    public async Task Who_is_enrolled_because_nobody_is_like_it_keeps_its_picture_and_a_duplicate_leaves_none()
    {
        JsonNode said = await UniqueAsync("A", Picture(3, 1), "K").OkAsync();
        Assert.True((bool)said["others"]!["extracted"]![0]!["pictureKept"]!);
        Assert.Equal(Picture(3, 1), await PictureOfAsync("A"));
        Assert.Equal("duplicate", (string)(await UniqueAsync("B", Picture(3, 2), "K").OkAsync())["outcome"]!);
        Assert.Equal("enrolled", (string)(await UniqueAsync("C", Picture(4, 1), "K", "N").OkAsync())["outcome"]!);
        Assert.Null(await PictureOfAsync("C"));
        Assert.Equal(1, await StoredAsync());

        Task<HttpResponseMessage> UniqueAsync(string person, byte[] picture, params string[] galleries) =>
            server.Http.PostAsync(
                $"/mc/v1/enrol-if-unique?transactionId=T-{person}&personId={person}&encounterId=E&threshold=60",
                JsonContent.Create(Body([Item(picture)], galleries)));
    }

    [Fact]
    public async Task A_gallery_gives_its_pictures_up_while_its_people_stay_and_what_is_held_keeps_them()
    {
        for (int i = 0; i < 3; i++)
        {
            await server.PostAsync($"persons/P{i}/encounters/E", Body([Item(Picture(8, i + 1))], "K")).OkAsync();
        }

        await server.PostAsync("persons/other/encounters/E", Body([Item(Picture(9, 9))], "L")).OkAsync();
        Assert.Equal(204, await server.Http.PutAsync("/mc/v1/holds/P1/E", null).StatusAsync());
        Assert.Equal(409, await server.PutAsync("persons/P1/encounters/E/galleries", Names("N")).StatusAsync());
        JsonNode gone = await server.Http.DeleteAsync("/mc/v1/galleries/K/pictures").OkAsync();
        Assert.Equal((2, 1), ((int)gone["erased"]!, (int)gone["held"]!));
        Assert.Equal(2, await StoredAsync());
        Assert.Equal(Picture(8, 2), await PictureOfAsync("P1"));
        Assert.Null(await PictureOfAsync("P2"));
        Assert.Equal(3, (await server.GetAsync("galleries/K").OkAsync()).AsArray().Count);
        Assert.Equal(404, await server.Http.DeleteAsync("/mc/v1/galleries/none/pictures").StatusAsync());
    }

    [Fact]
    public async Task More_than_an_encounter_may_keep_is_refused_with_the_numbers()
    {
        byte[] large = [.. Encoding.ASCII.GetBytes("P5 3000 1500 255\n"), .. new byte[3000 * 1500]];
        large[^1] = 1;
        large[17] = 3;
        large[18] = 60;
        JsonArray items = [];
        foreach (string finger in (string[])["RIGHT_INDEX", "LEFT_INDEX"])
        {
            JsonObject item = Item(large);
            item["biometricSubType"] = finger;
            items.Add(item);
        }

        string why = await server.PostAsync("persons/P/encounters/E", Body(items, "K"))
            .ErrorAsync(400, FailureCode.Refused);
        Assert.Contains("2 pictures of ", why, StringComparison.Ordinal);
        await server.PostAsync("persons/P/encounters/E", Body(items.DeepClone().AsArray(), "N")).OkAsync();
    }

    [Fact]
    public async Task Without_a_master_key_a_server_that_should_keep_pictures_does_not_start()
    {
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => RunningServer.StartAsync(
            new MemoryGalleryStore(1), Path.Combine(directory, "plain"), Settings, "K"));
        Assert.Contains("--keep-pictures: found no master key", refused.Message, StringComparison.Ordinal);
    }

    private static ImageSettings Settings => ImageSettings.Default with
    {
        Extractor = modality => modality == Modality.Finger ? new FakeExtractor() : null,
    };

    private static byte[] Picture(int person, int other)
    {
        byte[] picture = FakeExtractor.Picture(person);
        Random random = new(other);
        random.NextBytes(picture.AsSpan(^2000));
        return picture;
    }

    private static JsonObject Item(byte[] picture) => Pictures.Item("FINGER", "RIGHT_INDEX", picture);

    private static JsonObject Body(JsonArray items, params string[] galleries)
    {
        JsonObject body = Bodies.Encounter(galleries[0], []);
        body["biometricData"] = items;
        body["galleries"] = Names(galleries);
        return body;
    }

    private static JsonArray Names(params string[] names) => [.. names.Select(name => (JsonNode)name)];

    private async Task<byte[]?> PictureOfAsync(string person)
    {
        JsonNode read = await server.GetAsync($"persons/{person}/encounters/E").OkAsync();
        return (string?)read["biometricData"]![0]!["image"] is { } image ? Convert.FromBase64String(image) : null;
    }

    private async Task<long> StoredAsync()
    {
        long count = 0;
        await store!.RunOnWriterAsync(connection =>
            count = SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM pictures") is long rows ? rows : -1);
        return count;
    }

    private async Task<RunningServer> StartAsync()
    {
        string key = Path.Combine(directory, "master.key");
        if (!File.Exists(key))
        {
            await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        store = await SqliteGalleryStore.OpenAsync(Data, null, 2, default, MasterKeySource.OfFile(key));
        return await RunningServer.StartAsync(store, Data, Settings, "K", "L");
    }
}

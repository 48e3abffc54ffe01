using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Tests.Release;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tests.Osia;

/// <summary>
/// Items that nothing here compares are kept as they came where a server is told to, within limits, encrypted; they go
/// with their encounter, and no search sees them.
/// </summary>
public sealed class OpaqueItemTests : IAsyncLifetime
{
    private static readonly OpaqueLimits Limits = new(4000, 6000);

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private RunningServer server = new();
    private SqliteGalleryStore? store;

    private string Data => Path.Combine(directory, "data");

    public async Task InitializeAsync() => server = await StartAsync(Limits);

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task It_is_given_back_as_it_came_and_is_on_no_disk_in_the_clear()
    {
        RetentionScan scan = new();
        byte[] face = Bytes(1, 3000);
        scan.Next();
        scan.Add(face);
        JsonObject item = Face(face);
        item["biometricSubType"] = "UNKNOWN";
        item["mimeType"] = "image/jpeg";
        item["captureDevice"] = "camera 7";
        item["quality"] = 61;
        JsonObject voice = new()
        {
            ["biometricType"] = "UNKNOWN",
            ["template"] = Convert.ToBase64String(Bytes(2, 100)),
            ["templateFormat"] = "X_VOICE_1",
            ["instance"] = "second",
        };
        JsonObject body = Bodies.Encounter("G", [item, Bodies.Finger(1, 2), voice]);
        JsonNode said = await server.PostAsync("persons/P/encounters/E", body.DeepClone()).OkAsync();
        Assert.Equal(
            ["biometricData[0]: FACE", "biometricData[2]: UNKNOWN"],
            said["others"]!["opaque"]!.AsArray().Select(name => (string)name!));
        Assert.Null(said["others"]!["notStored"]);
        await AssertAsync();
        Assert.Empty(scan.InFiles(Data));
        await server.DisposeAsync();
        Assert.Empty(scan.InFiles(Data));
        server = await StartAsync(Limits);
        await AssertAsync();

        // The same call again is the same; with another face it is another one.
        await server.PostAsync("persons/P/encounters/E", body.DeepClone()).OkAsync();
        body["biometricData"]![0]!["image"] = Convert.ToBase64String(Bytes(9, 3000));
        Assert.Equal(409, await server.PostAsync("persons/P/encounters/E", body).StatusAsync());

        // A list has none, and neither has who wants to see less.
        JsonArray list = (await server.GetAsync("persons/P/encounters").OkAsync()).AsArray();
        Assert.Single(list[0]!["biometricData"]!.AsArray());
        using HttpRequestMessage less = new(HttpMethod.Get, RunningServer.V1("persons/P/encounters/E"));
        less.Headers.Add("MC-Release", "scores");
        Assert.Single((await server.Http.SendAsync(less).OkAsync())["biometricData"]!.AsArray());

        // What is told to keep none any more shows none.
        await server.DisposeAsync();
        server = await StartAsync(null);
        Assert.Single((await server.GetAsync("persons/P/encounters/E").OkAsync())["biometricData"]!.AsArray());

        async Task AssertAsync()
        {
            JsonArray items = (await server.GetAsync("persons/P/encounters/E").OkAsync())["biometricData"]!.AsArray();
            Assert.Equal(3, items.Count);
            foreach ((JsonObject sent, JsonNode? read) in new[] { item, voice }.Zip(items.Skip(1)))
            {
                JsonObject wanted = sent.DeepClone().AsObject();
                wanted["encounterId"] = "E";
                Assert.True(JsonNode.DeepEquals(wanted, read), read!.ToJsonString());
            }
        }
    }

    [Fact]
    public async Task An_encounter_of_nothing_else_is_stored_found_by_no_search_and_searched_with_by_nobody()
    {
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("G", [Face(Bytes(1, 50))])).OkAsync();
        Assert.Single((await server.GetAsync("persons/P/encounters/E").OkAsync())["biometricData"]!.AsArray());
        Assert.Single((await server.GetAsync("galleries/G").OkAsync()).AsArray());
        await server.PostAsync("persons/Q/encounters/F", Bodies.Encounter("G", [Bodies.Finger(1, 2)])).OkAsync();
        JsonArray found = (await server.PostAsync(
            "identify/G", Bodies.Identify([Bodies.Finger(1, 2, 1)])).OkAsync()).AsArray();
        Assert.Equal("Q", (string)Assert.Single(found)!["personId"]!);
        await server.PostAsync("identify/G", Bodies.Identify([Face(Bytes(1, 50))]))
            .ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        foreach (string path in (string[])["identify/G/P/encounters/E", "identify/G/P"])
        {
            Assert.Contains(
                "no sample of an active encounter",
                await server.PostAsync(path, new JsonObject()).ErrorAsync(400, FailureCode.InvalidBiometricData),
                StringComparison.Ordinal);
        }

        Assert.Equal(400, await server.PostAsync(
            "verify/G/P", new JsonObject { ["biometricData"] = new JsonArray(Face(Bytes(1, 50))) }).StatusAsync());
        using HttpResponseMessage unique = await server.Http.PostAsync(
            "/mc/v1/enrol-if-unique?transactionId=T", System.Net.Http.Json.JsonContent.Create(
                Bodies.Encounter("G", [Face(Bytes(1, 50))])));
        Assert.Equal(400, (int)unique.StatusCode);

        // An update brings its own; a gallery's pictures are erased with them.
        await server.PutAsync("persons/P/encounters/E", Bodies.Encounter("G", [Face(Bytes(2, 50))])).OkAsync();
        Assert.Equal(Convert.ToBase64String(Bytes(2, 50)), await ImageAsync("P"));
        await server.PutAsync("persons/P/encounters/E", Bodies.Encounter("G", [Bodies.Finger(3, 2)])).OkAsync();
        Assert.Null(await ImageAsync("P"));
        await server.PutAsync("persons/P/encounters/E", Bodies.Encounter("G", [Face(Bytes(2, 50))])).OkAsync();
        Assert.Equal(204, await server.PutAsync("persons/P/encounters/E/galleries", new JsonArray("G", "H"))
            .StatusAsync());
        Assert.Equal(204, await server.PostAsync("persons/Q/merge/P", null).StatusAsync());
        JsonNode gone = await server.Http.DeleteAsync("/mc/v1/galleries/H/pictures").OkAsync();
        Assert.Equal((1, 0), ((int)gone["erased"]!, (int)gone["held"]!));
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task A_stream_keeps_them_and_a_deletion_takes_them_along()
    {
        JsonObject encounter = Bodies.Encounter("G", [Face(Bytes(4, 70))]);
        encounter["encounterId"] = "E";
        JsonObject large = Bodies.Encounter("G", [Face(Bytes(4, 4000))]);
        large["encounterId"] = "E";
        string lines = string.Join('\n', new[] { ("P", encounter), ("Q", large) }.Select(line => new JsonObject
        {
            ["personId"] = line.Item1,
            ["encounter"] = line.Item2,
        }.ToJsonString()));
        using HttpResponseMessage answer = await server.Http.PostAsync(
            "/mc/v1/enrol", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
        string said = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"opaque\":[\"biometricData[0]: FACE\"]", said, StringComparison.Ordinal);
        Assert.Contains("\"code\":1903", said, StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String(Bytes(4, 70)), await ImageAsync("P"));
        Assert.Equal(1, await StoredAsync());
        Assert.Equal(204, await server.DeleteAsync("persons/P/encounters/E").StatusAsync());
        Assert.Equal(0, await StoredAsync());
    }

    [Theory]
    [InlineData(4000, 0, "biometricData[0]: found ")]
    [InlineData(3000, 3500, "in all up to it")]
    public async Task More_than_is_kept_is_refused_with_the_numbers(int first, int second, string words)
    {
        JsonArray items = [Face(Bytes(1, first))];
        if (second > 0)
        {
            items.Add(Face(Bytes(2, second)));
        }

        string message = await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("G", items))
            .ErrorAsync(400, FailureCode.OpaqueTooLarge);
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Equal(404, await server.GetAsync("persons/P/encounters/E").StatusAsync());
    }

    [Fact]
    public async Task What_is_no_base64_protected_or_not_to_be_kept_is_not_kept()
    {
        JsonObject broken = Face([]);
        broken["image"] = "not base64!";
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("G", [broken]))
            .ErrorAsync(400, FailureCode.InvalidBiometricData);
        JsonObject address = new() { ["biometricType"] = "FACE", ["imageRef"] = "http://x.example/" };
        JsonNode said = await server.PostAsync(
            "persons/P/encounters/E", Bodies.Encounter("G", [address, Bodies.Finger(1, 2)])).OkAsync();
        Assert.Contains(
            "biometricData[0]: FACE", said["others"]!["notStored"]!.ToJsonString(), StringComparison.Ordinal);
        using HttpRequestMessage nothing = new(HttpMethod.Post, RunningServer.V1("persons/Q/encounters/E"))
        {
            Content = System.Net.Http.Json.JsonContent.Create(Bodies.Encounter("G", [Face(Bytes(1, 9))])),
        };
        nothing.Headers.Add("MC-No-Retain", "true");
        Assert.Equal(400, await server.Http.SendAsync(nothing).StatusAsync());
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task Without_a_master_key_a_server_that_should_keep_them_does_not_start()
    {
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => RunningServer.StartAsync(
            new MemoryGalleryStore(1), Path.Combine(directory, "plain"), Limits));
        Assert.Contains("--keep-opaque: found no master key", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What is stored is read for ever: this is version 1.</summary>
    [Fact]
    public void Kept_bytes_are_frozen()
    {
        OsiaBiometricData item = new()
        {
            BiometricType = BiometricType.Face,
            Instance = "é",
            MimeType = "image/jpeg",
            Width = 3,
            Template = [7],
            TemplateFormat = "X",
        };
        byte[] golden =
        [
            1, 93, 0, 0, 0,
            .. Encoding.UTF8.GetBytes(
                "{\"biometricType\":\"FACE\",\"instance\":\"é\",\"width\":3,\"mimeType\":\"image/jpeg\","
                + "\"templateFormat\":\"X\"}"),
            2, 0, 0, 0, 5, 6, 1, 0, 0, 0, 7,
        ];
        golden[1] = (byte)(golden.Length - 16);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(OpaqueItems.Encode(item, [5, 6])));
        OsiaBiometricData read = OpaqueItems.Of(golden)!;
        Assert.Equal(("BQY=", "é", 3, "X"), (read.Image, read.Instance, read.Width, read.TemplateFormat));
        Assert.Equal([7], read.Template);
        for (int length = 0; length < golden.Length - 11; length++)
        {
            Assert.Null(OpaqueItems.Of(golden.AsSpan(0, length)));
        }
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static JsonObject Face(byte[] image) => new()
    {
        ["biometricType"] = "FACE",
        ["image"] = Convert.ToBase64String(image),
    };

    private async Task<string?> ImageAsync(string person) =>
        (string?)(await server.GetAsync($"persons/{person}/encounters/E").OkAsync())["biometricData"]![0]!["image"];

    private async Task<long> StoredAsync()
    {
        long count = 0;
        await store!.RunOnWriterAsync(connection => count =
            SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'pictures'") is 0L ? 0
            : SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM pictures") is long rows ? rows : -1);
        return count;
    }

    private async Task<RunningServer> StartAsync(OpaqueLimits? limits)
    {
        store = await SqliteGalleryStore.OpenAsync(Data, null, 2, default, KeyIn(directory));
        return await RunningServer.StartAsync(store, Data, limits);
    }

    /// <summary>A master key in a file of a directory.</summary>
    internal static MasterKeySource KeyIn(string directory)
    {
        string key = Path.Combine(directory, "master.key");
        if (!File.Exists(key))
        {
            File.WriteAllText(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        return MasterKeySource.OfFile(key);
    }
}

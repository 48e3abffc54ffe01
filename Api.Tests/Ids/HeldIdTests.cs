using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Ids;

/// <summary>What an older version stored under identifiers that are refused now.</summary>
public sealed class HeldIdTests : IDisposable
{
    private static readonly string[] Old = [".", "..", "\u202Eabc", " a", "\uE000", "a\tb", "a\u2028"];

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Old_ids_are_listed_read_and_deleted_by_the_query_and_nothing_else_is_deleted()
    {
        await using RunningServer server = await RunningServer.StartAsync(await OldStoreAsync(), data: directory);
        Assert.Equal(
            Old.Append("P").Order(StringComparer.Ordinal),
            (await server.GetAsync("galleries/ALL").OkAsync()).AsArray()
                .Select(one => (string)one!["personId"]!).Distinct());
        foreach (string id in Old)
        {
            string query = "personId=" + Uri.EscapeDataString(id);
            JsonArray read = (await server.Http.GetAsync($"/mc/v1/persons?{query}").OkAsync()).AsArray();
            Assert.Equal(["..", "E"], read.Select(one => (string)one!["encounterId"]!));
            Assert.Equal(
                204, await server.Http.DeleteAsync($"/mc/v1/encounters?{query}&encounterId=..").StatusAsync());
            read = (await server.Http.GetAsync($"/mc/v1/persons?{query}").OkAsync()).AsArray();
            Assert.Equal("E", (string)Assert.Single(read)!["encounterId"]!);

            // What was read is enrolled again under an identifier of today.
            JsonObject again = read[0]!.DeepClone().AsObject();
            again["galleries"] = new JsonArray("G");
            again.Remove("encounterId");
            await server.PostAsync($"persons/new-{Array.IndexOf(Old, id)}/encounters/E", again).OkAsync();
            Assert.Equal(204, await server.Http.DeleteAsync($"/mc/v1/persons?{query}").StatusAsync());
            Assert.Equal(404, await server.Http.DeleteAsync($"/mc/v1/persons?{query}").StatusAsync());
            Assert.Equal(404, await server.Http.GetAsync($"/mc/v1/persons?{query}").StatusAsync());
        }

        Assert.Equal(
            ["P", .. Old.Select((_, i) => $"new-{i}")],
            (await server.GetAsync("galleries/ALL").OkAsync()).AsArray()
                .Select(one => (string)one!["personId"]!).Distinct());
    }

    /// <summary>A person with texts of an older version is merged as everybody is, and mended by a PUT.</summary>
    [Fact]
    public async Task Old_texts_of_an_encounter_are_moved_and_mended()
    {
        await using RunningServer server = await RunningServer.StartAsync(await OldStoreAsync(), data: directory);
        await server.PostAsync("persons/Q/encounters/F", Bodies.Encounter("G", [Bodies.Finger(2, 2)])).OkAsync();
        Assert.Equal(204, await server.PostAsync("persons/Q/merge/P", null).StatusAsync());
        JsonNode moved = await server.GetAsync("persons/Q/encounters/E").OkAsync();
        Assert.Equal("G ", (string)moved["galleries"]![0]!);
        Assert.Equal(204, await server.PutAsync(
            "persons/Q/encounters/E/galleries", new JsonArray("G")).StatusAsync());
        Assert.Equal(2, (await server.GetAsync("galleries/G").OkAsync()).AsArray().Count);
    }

    [Theory]
    [InlineData("DELETE", "/mc/v1/persons")]
    [InlineData("DELETE", "/mc/v1/persons?personId=")]
    [InlineData("GET", "/mc/v1/persons?personId=")]
    [InlineData("DELETE", "/mc/v1/encounters?personId=P")]
    [InlineData("DELETE", "/mc/v1/encounters?personId=P&encounterId=")]
    [InlineData("DELETE", "/mc/v1/encounters?personId=P&encounterid=E")]
    [InlineData("DELETE", "/mc/v1/persons?personId=P&personId=Q")]
    public async Task A_query_that_names_nobody_deletes_nobody(string method, string url)
    {
        await using RunningServer server = await RunningServer.StartAsync(await OldStoreAsync(), data: directory);
        using HttpRequestMessage request = new(new HttpMethod(method), url);
        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains((int)(await answer.JsonAsync())["code"]!,
            new[] { (int)FailureCode.InvalidIdentifier, (int)FailureCode.InvalidParameter });
        Assert.Equal(200, await server.GetAsync("persons/P/encounters").StatusAsync());
    }

    /// <summary>Written as older versions did, without any rule.</summary>
    private async Task<IGalleryStore> OldStoreAsync()
    {
        SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(directory, 1, 1, CancellationToken.None);
        PartitionId only = new(0);
        long epoch = await store.OpenEpochAsync(only, CancellationToken.None);
        AppendResult appended = await store.AppendAsync(
            only, epoch,
            [
                .. Old.Select(person => StoredPerson.Put(person, "E", "G ")),
                .. Old.Select(person => StoredPerson.Put(person, "..", "G ")),
                StoredPerson.Put("P", "E", "G "),
            ],
            CancellationToken.None);
        Assert.Equal(AppendOutcome.Applied, appended.Outcome);
        return store;
    }
}

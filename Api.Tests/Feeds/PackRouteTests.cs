using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Feeds;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Options;
using MatchCluster.Api.Searching;
using MatchCluster.Api.Tests.OpenApi;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Feeds;

/// <summary>A gallery as a pack, a node that serves it, and its hits back at the origin.</summary>
public sealed class PackRouteTests : IDisposable
{
    private const int People = 8;

    private readonly string directory = Directory.CreateTempSubdirectory("packs-").FullName;
    private readonly PackIdentity node = PackIdentity.Make();

    public void Dispose()
    {
        node.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_node_answers_as_its_origin_is_changed_by_nobody_and_reports_each_hit_once()
    {
        await using RunningServer origin = await StartAsync("origin", 1000);
        await FillAsync(origin);
        (string packId, HttpResponseMessage answer) = await MakeAsync(origin);
        Description description = await Description.ReadAsync(origin.Http);
        PackNote note = await ImportAsync(answer, "copy");
        Assert.Equal((packId, People, People), (
            note.Manifest.PackId, note.State.Encounters, note.Manifest.Position));

        await using RunningServer copy = await StartAsync("copy", 0);
        int hits = 0;
        for (int person = 0; person < People; person++)
        {
            JsonNode probe = Bodies.Identify([Bodies.Finger(person, 2, impression: 1)]);
            string wanted = await TextAsync(origin.PostAsync("identify/demo", probe.DeepClone()));
            Assert.Equal(wanted, await TextAsync(copy.PostAsync("identify/demo", probe)));
            hits += JsonNode.Parse(wanted)!.AsArray().Count > 0 ? 1 : 0;
        }

        Assert.True(hits > People / 2);
        foreach (Task<HttpResponseMessage> change in (Task<HttpResponseMessage>[])[
            copy.PostAsync("persons", Bodies.Encounter("demo", [Bodies.Finger(99, 2)])),
            copy.DeleteAsync("persons/P-1"),
            copy.PutAsync("persons/P-1/encounters/E-1/status?status=INACTIVE", null),
            copy.PostAsync("persons/P-1/merge/P-2", null)])
        {
            await RefusedAsync(change, HttpStatusCode.Forbidden, FailureCode.PackReadOnly);
        }

        await RefusedAsync(
            PostPackAsync(copy, node.PublicPem), HttpStatusCode.Conflict, FailureCode.PackNotMade);
        await copy.DisposeAsync();

        // The report: signed by the node, taken once, whatever is sent again.
        await using PackHits recorded = PackHits.Open(PathOf("copy"), TimeProvider.System);
        IReadOnlyList<PackHit> unreported = await recorded.UnreportedAsync(1000, default);
        Assert.Equal(hits, unreported.Count);
        byte[] report = PackReport.Make(packId, unreported, node);
        foreach (int added in (int[])[hits, 0])
        {
            using HttpResponseMessage told = await ReportAsync(origin, packId, report);
            string text = await told.Content.ReadAsStringAsync();
            Assert.Empty(description.Violations("/mc/v1/packs/{packId}/hits", "post", told, text));
            Assert.Equal((hits, added), ((int)JsonNode.Parse(text)!["received"]!, (int)JsonNode.Parse(text)!["new"]!));
        }

        await recorded.ReportedAsync(unreported, default);
        Assert.Empty(await recorded.UnreportedAsync(1000, default));
        using PackIdentity stranger = PackIdentity.Make();
        await RefusedAsync(
            ReportAsync(origin, packId, PackReport.Make(packId, unreported, stranger)), HttpStatusCode.BadRequest,
            FailureCode.PackReportRefused);
        await RefusedAsync(
            ReportAsync(origin, packId, PackReport.Make("K-other", unreported, node)), HttpStatusCode.BadRequest,
            FailureCode.PackReportRefused);
        await RefusedAsync(ReportAsync(origin, "K-other", report), HttpStatusCode.NotFound, FailureCode.Unknown);

        using HttpResponseMessage read = await origin.Http.GetAsync($"/mc/v1/packs/{packId}/hits?after=1&limit=2");
        string listed = await read.Content.ReadAsStringAsync();
        Assert.Empty(description.Violations("/mc/v1/packs/{packId}/hits", "get", read, listed));
        JsonNode page = JsonNode.Parse(listed)!;
        Assert.Equal((3, 2), ((int)page["next"]!, page["hits"]!.AsArray().Count));
        Assert.Equal(unreported[1].HitId, (string)page["hits"]![0]!["hitId"]!);
        Assert.Equal("P-1", (string)page["hits"]![0]!["candidates"]![0]!["personId"]!);
    }

    [Fact]
    public async Task A_copy_follows_the_changes_of_its_origin_and_answers_as_it_does()
    {
        await using RunningServer origin = await StartAsync("origin", 1000);
        await FillAsync(origin);
        PackNote imported = await ImportAsync((await MakeAsync(origin)).Answer, "copy");
        for (int turn = 0; turn < 3; turn++)
        {
            (await origin.DeleteAsync($"persons/P-{turn}")).Dispose();
            (await origin.PostAsync(
                $"persons/N-{turn}/encounters/E-1", Bodies.Encounter("demo", [Bodies.Finger(50 + turn, 2)]))).Dispose();
            (await origin.PutAsync(
                "persons/P-5/encounters/E-1/galleries", new JsonArray("demo", $"x{turn}"))).Dispose();
            PackNote followed = await FollowAsync(origin, "copy");
            Assert.Equal(
                (imported.Manifest.Position + (3 * (turn + 1)), People), (
                    followed.Manifest.Position, followed.State.Encounters));
            Assert.Equal(followed.State, (await FollowAsync(origin, "copy")).State);
            await using RunningServer copy = await StartAsync("copy", 0);
            foreach (int person in (int[])[0, turn, 5, 7, 50, 50 + turn])
            {
                JsonNode probe = Bodies.Identify([Bodies.Finger(person, 2, impression: 1)]);
                Assert.Equal(
                    await TextAsync(origin.PostAsync("identify/demo", probe.DeepClone())),
                    await TextAsync(copy.PostAsync("identify/demo", probe)));
            }
        }

        await using RunningServer other = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        Assert.Contains(
            "1703", (await Assert.ThrowsAsync<ServerRefusedException>(() => FollowAsync(other, "copy"))).Message);
    }

    private Task<PackNote> FollowAsync(RunningServer origin, string into) => CopyFollower.RunAsync(
        PathOf(into), null, (note, after) => FollowedPages.ReadAsync(
            origin.Http, note.Manifest.GalleryId, after, default), default);

    [Fact]
    public async Task An_expired_copy_answers_no_search_and_one_of_other_curves_does_not_start()
    {
        await using RunningServer origin = await StartAsync("origin", 0);
        await FillAsync(origin);
        await ImportAsync((await MakeAsync(origin)).Answer, "copy");
        string path = Path.Combine(PathOf("copy"), PackNote.FileName);
        string note = await File.ReadAllTextAsync(path);
        JsonNode changed = JsonNode.Parse(note)!;
        changed["manifest"]!["expires"] = "2026-01-01T00:00:00.0000000+00:00";
        await File.WriteAllTextAsync(path, changed.ToJsonString());
        await using (RunningServer copy = await StartAsync("copy", 0))
        {
            JsonArray probe = [Bodies.Finger(1, 2, impression: 1)];
            await RefusedAsync(
                copy.PostAsync("identify/demo", Bodies.Identify(probe)), HttpStatusCode.Forbidden,
                FailureCode.PackExpired);
            await RefusedAsync(
                copy.PostAsync("verify/demo/P-1", new JsonObject { ["biometricData"] = probe.DeepClone() }),
                HttpStatusCode.Forbidden, FailureCode.PackExpired);
            await RefusedAsync(
                copy.GetAsync("persons/P-1/encounters"), HttpStatusCode.Forbidden, FailureCode.PackExpired);
        }

        changed["manifest"]!["calibration"] = "other-curves";
        await File.WriteAllTextAsync(path, changed.ToJsonString());
        StoreException other = await Assert.ThrowsAsync<StoreException>(() => StartAsync("copy", 0));
        Assert.Contains("other-curves", other.Message);
    }

    [Theory]
    [InlineData("{\"recipient\":\"x\",\"days\":1}", 409, "keys in PEM")]
    [InlineData("{\"recipient\":\"@key\",\"days\":0}", 400, "1..366")]
    [InlineData("{\"recipient\":\"@key\",\"days\":1,\"persons\":[]}", 400, "ids")]
    [InlineData("{\"recipient\":\"@key\",\"days\":1,\"persons\":[\"nobody\"]}", 409, "nobody is in it")]
    [InlineData("{\"days\":1}", 400, "recipient")]
    public async Task What_makes_no_pack_is_said(string body, int status, string words)
    {
        await using RunningServer origin = await StartAsync("origin", 0);
        using HttpResponseMessage answer = await origin.Http.PostAsync(
            "/mc/v1/galleries/demo/pack",
            new StringContent(
                body.Replace("@key", node.PublicPem.ReplaceLineEndings("\\n")), Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(words, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!);
    }

    [Fact]
    public async Task Packs_that_nobody_reads_take_the_places_of_others_until_they_are_read()
    {
        await using RunningServer origin = await StartAsync("origin", 0);
        await FillAsync(origin);
        PackDesk desk = origin.App.Services.GetRequiredService<Backend>().Packs!;
        List<IDisposable> slow = [];
        while (desk.Places.Take("") is { } place)
        {
            slow.Add(place);
        }

        Assert.Equal(4, slow.Count);
        await RefusedAsync(
            PostPackAsync(origin, node.PublicPem), HttpStatusCode.TooManyRequests, FailureCode.Overloaded);
        slow[0].Dispose();

        // Each is read to its end, and gives its place back.
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage answer = (await MakeAsync(origin)).Answer;
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
            await FreeAsync(desk);
        }

        // Neither a refusal nor a pack that cannot be written keeps one.
        await RefusedAsync(PostPackAsync(origin, "x"), HttpStatusCode.Conflict, FailureCode.PackNotMade);
        desk.TemporaryDirectory = PathOf("missing");
        using HttpResponseMessage full = await PostPackAsync(origin, node.PublicPem);
        string said = await full.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, false), (full.StatusCode, said.Contains("missing")));
        Assert.DoesNotContain(directory, said);
        await FreeAsync(desk);
    }

    /// <summary>Waits until one place is free, which is a moment after the reader has the last byte, and no second.
    /// </summary>
    private static async Task FreeAsync(PackDesk desk)
    {
        IDisposable? place;
        while ((place = desk.Places.Take("")) is null)
        {
            await Task.Delay(5);
        }

        Assert.Null(desk.Places.Take(""));
        place.Dispose();
    }

    [Fact]
    public async Task A_reader_that_takes_too_long_gets_no_more_and_its_file_and_place_end()
    {
        await using RunningServer origin = await StartAsync("origin", 0);
        PackDesk desk = origin.App.Services.GetRequiredService<Backend>().Packs!;
        desk.TemporaryDirectory = PathOf("origin");
        int before = Directory.GetFiles(PathOf("origin")).Length;
        FakeTimeProvider clock = new();
        FileStream file = desk.NewFile();
        await file.WriteAsync(new byte[100]);
        file.Position = 0;
        Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, Directory.GetFiles(PathOf("origin")).Length - before);
        PackPlaces places = new(1, 1);
        await using (SentPack sent = new(file, places.Take("a")!, clock, TimeSpan.FromHours(2)))
        {
            byte[] read = new byte[10];
            clock.Advance(TimeSpan.FromHours(2));
            Assert.Equal(10, await sent.ReadAsync(read));
            clock.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<IOException>(async () => await sent.ReadExactlyAsync(read));
            Assert.Null(places.Take("a"));
        }

        Assert.False(file.CanRead);
        Assert.NotNull(places.Take("a"));
    }

    private async Task<(string PackId, HttpResponseMessage Answer)> MakeAsync(RunningServer origin)
    {
        HttpResponseMessage answer = await PostPackAsync(origin, node.PublicPem);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(PackRoutes.ContentType, answer.Content.Headers.ContentType!.MediaType);
        return (answer.Headers.GetValues(PackRoutes.IdHeader).Single(), answer);
    }

    private static Task<HttpResponseMessage> PostPackAsync(RunningServer server, string recipient) =>
        server.Http.PostAsync(
            "/mc/v1/galleries/demo/pack",
            JsonContent.Create(new JsonObject { ["recipient"] = recipient, ["days"] = 1 }));

    private static Task<HttpResponseMessage> ReportAsync(RunningServer origin, string packId, byte[] report) =>
        origin.Http.PostAsync(
            $"/mc/v1/packs/{packId}/hits",
            new StringContent(Encoding.UTF8.GetString(report), Encoding.UTF8, "application/json"));

    private async Task<PackNote> ImportAsync(HttpResponseMessage answer, string into)
    {
        string pack = PathOf("pack");
        await File.WriteAllBytesAsync(pack, await answer.Content.ReadAsByteArrayAsync());
        using ECDsa signer = SigningKeyFile.ReadPublic(Path.Combine(PathOf("origin"), PackDesk.PublicName));
        return await PackImport.RunAsync(pack, PathOf(into), node, signer, null, TimeProvider.System, 0, default);
    }

    private async Task<RunningServer> StartAsync(string name, int changesKept) => await RunningServer.StartAsync(
        await SqliteGalleryStore.OpenAsync(PathOf(name), null, 3, default, changesKept: changesKept),
        data: PathOf(name));

    private static async Task FillAsync(RunningServer server)
    {
        for (int person = 0; person < People; person++)
        {
            using HttpResponseMessage answer = await server.PostAsync(
                $"persons/P-{person}/encounters/E-1", Bodies.Encounter("demo", [Bodies.Finger(person, 2)]));
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<string> TextAsync(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> asked, HttpStatusCode status, FailureCode code)
    {
        using HttpResponseMessage answer = await asked;
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((status, (int)code), (answer.StatusCode, (int)JsonNode.Parse(text)!["code"]!));
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}

using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests;

/// <summary>A small gallery with known people; each test only reads it.</summary>
public sealed class SearchedGallery : IAsyncLifetime
{
    public const int People = 12;

    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        for (int person = 0; person < People; person++)
        {
            JsonObject body = Bodies.Encounter(person % 2 == 0 ? "even" : "odd", Bodies.Samples(person));
            body["biographicData"] = new JsonObject { ["dateOfBirth"] = $"{1960 + person}-06-15", ["gender"] = "M" };
            await Server.PostAsync($"persons/P{person}/encounters/E1", body).OkAsync();
        }
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

public sealed class SearchTests(SearchedGallery gallery) : IClassFixture<SearchedGallery>
{
    private readonly RunningServer server = gallery.Server;

    [Fact]
    public async Task A_later_capture_finds_its_person_and_says_what_was_searched()
    {
        using HttpResponseMessage response =
            await server.PostAsync("identify/even", Bodies.Identify(Bodies.Samples(4, impression: 1)));
        JsonNode best = (await response.JsonAsync())[0]!;
        Assert.Equal("P4", (string)best["personId"]!);
        Assert.Equal(1, (int)best["rank"]!);
        Assert.Equal("required", (string)best["others"]!["adjudication"]!);
        Assert.True((bool)best["others"]!["complete"]!);
        // Half of the people are in this gallery.
        Assert.Equal(SearchedGallery.People / 2, (int)best["others"]!["identitiesSearched"]!);
        Assert.InRange((double)best["others"]!["fpir"]!, 0, 0.01);
        JsonNode eye = best["scores"]!.AsArray().Single(s => (string)s!["biometricType"]! == "IRIS")!;
        Assert.Equal("E1", (string)eye["encounterId"]!);
        Assert.InRange((double)eye["others"]!["raw"]!, 0, 0.4);
        Assert.Equal("true", response.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.Equal("3/3", response.Headers.GetValues("MatchCluster-Partitions").Single());
        Assert.Equal("6/6", response.Headers.GetValues("MatchCluster-Identities").Single());
        Assert.True(double.Parse(response.Headers.GetValues("MatchCluster-Elapsed-Ms").Single()) > 0);
    }

    [Fact]
    public async Task A_fast_search_of_a_few_people_is_exact_and_says_so()
    {
        using HttpResponseMessage fast = await server.PostAsync(
            "identify/even?accuracyLevel=fast", Bodies.Identify([Bodies.Eye(4, 1, impression: 1)]));
        JsonNode best = (await fast.JsonAsync())[0]!;
        Assert.Equal("P4", (string)best["personId"]!);
        Assert.False(fast.Headers.Contains("MatchCluster-Fast"));
        Assert.Null(best["others"]!["fast"]);
    }

    [Fact]
    public async Task Nobody_is_an_empty_list_of_a_complete_search()
    {
        using HttpResponseMessage response =
            await server.PostAsync("identify/even?threshold=60", Bodies.Identify(Bodies.Samples(100)));
        Assert.Empty((await response.JsonAsync()).AsArray());
        Assert.Equal("true", response.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.Equal("60", response.Headers.GetValues("MatchCluster-Threshold").Single());
    }

    [Fact]
    public async Task ALL_searches_every_gallery_and_a_gallery_only_its_own()
    {
        JsonObject probe = Bodies.Identify(Bodies.Samples(3, impression: 1));
        JsonNode all = await server.PostAsync("identify/ALL?threshold=40", probe.DeepClone()).OkAsync();
        Assert.Equal("P3", (string)Assert.Single(all.AsArray())!["personId"]!);
        JsonNode even = await server.PostAsync("identify/even?threshold=40", probe).OkAsync();
        Assert.Empty(even.AsArray());
    }

    [Fact]
    public async Task An_unknown_gallery_or_person_is_404_without_a_body()
    {
        JsonObject probe = Bodies.Identify(Bodies.Samples(3));
        using HttpResponseMessage response = await server.PostAsync("identify/nowhere", probe.DeepClone());
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(404, await server.PostAsync("identify/even/nobody", null).StatusAsync());
        Assert.Equal(404, await server.PostAsync("identify/even/P4/encounters/E9", null).StatusAsync());
        probe.Remove("filter");
        Assert.Equal(404, await server.PostAsync("verify/even/nobody", probe.DeepClone()).StatusAsync());
        Assert.Equal(404, await server.PostAsync("verify/nowhere/P4", probe).StatusAsync());
    }

    [Fact]
    public async Task The_number_of_candidates_is_kept_and_they_are_ranked()
    {
        JsonNode list = await server.PostAsync(
            "identify/ALL?threshold=0&maxNbCand=4", Bodies.Identify(Bodies.Samples(5, impression: 1))).OkAsync();
        Assert.Equal([1, 2, 3, 4], list.AsArray().Select(candidate => (int)candidate!["rank"]!));
        double[] scores = [.. list.AsArray().Select(candidate => (double)candidate!["score"]!)];
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public async Task Stored_samples_search_too_and_find_their_own_person()
    {
        JsonNode fromPerson = await server.PostAsync("identify/ALL/P6?threshold=40", null).OkAsync();
        Assert.Equal("P6", (string)fromPerson[0]!["personId"]!);
        JsonNode fromEncounter = await server.PostAsync(
            "identify/ALL/P6/encounters/E1?threshold=40",
            new JsonObject { ["biometricType"] = new JsonArray("IRIS") }).OkAsync();
        Assert.Equal("IRIS", (string)Assert.Single(fromEncounter[0]!["scores"]!.AsArray())!["biometricType"]!);
    }

    [Fact]
    public async Task A_filter_narrows_by_year_and_never_by_day()
    {
        Assert.Equal("P8", await FindAsync("1968-12-31", "1968-12-31"));
        Assert.Null(await FindAsync("1969-01-01", "1999-01-01"));

        async Task<string?> FindAsync(string min, string max)
        {
            JsonObject filter = new() { ["dateOfBirthMin"] = min, ["dateOfBirthMax"] = max };
            JsonNode list = await server.PostAsync(
                "identify/ALL?threshold=40", Bodies.Identify(Bodies.Samples(8, impression: 1), filter)).OkAsync();
            return (string?)list.AsArray().FirstOrDefault()?["personId"];
        }
    }

    [Fact]
    public async Task A_target_FPIR_becomes_a_threshold()
    {
        using HttpResponseMessage response = await server.PostAsync(
            "identify/ALL", Bodies.Identify(Bodies.Samples(8), new JsonObject { ["targetFPIR"] = 0.001 }));
        double threshold = double.Parse(response.Headers.GetValues("MatchCluster-Threshold").Single());
        Assert.InRange(threshold, 40.7, 40.9); // -10 log10(0.001 / 12) = 40.79
    }

    [Fact]
    public async Task A_verification_decides_by_its_threshold()
    {
        JsonObject claim = new() { ["biometricData"] = Bodies.Samples(2, impression: 1) };
        JsonNode own = await server.PostAsync("verify/even/P2", claim.DeepClone()).OkAsync();
        Assert.True((bool)own["decision"]!);
        Assert.NotEmpty(own["scores"]!.AsArray());
        JsonNode other = await server.PostAsync("verify/even/P4", claim.DeepClone()).OkAsync();
        Assert.False((bool)other["decision"]!);
        JsonNode strict = await server.PostAsync("verify/even/P2?threshold=1000", claim).OkAsync();
        Assert.False((bool)strict["decision"]!);
    }

    [Fact]
    public async Task Two_sets_that_are_not_enrolled_are_compared_as_enrolled_ones_are()
    {
        JsonNode same = await server.PostAsync("verify", Pair(2, 2)).OkAsync();
        Assert.True((bool)same["decision"]!);
        JsonNode enrolled = await server.PostAsync("verify/even/P2",
            new JsonObject { ["biometricData"] = Bodies.Samples(2, impression: 1) }).OkAsync();
        Assert.Equal(
            enrolled["scores"]!.AsArray().Select(s => (double)s!["score"]!),
            same["scores"]!.AsArray().Select(s => (double)s!["score"]!));
        Assert.False((bool)(await server.PostAsync("verify", Pair(2, 3)).OkAsync())["decision"]!);

        static JsonObject Pair(int probe, int reference) => new()
        {
            ["biometricData1"] = Bodies.Samples(probe, impression: 1),
            ["biometricData2"] = Bodies.Samples(reference),
        };
    }

    [Fact]
    public async Task A_full_house_is_429_with_a_time_to_come_back()
    {
        await using RunningServer closed =
            await RunningServer.StartAsync(new Matching.Storage.MemoryGalleryStore(1), searches: 0);
        using HttpResponseMessage response =
            await closed.PostAsync("identify/ALL", Bodies.Identify(Bodies.Samples(1)));
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        Assert.Contains("0 searches", await Task.FromResult(response).ErrorAsync(429, FailureCode.Overloaded),
            StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

/// <summary>Calls whose answer got lost and that come again, and calls about people whom nobody knows.</summary>
public sealed class RepeatedCallTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("persons")]
    [InlineData("persons/again/encounters")]
    [InlineData("persons/again/encounters/chosen")]
    public async Task The_same_call_is_answered_as_the_first_one_was(string path)
    {
        string url = $"/v1/{path}?transactionId=first-{path.Length}";
        string gallery = $"again-{path.Length}";
        JsonNode first = await PostAsync(url, Bodies.Encounter(gallery, Bodies.Samples(1))).OkAsync();
        JsonNode second = await PostAsync(url, Bodies.Encounter(gallery, Bodies.Samples(1))).OkAsync();
        Assert.Equal(first.ToJsonString(), second.ToJsonString());

        Assert.Equal(409, await PostAsync(url, Bodies.Encounter(gallery, Bodies.Samples(2))).StatusAsync());
        JsonNode members = await server.Http.GetAsync($"/v1/galleries/{gallery}?transactionId=T").OkAsync();
        Assert.Single(members.AsArray());
    }

    [Fact]
    public async Task A_changed_encounter_is_still_the_one_that_the_call_made()
    {
        const string Url = "/v1/persons/changed/encounters/E?transactionId=made";
        await PostAsync(Url, Bodies.Encounter("changed", Bodies.Samples(3))).OkAsync();
        using HttpResponseMessage put = await server.Http.PutAsync(
            "/v1/persons/changed/encounters/E/status?status=INACTIVE&transactionId=T", null);
        Assert.Equal(204, (int)put.StatusCode);
        await PostAsync(Url, Bodies.Encounter("changed", Bodies.Samples(3))).OkAsync();

        JsonNode held = await server.Http.GetAsync("/v1/persons/changed/encounters/E?transactionId=T").OkAsync();
        Assert.Equal("INACTIVE", (string)held["status"]!);
        Assert.Equal(409, await PostAsync(
            "/v1/persons/changed/encounters/E?transactionId=another",
            Bodies.Encounter("changed", Bodies.Samples(3))).StatusAsync());
    }

    [Fact]
    public async Task Nobody_is_made_by_a_merge_or_a_move()
    {
        await server.PostAsync("persons/known/encounters/E", Bodies.Encounter("known", Bodies.Samples(4))).OkAsync();
        Assert.Equal(404, await server.PostAsync("persons/unknown/merge/known", null).StatusAsync());
        Assert.Equal(404, await server.PostAsync("persons/unknown/move/known/encounters/E", null).StatusAsync());
        Assert.Equal(404, await server.PostAsync("persons/known/merge/unknown", null).StatusAsync());
        await server.Http.GetAsync("/v1/persons/known/encounters/E?transactionId=T").OkAsync();
    }

    [Fact]
    public async Task What_is_inactive_is_not_searched_with_whichever_way_it_is_named()
    {
        JsonObject inactive = Bodies.Encounter("idle", Bodies.Samples(5));
        inactive["status"] = "INACTIVE";
        await server.PostAsync("persons/idle/encounters/E", inactive).OkAsync();
        Assert.Equal(400, await server.PostAsync("identify/idle/idle", null).StatusAsync());
        Assert.Equal(400, await server.PostAsync("identify/idle/idle/encounters/E", null).StatusAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string url, JsonObject body) => server.Http.PostAsync(
        url, new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
}

using System.Text.Json.Nodes;
using MatchCluster.Api.Http;

namespace MatchCluster.Api.Tests;

public sealed class GalleryTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Galleries_and_their_members_are_listed_in_order_and_in_pages()
    {
        foreach (string person in (string[])["c", "a", "b", "comma,id"])
        {
            await server.PostAsync($"persons/{person}/encounters/E1", Bodies.Encounter("list", [Bodies.Eye(1, 1)]))
                .OkAsync();
        }

        JsonNode names = await server.GetAsync("galleries").OkAsync();
        Assert.Equal(["list"], names.AsArray().Select(name => (string)name!));
        JsonNode all = await server.GetAsync("galleries/ALL").OkAsync();
        Assert.Equal(["a", "b", "c", "comma,id"], all.AsArray().Select(ids => (string)ids!["personId"]!));
        JsonNode page = await server.GetAsync("galleries/list?offset=1&limit=2").OkAsync();
        Assert.Equal(["b", "c"], page.AsArray().Select(ids => (string)ids!["personId"]!));
        Assert.Equal(404, await server.GetAsync("galleries/none").StatusAsync());
        await server.GetAsync("galleries/list?limit=0").ErrorAsync(400, FailureCode.InvalidParameter);

        using HttpRequestMessage request = new(HttpMethod.Get, RunningServer.V1("galleries/list"));
        request.Headers.Accept.ParseAdd("text/csv");
        using HttpResponseMessage csv = await server.Http.SendAsync(request);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal("PersonId, encounterId\na, E1\nb, E1\nc, E1\n\"comma,id\", E1\n",
            await csv.Content.ReadAsStringAsync());
    }
}

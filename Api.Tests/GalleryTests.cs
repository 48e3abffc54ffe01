using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Storage;

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
        Assert.Equal("PersonId,encounterId\na,E1\nb,E1\nc,E1\n\"comma,id\",E1\n",
            await csv.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("P-1", "P-1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(1)", "\"'@SUM(1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("'=1", "\"''=1\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void A_cell_is_one_field_and_no_formula(string id, string cell) => Assert.Equal(cell, CsvText.Cell(id));

    [Fact]
    public async Task A_gallery_as_csv_holds_no_formula()
    {
        await using RunningServer own = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        await own.PostAsync(
            "persons/%3D1%2B1/encounters/%2BE", Bodies.Encounter("formula", [Bodies.Eye(1, 1)])).OkAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, RunningServer.V1("galleries/formula"));
        request.Headers.Accept.ParseAdd("text/csv");
        using HttpResponseMessage csv = await own.Http.SendAsync(request);
        Assert.Equal("PersonId,encounterId\n\"'=1+1\",\"'+E\"\n", await csv.Content.ReadAsStringAsync());
    }
}

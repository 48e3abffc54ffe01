using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Retention;

/// <summary>Times of expiry and legal holds as callers state them.</summary>
public sealed class RetentionTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("2099-01-01T00:00:00")]
    [InlineData("2099-01-01")]
    [InlineData("2199-01-01T00:00:00Z")]
    public async Task A_time_that_is_none_or_has_passed_enrols_nobody(string time)
    {
        using HttpRequestMessage request = Enrolment("expires-wrongly", time);
        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("MC-Expires-At: found", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using StringContent line = new(
            new JsonObject
            {
                ["personId"] = "expires-wrongly",
                ["expiresAt"] = time,
                ["encounter"] = WithId(),
            }.ToJsonString() + "\n",
            Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage lines = await server.Http.PostAsync("/mc/v1/enrol", line);
        Assert.Contains("expiresAt: found", await lines.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage read = await server.GetAsync("persons/expires-wrongly/encounters/E1");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task A_held_encounter_is_neither_deleted_nor_replaced_until_the_hold_ends()
    {
        using HttpRequestMessage request = Enrolment("held-one", "2099-01-31T12:00:00+02:00");
        (await server.Http.SendAsync(request)).EnsureSuccessStatusCode();
        using HttpResponseMessage begun = await server.Http.PutAsync("/mc/v1/holds/held-one/E1", null);
        Assert.Equal(HttpStatusCode.NoContent, begun.StatusCode);

        Assert.Equal(HttpStatusCode.Conflict, await DeletedAsync("persons/held-one/encounters/E1"));
        Assert.Equal(HttpStatusCode.Conflict, await DeletedAsync("persons/held-one"));
        using HttpRequestMessage update = Enrolment("held-one", null);
        update.Method = HttpMethod.Put;
        Assert.Equal(HttpStatusCode.Conflict, (await server.Http.SendAsync(update)).StatusCode);

        using HttpResponseMessage ended = await server.Http.DeleteAsync("/mc/v1/holds/held-one/E1");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await DeletedAsync("persons/held-one/encounters/E1"));
        using HttpResponseMessage nobody = await server.Http.PutAsync("/mc/v1/holds/held-one/E1", null);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    private static JsonObject WithId()
    {
        JsonObject body = Bodies.Encounter("retention", [Bodies.Finger(5, 2)]);
        body["encounterId"] = "E1";
        return body;
    }

    private static string Encounter()
    {
        JsonObject body = Bodies.Encounter("retention", [Bodies.Finger(5, 2)]);
        return body.ToJsonString();
    }

    private async Task<HttpStatusCode> DeletedAsync(string path)
    {
        using HttpResponseMessage answer = await server.Http.DeleteAsync($"/v1/{path}?transactionId=T");
        return answer.StatusCode;
    }

    private static HttpRequestMessage Enrolment(string person, string? expiry)
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"/v1/persons/{person}/encounters/E1?transactionId=T")
        {
            Content = new StringContent(Encounter(), Encoding.UTF8, "application/json"),
        };
        if (expiry is not null)
        {
            request.Headers.TryAddWithoutValidation("MC-Expires-At", expiry);
        }

        return request;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MatchCluster.Api.Tests;

/// <summary>What the door does with names and bodies that other software reads otherwise.</summary>
public sealed class DoorTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Line =
        """{"personId":"@P","encounter":{"status":"ACTIVE","encounterId":"@E","encounterType":"E",""" +
        """ "galleries":["@G"],"biometricData":[]}}""";

    [Theory]
    [InlineData("/v1/persons/dots/encounters/%2E%2E?transactionId=T")]
    [InlineData("/v1/persons/dots/encounters/..?transactionId=T")]
    [InlineData("/v1/persons/dots/encounters/%2e.?transactionId=T")]
    [InlineData("/v1/persons/dots/encounters/.?transactionId=T")]
    [InlineData("http://localhost/v1/persons/dots/encounters/%2E%2E?transactionId=T")]
    public async Task A_path_with_a_dot_segment_deletes_nobody(string target)
    {
        await EnrolAsync("dots", "E1", "dots");
        Assert.StartsWith("HTTP/1.1 400 ", await SendAsync("DELETE", target), StringComparison.Ordinal);
        using HttpResponseMessage kept = await server.GetAsync("persons/dots/encounters");
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    /// <summary>A proxy may send the whole address: an escaped slash means the same person then.</summary>
    [Fact]
    public async Task An_id_is_the_same_in_both_forms_of_a_request_line()
    {
        await EnrolAsync("a/b", "E1", "slashes");
        await EnrolAsync("a%2Fb", "E2", "slashes");
        foreach (string host in new[] { "", "http://localhost" })
        {
            string slash = await SendAsync("GET", host + "/v1/persons/a%2Fb/encounters?transactionId=T");
            string escape = await SendAsync("GET", host + "/v1/persons/a%252Fb/encounters?transactionId=T");
            Assert.Contains("\"encounterId\":\"E1\"", slash, StringComparison.Ordinal);
            Assert.Contains("\"encounterId\":\"E2\"", escape, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_dot_that_is_escaped_twice_is_text() => Assert.StartsWith("HTTP/1.1 404 ",
        await SendAsync("DELETE", "/v1/persons/nobody/encounters/%252E%252E?transactionId=T"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(".", "E", "G")]
    [InlineData("..", "E", "G")]
    [InlineData("P", "..", "G")]
    [InlineData("P", "E", "..")]
    [InlineData("\\u202eabc", "E", "G")]
    [InlineData("P", "\\ufeffE", "G")]
    [InlineData("P", "E", "G\\u200f")]
    public async Task An_id_that_no_path_reaches_or_nobody_sees_is_not_stored(
        string person, string encounter, string gallery) => Assert.Contains("\"applied\":0",
        await EnrolAsync(person, encounter, gallery), StringComparison.Ordinal);

    [Fact]
    public async Task A_byte_order_mark_costs_no_line() => Assert.Contains("\"applied\":1",
        await EnrolAsync("marked", "E", "G", "\uFEFF"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task Health_is_asked_by_HEAD_too(string path)
    {
        using HttpRequestMessage head = new(HttpMethod.Head, path);
        using HttpResponseMessage answer = await server.Http.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<string> EnrolAsync(string person, string encounter, string gallery, string before = "")
    {
        string line = Line.Replace("@P", person, StringComparison.Ordinal)
            .Replace("@E", encounter, StringComparison.Ordinal).Replace("@G", gallery, StringComparison.Ordinal);
        using StringContent body = new(before + line, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await server.Http.PostAsync("/mc/v1/enrol", body);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>An HTTP client would resolve the dots itself.</summary>
    private async Task<string> SendAsync(string method, string target)
    {
        Uri address = server.Http.BaseAddress!;
        using TcpClient tcp = new(address.Host, address.Port);
        await using NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}

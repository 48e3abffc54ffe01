using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests.Http;

/// <summary>Who may call: programs, and the pages of this server; no page of somebody else.</summary>
public sealed class CallerCheckTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Merge = "/v1/persons/A/merge/B?transactionId=T";

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5080")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.0.2.1")]
    public async Task A_host_that_is_not_this_server_is_refused_at_every_door(string host)
    {
        foreach (string path in (string[])["/", "/health", "/metrics", "/mc/v1/stats", "/v1/galleries?transactionId=T"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.Host = host;
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.MisdirectedRequest), (path, answer.StatusCode));
            Assert.Contains(((int)FailureCode.OtherHost).ToString(), await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:9")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:80")]
    public async Task A_loopback_host_is_taken_with_any_port(string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/alive");
        request.Headers.Host = host;
        Assert.Equal(200, await server.Http.SendAsync(request).StatusAsync());
    }

    [Fact]
    public void A_name_that_was_given_is_taken_and_others_are_not()
    {
        HostNames names = HostNames.Read("abis.example; second.example")!;
        Assert.True(names.Contains("ABIS.example"));
        Assert.False(names.Contains("abis.example.evil"));
        Assert.All((string[])["", ";", "a b", "http://a", "a/b"], text => Assert.Null(HostNames.Read(text)));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_origin_changes_nothing_and_asks_nothing(string header, string value)
    {
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])
        [
            (HttpMethod.Post, Merge), (HttpMethod.Post, "/v1/persons/A/move/B/encounters/E?transactionId=T"),
            (HttpMethod.Post, "/v1/identify/ALL/A?transactionId=T"), (HttpMethod.Post, "/mc/v1/enrol"),
            (HttpMethod.Post, "/mc/v1/identify/ALL"), (HttpMethod.Delete, "/v1/persons/A?transactionId=T"),
            (HttpMethod.Put, "/v1/persons/A/encounters/E/status?status=ACTIVE&transactionId=T"),
        ])
        {
            using HttpRequestMessage request = new(method, path);
            request.Headers.Add(header, value);
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
            Assert.Contains(((int)FailureCode.OtherOrigin).ToString(), await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Our_own_page_and_programs_are_let_through()
    {
        string own = server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach ((string name, string value) in ((string, string)[])
            [("Origin", own), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"), ("Accept", "*/*")])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/mc/v1/enrol");
            request.Headers.Add(name, value);
            request.Content = new StringContent("", Encoding.UTF8, "application/x-ndjson");
            Assert.Equal(200, await server.Http.SendAsync(request).StatusAsync());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/json-not")]
    public async Task A_body_that_does_not_say_it_is_JSON_is_refused_at_every_door(string? type)
    {
        foreach (string path in (string[])["/mc/v1/enrol", "/mc/v1/identify/ALL", "/v1/identify/ALL?transactionId=T",
            "/v1/persons?transactionId=T", "/v1/verify?transactionId=T", Merge])
        {
            using ByteArrayContent body = new("{}"u8.ToArray());
            body.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            Assert.Equal((path, 415), (path, await server.Http.PostAsync(path, body).StatusAsync()));
        }
    }

    [Theory]
    [InlineData("; charset=utf-8")]
    [InlineData(";charset=UTF-8")]
    [InlineData("; charset=\"utf-8\"")]
    [InlineData("; charset=\"UTF-8\"; profile=x")]
    [InlineData("; Charset=UTF8")]
    [InlineData("; charset=\"utf8\"")]
    [InlineData("; charset=\"ut\\f-8\"")]
    public async Task UTF_8_in_any_spelling_is_taken_at_every_door(string charset)
    {
        foreach ((string path, string type) in Doors)
        {
            (int status, string text) = await PostAsync(path, type + charset);
            Assert.True(status is 200 or 400 or 404 && !text.Contains("unexpected"), $"{path} {type}{charset}: {text}");
        }
    }

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("\"windows-1252\"")]
    [InlineData("utf-16")]
    [InlineData("utf-7")]
    [InlineData("us-ascii")]
    [InlineData("iso-8859-1")]
    [InlineData("utf-32")]
    [InlineData("garbage")]
    [InlineData("'utf-8'")]
    [InlineData("\"\"")]
    [InlineData("\"utf-8 \"")]
    [InlineData("utf-8; charset=utf-16")]
    public async Task Another_charset_is_415_at_every_door(string charset)
    {
        foreach ((string path, string type) in Doors)
        {
            (int status, string text) = await PostAsync(path, $"{type}; charset={charset}");
            Assert.True(status == 415 && text.Contains(((int)FailureCode.UnsupportedMediaType).ToString()),
                $"{path} {type}; charset={charset}: {status} {text}");
            Assert.Contains("wanted utf-8", text);
        }
    }

    private static readonly (string Path, string Type)[] Doors =
    [
        ("/mc/v1/enrol", "application/x-ndjson"), ("/mc/v1/identify/ALL", "application/x-ndjson"),
        ("/mc/v1/explain/ALL/A/E", "application/json"),
        ("/v1/identify/ALL?transactionId=T", "application/json"),
        ("/v1/identify/ALL/A?transactionId=T", "application/json"),
        ("/v1/identify/ALL/A/encounters/E?transactionId=T", "application/json"),
        ("/v1/persons?transactionId=T", "application/json"),
        ("/v1/persons/A/encounters?transactionId=T", "application/problem+json"),
        ("/v1/persons/A/encounters/E?transactionId=T", "APPLICATION/JSON"),
        ("/v1/verify?transactionId=T", "application/json"),
        ("/v1/verify/ALL/A?transactionId=T", "application/json"),
    ];

    private async Task<(int Status, string Text)> PostAsync(string path, string type)
    {
        using ByteArrayContent body = new("{}"u8.ToArray());
        Assert.True(body.Headers.TryAddWithoutValidation("Content-Type", type));
        using HttpResponseMessage answer = await server.Http.PostAsync(path, body);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}

using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Tests.OpenApi;

namespace MatchCluster.Api.Tests.Http;

/// <summary>
/// Whatever is wrong with a request, on every route: each family of routes has one form of an error, and no error
/// speaks of the server's own code or repeats much of what was sent.
/// </summary>
public sealed partial class ErrorShapeTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_route_answers_bad_requests_in_the_form_of_its_family()
    {
        Description description = await Description.ReadAsync(server.Http);
        string name = new('n', 100_000);
        int errors = 0;
        foreach ((string path, string method, _) in description.Operations()
            .Where(one => one.Path.Contains("/v1/", StringComparison.Ordinal)))
        {
            string url = Parameter().Replace(path, "x");
            foreach ((string query, string? body) in new (string, string?)[]
            {
                ("", null), ("", "{}"), ("?transactionId=T", null), ("?transactionId=T", "{}"),
                ("?transactionId=T", ""), ("?transactionId=T", "["), ("?transactionId=T", "{\"a\":1,}"),
                ("?transactionId=T", "[1,2]"), ("?transactionId=T", "null"),
                ("?transactionId=T", $"{{\"{name}\":1}}"), ("?transactionId=T", $"{{\"filter\":{{\"{name}\":{{"),
                ("?transactionId=T", $"{{\"{name}\":1,\"{name}\":1}}"),
                ("?transactionId=T&priority=x", "{}"), ("?priority=" + name[..3000], "{}"),
                ("?transactionId=T&threshold=x&limit=x&status=x", "{}"),
            })
            {
                errors += await CheckAsync(method, url + query, body) ? 1 : 0;
            }
        }

        Assert.True(errors > 150, $"only {errors} errors were answered");
    }

    [Theory]
    [InlineData("get", "/mc/v1/nothing", 404)]
    [InlineData("get", "/mc/nothing", 404)]
    [InlineData("get", "/mc/v1/enrol", 405)]
    [InlineData("delete", "/mc/v1/stats", 405)]
    [InlineData("get", "/v1/nothing", 404)]
    [InlineData("patch", "/v1/galleries", 405)]
    [InlineData("get", "/nothing", 404)]
    public async Task An_unknown_route_or_method_is_an_error_of_the_same_form(string method, string url, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), url);
        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
        Assert.True(await CheckAsync(method, url, null));
    }

    [Theory]
    [InlineData("/v1/galleries?transactionId=T", "no-store")]
    [InlineData("/v1/galleries", "no-store")]
    [InlineData("/mc/v1/stats", "no-store")]
    [InlineData("/mc/v1/nothing", "no-store")]
    [InlineData("/health", "no-store")]
    [InlineData("/", "no-cache")]
    public async Task Every_answer_keeps_its_type_and_no_cache_keeps_it(string url, string cache)
    {
        using HttpResponseMessage answer = await server.Http.GetAsync(url);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(cache, answer.Headers.CacheControl?.ToString());
    }

    /// <summary>Whether it was an error; then it is one of the form of its family.</summary>
    private async Task<bool> CheckAsync(string method, string url, string? body)
    {
        bool isOurs = url.StartsWith("/mc/", StringComparison.Ordinal);
        using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        string shown = $"{method} {url[..Math.Min(url.Length, 90)]}: {(int)answer.StatusCode} {text}";
        Assert.True((int)answer.StatusCode != 500, shown);
        bool isError = (int)answer.StatusCode >= 400;
        if (isError || isOurs)
        {
            Assert.True(text.Length < 1000 || !isError, shown);
            Assert.False(FrameworkWords().IsMatch(text), shown);
        }

        // The contract has no body for the 404 and 409 of its own operations.
        if (isError && text.Length > 0 && !(isOurs && (int)answer.StatusCode == 503))
        {
            string[] keys = [.. JsonNode.Parse(text)!.AsObject().Select(pair => pair.Key).Order()];
            string type = answer.Content.Headers.ContentType!.MediaType!;
            Assert.True(isOurs
                ? type == "application/problem+json" && keys is ["code", "detail", "status", "title"]
                : type == "application/json" && keys is ["code", "message"], shown);
        }
        else if (isError)
        {
            Assert.True(!isOurs && (int)answer.StatusCode is 404 or 409, shown);
        }

        return isError;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"Microsoft|System\.|Implicit body|isFinalBlock|JsonSerializer|reader options|Osia\w+|BatchProbe|EnrolLine"
        + @"|Parameter '|`\d|Nullable|String\b|Int32")]
    private static partial Regex FrameworkWords();
}

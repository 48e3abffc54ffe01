using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Tests.Access;

/// <summary>Every route of a running server with every kind of credentials.</summary>
public sealed partial class AccessMatrixTests : IAsyncLifetime
{
    /// <summary>Routes for everybody. A route is added here when somebody has decided so.</summary>
    private static readonly string[] Open =
    [
        "/", "/alive", "/health", "/mc/v1/callback-keys", "/openapi/{documentName}.json", "/page/people",
        "/page/people/{index:int}/{position}",
    ];

    private readonly TestIssuer issuer = new();
    private RunningServer server = new();

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(issuer.Settings());

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        issuer.Dispose();
    }

    [Fact]
    public void Every_route_has_a_rule()
    {
        Assert.All(Routes(), route => Assert.True(
            route.Metadata.GetMetadata<AccessRule>() is not null,
            $"{route.RoutePattern.RawText} says neither Needs(scope) nor IsOpen(reason)"));
        Assert.Equal(
            Open.Order(StringComparer.Ordinal),
            Routes().Where(route => RuleOf(route).Scope is null).Select(route => route.RoutePattern.RawText!)
                .Where(path => !FileOfPage().IsMatch(path)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Routes(), route => Assert.Contains(RuleOf(route).Scope ?? Scopes.Stats, Scopes.All));
    }

    [Fact]
    public async Task Every_route_refuses_all_credentials_but_the_right_ones()
    {
        int cells = 0;
        RouteEndpoint[] closed = [.. Routes().Where(route => RuleOf(route).Scope is not null)];
        Assert.True(closed.Length >= 50, $"only {closed.Length} routes need a scope");
        foreach (RouteEndpoint route in closed)
        {
            string scope = RuleOf(route).Scope!;
            bool isForPeople = route.Metadata.GetMetadata<PersonRule>() is not null;
            foreach ((string name, string[] headers, FailureCode? code) in Kinds(scope, isForPeople))
            {
                using HttpResponseMessage answer = await SendAsync(route, headers);
                string cell = $"{route.RoutePattern.RawText} with {name}: {(int)answer.StatusCode}";
                if (code is not { } expected)
                {
                    Assert.False((int)answer.StatusCode is 401 or 403, cell);
                }
                else
                {
                    await IsRefusedAsync(answer, expected, scope, cell);
                }

                cells++;
            }
        }

        int forPeople = closed.Count(route => route.Metadata.GetMetadata<PersonRule>() is not null);
        Assert.True(forPeople >= 7, $"only {forPeople} routes are for natural persons");
        Assert.Equal((closed.Length * 16) + forPeople, cells);
    }

    [Fact]
    public async Task Open_routes_answer_without_credentials_and_with_bad_ones()
    {
        foreach (RouteEndpoint route in Routes().Where(route => RuleOf(route).Scope is null))
        {
            foreach (string[] headers in (string[][])[[], ["Bearer x"]])
            {
                using HttpResponseMessage answer = await SendAsync(route, headers);
                Assert.False((int)answer.StatusCode is 401 or 403, route.RoutePattern.RawText);
            }
        }
    }

    [Fact]
    public async Task A_route_without_a_rule_is_for_nobody()
    {
        await using RunningServer other = await RunningServer.StartAsync(issuer.Settings());
        ((IEndpointRouteBuilder)other.App).MapGet("/mc/v1/forgotten", () => "secret");
        using HttpRequestMessage request = new(HttpMethod.Get, "/mc/v1/forgotten");
        Assert.Equal(401, await other.Http.GetAsync("/mc/v1/forgotten").StatusAsync());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token("mc.stats"));
        using HttpResponseMessage answer = await other.Http.SendAsync(request);
        Assert.Equal((int)FailureCode.NoRule, (int)(await answer.JsonAsync())["code"]!);
    }

    private IEnumerable<(string Name, string[] Headers, FailureCode? Code)> Kinds(string scope, bool isForPeople)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        string right = issuer.Token(scope);
        string others = string.Join(' ', Scopes.All.Where(one => one != scope));
        using System.Security.Cryptography.RSA foreign = System.Security.Cryptography.RSA.Create(2048);

        yield return ("nothing", [], FailureCode.CredentialsMissing);
        yield return ("every other scope", Bearer(issuer.Token(others)), FailureCode.ScopeMissing);
        yield return ("no scope", Bearer(issuer.Token("")), FailureCode.ScopeMissing);
        yield return ("an expired token", Bearer(issuer.Token(scope, token =>
        {
            token.NotBefore = now.AddHours(-2);
            token.Expires = now.AddMinutes(-1);
        })), FailureCode.TokenExpired);
        yield return ("a token of tomorrow", Bearer(issuer.Token(scope, token =>
        {
            token.NotBefore = now.AddMinutes(5);
        })), FailureCode.TokenNotYetValid);
        yield return ("a token without an end", Bearer(issuer.Token(scope, token =>
        {
            token.Expires = null;
        })), FailureCode.TokenClaims);
        yield return ("another audience", Bearer(issuer.Token(scope, token => token.Audience = "mail.example")),
            FailureCode.TokenAudience);
        yield return ("another issuer", Bearer(issuer.Token(scope, token => token.Issuer = "https://evil.example")),
            FailureCode.TokenIssuer);
        yield return ("alg none", Bearer(issuer.Unsigned(scope)), FailureCode.TokenSignature);
        yield return ("HS256 with the public key", Bearer(issuer.Confused(scope)), FailureCode.TokenSignature);
        yield return ("an unknown kid", Bearer(issuer.Token(scope, token => token.SigningCredentials =
            new SigningCredentials(new RsaSecurityKey(foreign) { KeyId = "key-x" }, "RS256"))),
            FailureCode.TokenSignature);
        yield return ("another key of the same kid", Bearer(issuer.Token(scope, token => token.SigningCredentials =
            new SigningCredentials(new RsaSecurityKey(foreign) { KeyId = issuer.LatestKid }, "RS256"))),
            FailureCode.TokenSignature);
        yield return ("an oversized token", Bearer(issuer.Token(scope + new string('x', 8192))),
            FailureCode.TokenMalformed);
        yield return ("two headers", [.. Bearer(right), .. Bearer(right)], FailureCode.TokenMalformed);
        yield return ("a password", [$"Basic {right}"], FailureCode.TokenMalformed);
        if (isForPeople)
        {
            yield return ("the right token of a program", Bearer(right), FailureCode.PersonRequired);
            right = issuer.Token(scope, token => token.Claims["auth_time"] = 1_790_000_000);
        }

        yield return ("the right token", Bearer(right), null);
    }

    private static string[] Bearer(string token) => [$"Bearer {token}"];

    /// <summary>A stable code in the form of the door, and how to ask again.</summary>
    private static async Task IsRefusedAsync(
        HttpResponseMessage answer, FailureCode expected, string scope, string cell)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == HttpAnswers.StatusOf(expected), $"{cell} {text}");
        bool isOurs = answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/mc/", StringComparison.Ordinal);
        Assert.Equal(
            isOurs ? "application/problem+json" : "application/json", answer.Content.Headers.ContentType?.MediaType);
        JsonObject error = JsonNode.Parse(text)!.AsObject();
        Assert.True((int)error["code"]! == (int)expected, $"{cell} {text}");
        if (!isOurs)
        {
            Assert.Equal(["code", "message"], error.Select(pair => pair.Key).Order());
        }

        string challenge = answer.Headers.WwwAuthenticate.ToString();
        Assert.StartsWith("Bearer realm=\"matchcluster\"", challenge);
        Assert.Equal(expected == FailureCode.ScopeMissing, challenge.Contains($"scope=\"{scope}\""));
        Assert.Equal(
            expected is not (
                FailureCode.ScopeMissing or FailureCode.CredentialsMissing or FailureCode.PersonRequired),
            challenge.Contains("invalid_token"));
        Assert.DoesNotContain("eyJ", text); // Nothing of the token comes back.
    }

    private async Task<HttpResponseMessage> SendAsync(RouteEndpoint route, string[] headers)
    {
        string path = Parameter().Replace(route.RoutePattern.RawText!, found =>
            found.Value switch { "{documentName}" => "v1", "{index:int}" => "0", _ => "X" });
        string method = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
        string query = path.StartsWith("/v1/", StringComparison.Ordinal) ? "?transactionId=T" : "";
        using HttpRequestMessage request = new(new HttpMethod(method), path + query);
        foreach (string header in headers)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return await server.Http.SendAsync(request);
    }

    private RouteEndpoint[] Routes() =>
    [
        .. ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>(),
    ];

    private static AccessRule RuleOf(RouteEndpoint route) => route.Metadata.GetMetadata<AccessRule>()!;

    /// <summary>The page's own parts, which are in the program.</summary>
    [GeneratedRegex(@"\A/page/[a-z]+\.(js|css|svg)\z")]
    private static partial Regex FileOfPage();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

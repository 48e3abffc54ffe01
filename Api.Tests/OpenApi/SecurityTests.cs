using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>What the description says of callers, and that OSIA's scopes are OSIA's.</summary>
public sealed class SecurityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_operation_names_its_scope_or_says_that_it_needs_none(bool isChecked)
    {
        using TestIssuer issuer = new();
        await using RunningServer server = await RunningServer.StartAsync(
            isChecked ? issuer.Settings() : AccessSettings.None);
        Description description = await Description.ReadAsync(server.Http);
        JsonNode scheme = description.Root["components"]!["securitySchemes"]!["BearerAuth"]!;
        Assert.Equal("bearer", (string)scheme["scheme"]!);
        foreach ((string path, string method, JsonObject operation) in description.Operations())
        {
            JsonArray security = operation["security"]!.AsArray();
            if (path is "/alive" or "/health" or "/mc/v1/callback-keys")
            {
                Assert.Equal("[{}]", security.ToJsonString());
                continue;
            }

            string scope = (string)security[0]!["BearerAuth"]!.AsArray().Single()!;
            Assert.Contains(scope, Scopes.All);
            Assert.Contains($"`{scope}`", (string)operation["description"]!);
            Assert.True(security.Count == (isChecked ? 1 : 2), $"{method} {path}");
            Assert.NotNull(operation["responses"]!["401"]!["headers"]!["WWW-Authenticate"]);
            Assert.NotNull(operation["responses"]!["403"]);
        }
    }

    [SkippableFact]
    public async Task The_scopes_of_OSIA_are_those_of_its_contract()
    {
        Contract contract = new(SharedData.Path("osia/abis.yaml"));
        await using RunningServer server = await RunningServer.StartAsync(AccessSettings.None);
        Description description = await Description.ReadAsync(server.Http);
        (string, string)[] wanted =
            [.. contract.Scopes().OrderBy(one => one.OperationId, StringComparer.Ordinal)];
        Assert.Equal(22, wanted.Length);
        Assert.Equal(wanted, description.Operations()
            .Where(one => one.Path.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(one => (
                (string)one.Operation["operationId"]!,
                (string)one.Operation["security"]![0]!["BearerAuth"]![0]!))
            .OrderBy(one => one.Item1, StringComparer.Ordinal));
    }
}

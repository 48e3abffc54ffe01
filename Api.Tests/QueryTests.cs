using System.Globalization;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.OpenApi;

namespace MatchCluster.Api.Tests;

/// <summary>Queries and headers are read in one form, and a key that a route does not have is refused.</summary>
public sealed class QueryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] OddNumbers =
    [
        "1e3", "1,5", "+5", " 5", "5 ", "5\t", "٥", "0x10", "NaN", "Infinity", "-Infinity", "∞", "-0", "-5",
        "05", ".5", "5.",
        "1_0", "1.000.000", "1 000", "5\n", "5;", "", "true", "５", "5\0",
        new string('9', 400), "0." + new string('0', 400),
    ];

    private static readonly string[] OddWholes = ["5.0", "99999999999", "2147483648"];

    private static readonly string[] OddTruths =
        ["True", "TRUE", "1", "0", "yes",
        " true", "true ", "on", "", "truefalse"];

    [Fact]
    public async Task Odd_spellings_are_refused_in_every_parameter_that_is_no_text()
    {
        int tried = 0;
        foreach ((string path, string method, JsonObject operation) in await OperationsAsync())
        {
            foreach (JsonObject parameter in operation["parameters"]?.AsArray().Select(one => one!.AsObject()) ?? [])
            {
                string name = (string)parameter["name"]!;
                string[] odd = (string)parameter["schema"]!["type"]! switch
                {
                    "integer" when (string?)parameter["schema"]!["format"] == "int64" => [.. OddNumbers, "5.0"],
                    "integer" => [.. OddNumbers, .. OddWholes],
                    "number" => OddNumbers,
                    "boolean" => OddTruths,
                    _ => [],
                };
                foreach (string text in (string)parameter["in"]! == "query" ? odd : [])
                {
                    string message = await AskAsync(path, method, operation, $"{name}={Uri.EscapeDataString(text)}");
                    Assert.Contains(name, message, StringComparison.Ordinal);
                    tried++;
                }
            }
        }

        Assert.True(tried > 500, $"{tried} spellings");
    }

    [Fact]
    public async Task Every_key_is_known_in_its_own_case_and_once_at_every_route()
    {
        foreach ((string path, string method, JsonObject operation) in await OperationsAsync())
        {
            string[] keys = KeysOf(operation);
            foreach (string odd in (string[])
                ["treshold=5", "targetFPIR=0.5", "=1", "x", "%F0%9F%98%80=1", "transactionID=T"])
            {
                if (keys.Contains(odd.Split('=')[0]))
                {
                    continue;
                }

                string message = await AskAsync(path, method, operation, odd);
                Assert.Contains("unknown query key", message, StringComparison.Ordinal);
                Assert.All(keys, key => Assert.Contains(key, message, StringComparison.Ordinal));
            }

            foreach (string key in keys)
            {
                string message = await AskAsync(path, method, operation, $"{key}=1&{key}=1");
                Assert.Contains("wanted once", message, StringComparison.Ordinal);
                Assert.Contains("unknown query key",
                    await AskAsync(path, method, operation, $"{key.ToUpperInvariant()}=1"), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("1e3")]
    [InlineData("+5")]
    [InlineData("0500")]
    [InlineData("5.0")]
    [InlineData("0x10")]
    [InlineData("5,000")]
    [InlineData("-0")]
    [InlineData("99999999999")]
    public async Task A_deadline_has_the_same_form(string text)
    {
        foreach (string path in (string[])["/v1/galleries?transactionId=T", "/mc/v1/stats"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            Assert.True(request.Headers.TryAddWithoutValidation(Deadline.Header, text));
            Assert.Equal(400, await server.Http.SendAsync(request).StatusAsync());
        }
    }

    [Fact]
    public async Task Keys_of_the_contract_that_are_not_used_are_known()
    {
        string all = "priority=5&algorithm=any&maxNbCand=3&threshold=40.5&accuracyLevel=default&serviceLevel=0"
            + "&swappedHands=false&swappedEyes=false&rotation=normal";
        JsonObject encounter = Bodies.Encounter("query", [Bodies.Finger(3, 2)]);
        await server.PostAsync("persons/query/encounters/E", encounter).OkAsync();
        await server.PostAsync($"identify/query?{all}", Bodies.Identify([Bodies.Finger(3, 2, 1)])).OkAsync();
        await server.GetAsync("persons/query/encounters/E/templates?qualityFormat=any&biometricType=FINGER").OkAsync();
        await server.GetAsync("galleries/query?offset=0&limit=1").OkAsync();
    }

    /// <summary>A machine in a country that writes numbers otherwise reads the same.</summary>
    [Theory]
    [InlineData(",", ".", "-")]
    [InlineData("'", "٬", "~")]
    [InlineData("5", "1", "9")]
    public void Numbers_mean_the_same_in_every_culture(string point, string group, string minus)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = point;
        odd.NumberFormat.NumberGroupSeparator = group;
        odd.NumberFormat.NegativeSign = minus;
        odd.NumberFormat.PositiveSign = "p";
        CultureInfo.CurrentCulture = odd;
        try
        {
            Assert.True(Numerals.TryReadWhole("1595", out int value) && value == 1595);
            Assert.True(Numerals.IsNumber("40.5") && Numerals.IsNumber("0"));
            Assert.All((string[])[$"1{group}0{point}0x", $"{minus}x", "p5", "1,5", "1'5"], text => Assert.False(
                Numerals.TryReadWhole(text, out int _) || Numerals.IsNumber(text), text));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string[] KeysOf(JsonObject operation) =>
        [.. (operation["parameters"]?.AsArray() ?? []).Where(one => (string)one!["in"]! == "query")
            .Select(one => (string)one!["name"]!)];

    private async Task<(string Path, string Method, JsonObject Operation)[]> OperationsAsync() =>
        [.. (await Description.ReadAsync(server.Http)).Operations()
            .Where(one => one.Path.StartsWith("/v1/") || one.Path.StartsWith("/mc/v1/"))];

    /// <summary>The message of the 400 that is wanted.</summary>
    private async Task<string> AskAsync(string path, string method, JsonObject operation, string query)
    {
        string target = System.Text.RegularExpressions.Regex.Replace(path, @"\{\w+\}", "none") + "?" + query;
        bool isSaid = query.StartsWith("transactionId=", StringComparison.OrdinalIgnoreCase);
        target += KeysOf(operation).Contains("transactionId") && !isSaid ? "&transactionId=T" : "";
        using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), target);
        if (operation["requestBody"]?["content"]?.AsObject().First().Key is { } type)
        {
            request.Content = new StringContent("{}", null, type);
        }

        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        JsonNode failure = await answer.JsonAsync();
        Assert.True((int)answer.StatusCode == 400 && (int)failure["code"]! == (int)FailureCode.InvalidParameter,
            $"{method} {target}: {(int)answer.StatusCode} {failure}");
        return (string)(failure["message"] ?? failure["detail"])!;
    }
}

using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.OpenApi;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Tests.Ids;

/// <summary>An identifier is valid at every door or at none: the same list of texts is sent to all of them.</summary>
public sealed class IdRuleTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Texts that other software takes for something else, and are taken as they are.</summary>
    public static TheoryData<string> Valid =>
    [
        "a", "0", "a/b", "/", "//", "a//b", "a/../b", "../x", "x/..", "..%2F", "%2F", "%252F", "%2E%2E", "%", "%00",
        "%zz", "...", ".a", "a\\b", "\\", "a b",
        "a+b", "+", "a&b=c", "x?y", "x#y", "a;b", "a:b", "*", "{x}", "'", "\"", "<b>",
        "status", "galleries", "encounters", "ALLE", "null", "\u00E9", "e\u0301", "\u05D0\u05D1", "\u0661", "a\u00A0b",
        "\U0001F600", "=1+1", "-", "_", "~", "a,b", "\u0301a", new('x', 128), new('\u00E9', 64),
    ];

    /// <summary>Texts that are refused.</summary>
    public static TheoryData<string> Refused =>
    [
        "", ".", "..", " ", " a", "a ", "\u00A0a", "a\u3000", "a\tb", "a\n", "a\r\nb", "\u0001", "\u007F", "a\u0085b",
        "\u202Eabc", "a\u200B", "\uFEFFa", "a\u00ADb", "a\u200Db", "\U000E0041", "a\u2028b", "a\u2029b",
        "a\uFE0F", "\u3164",
        "a\u034Fb", "\u115F", "\uE000", "\U000F0000", "\uFFFF", "\uFDD0", "\U0010FFFF", "\u0378",
        "\U000E1000", "a\uFFFDb",
        new('x', 129), new('\u00E9', 65), new('x', 2000),
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task A_valid_id_is_taken_at_every_door(string id)
    {
        Assert.Null(IdRule.Check("id", id));
        foreach ((string Method, string Path, string? Body) door in IdDoors.All)
        {
            (int status, int code) = await IdDoors.AskAsync(server.Http, door, id);
            Assert.True(status is 200 or 204 or 404 or 409
                && code is not ((int)FailureCode.NoSuchRoute or (int)FailureCode.InvalidIdentifier)
                || (status, code) is (400, (int)FailureCode.NothingComparable),
                $"{door.Method} {door.Path}: {status} {code}");
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task What_is_enrolled_under_a_valid_id_is_found_read_and_deleted_by_it(string id)
    {
        (string, string, string?)[] calls =
        [
            ("POST", "/v1/persons/@id/encounters/@id", Encounter), ("GET", "/v1/persons/@id/encounters/@id", null),
            ("GET", "/v1/galleries/@id", null), ("POST", "/v1/identify/@id/@id", "{}"),
            ("POST", "/mc/v1/explain/@id/@id/@id", "{\"biometricData\":@samples}"),
            ("DELETE", "/v1/persons/@id/encounters/@id", null),
        ];
        foreach ((string Method, string Path, string? Body) call in calls)
        {
            (int status, int code) = await IdDoors.AskAsync(server.Http, call, id);
            Assert.True(status is 200 or 204, $"{call.Method} {call.Path}: {status} {code}");
        }

        (string, string, string?) all = ("GET", "/v1/persons/@id/encounters", null);
        Assert.Equal(404, (await IdDoors.AskAsync(server.Http, all, id)).Status);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_refused_id_is_refused_at_every_door_with_one_code(string id)
    {
        Assert.NotNull(IdRule.Check("id", id));
        foreach ((string Method, string Path, string? Body) door in IdDoors.All)
        {
            AssertRefused(await IdDoors.AskAsync(server.Http, door, id), door, (int)FailureCode.InvalidIdentifier);
        }
    }

    /// <summary>Half a pair of UTF-16 makes a body no text, and a path or a query no UTF-8.</summary>
    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDFFF)]
    public async Task Half_a_pair_is_no_text_at_any_door(int half)
    {
        string id = "a" + (char)half;
        Assert.NotNull(IdRule.Check("id", id));
        foreach ((string Method, string Path, string? Body) door in IdDoors.All.Where(
            one => !one.Path.Contains("transactionId", StringComparison.Ordinal)))
        {
            bool isInBody = door.Body?.Contains("@id", StringComparison.Ordinal) == true;
            AssertRefused(await IdDoors.AskAsync(server.Http, door, id), door,
                (int)(isInBody ? FailureCode.MalformedBody
                    : door.Path.Contains("=@id", StringComparison.Ordinal) ? FailureCode.InvalidParameter
                    : FailureCode.InvalidIdentifier));
        }
    }

    /// <summary>U+0000 in a path does not reach the application: the web server answers without a body.</summary>
    [Fact]
    public async Task A_null_character_is_refused_at_every_door()
    {
        foreach ((string Method, string Path, string? Body) door in IdDoors.All)
        {
            bool isInPath = door.Path.Split('?')[0].Contains("@id", StringComparison.Ordinal);
            AssertRefused(await IdDoors.AskAsync(server.Http, door, "a\0"), door,
                isInPath ? 0 : (int)FailureCode.InvalidIdentifier);
        }
    }

    [Theory]
    [InlineData("/v1/persons/a%/encounters")]
    [InlineData("/v1/persons/a%2/encounters")]
    [InlineData("/v1/persons/a%zz/encounters")]
    [InlineData("/v1/persons/a%FF/encounters")]
    [InlineData("/v1/persons/%C3/encounters")]
    [InlineData("/v1/persons/%+1/encounters")]
    [InlineData("/v1/persons//encounters")]
    [InlineData("/v1/persons/a/encounters/")]
    [InlineData("//v1/persons/a/encounters")]
    public async Task A_path_has_one_reading_or_none(string path)
    {
        (int status, int code) = await IdDoors.AskAsync(server.Http, ("GET", path, null), "");
        Assert.True((status, code) is (400, (int)FailureCode.InvalidIdentifier) or (404, (int)FailureCode.NoSuchRoute),
            $"{status} {code}");
    }

    /// <summary>The host leaves such an escape as it stands: %FF would name whom %25FF names.</summary>
    [Theory]
    [InlineData("GET", "/v1/galleries?transactionId=%FF")]
    [InlineData("GET", "/v1/galleries?transactionId=%")]
    [InlineData("GET", "/v1/galleries?transactionId=%C3&algorithm=%A9")]
    [InlineData("GET", "/v1/galleries/none?transactionId=T&afterPersonId=%zz&afterEncounterId=E")]
    [InlineData("GET", "/v1/galleries/none?transactionId=T&afterPersonId=P&afterEncounterId=%ED%A0%80")]
    [InlineData("GET", "/mc/v1/persons?personId=%FF")]
    [InlineData("DELETE", "/mc/v1/persons?personId=%FF")]
    [InlineData("DELETE", "/mc/v1/encounters?personId=P&encounterId=%2")]
    public async Task A_query_has_one_reading_or_none(string method, string path)
    {
        (int status, int code) = await IdDoors.AskAsync(server.Http, (method, path, null), "");
        Assert.Equal((400, (int)FailureCode.InvalidParameter), (status, code));
    }

    /// <summary>Every operation that names a person, an encounter or a gallery in its path is in the list.</summary>
    [Fact]
    public async Task No_door_is_missing()
    {
        Description description = await Description.ReadAsync(server.Http);
        string[] tried = [.. IdDoors.All.Select(door => $"{door.Method} {Shape(door.Path.Split('?')[0])}")];
        string[] missing = [.. description.Operations()
            .Where(one => one.Path.Contains('{', StringComparison.Ordinal)
                && !one.Path.Contains("{taskId}", StringComparison.Ordinal))
            .Select(one => $"{one.Method.ToUpperInvariant()} {Shape(one.Path)}")
            .Except(tried)];
        Assert.True(missing.Length == 0, string.Join("\n", missing));

        static string Shape(string path) => string.Join('/', path.Split('/').Select(
            part => part is "@id" or "G" or "P" or "E" or "P3" or "nobody" or "ALL" || part.StartsWith('{')
                ? "*" : part));
    }

    private const string Encounter =
        "{\"status\":\"ACTIVE\",\"encounterType\":\"visit\",\"galleries\":[\"@id\"],\"biometricData\":@samples}";

    private static void AssertRefused(
        (int Status, int Code) found, (string Method, string Path, string? Body) door, int wanted) =>
        Assert.True(
            found == (400, wanted)
            || (found == (200, wanted) && door.Path.StartsWith("/mc/", StringComparison.Ordinal)),
            $"{door.Method} {door.Path}: {found.Status} {found.Code}, wanted code {wanted}");
}

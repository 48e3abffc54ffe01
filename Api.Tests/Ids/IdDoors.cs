using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Ids;

/// <summary>Every operation that takes an identifier, once for each identifier that it takes.</summary>
internal static class IdDoors
{
    private const string Samples = "@samples";

    private const string Approval = "{\"version\":1,\"sha256\":\"00\"}";

    private const string Agreement =
        "{\"id\":\"a\",\"partner\":\"p\",\"purposes\":[\"test\"],\"modalities\":[\"finger\"],"
        + "\"validFrom\":\"2026-01-01\",\"validTo\":\"2027-01-01\",\"phase\":\"live\",\"legalBasis\":\"b\"}";

    private static readonly string TwoFingers =
        new JsonArray(Bodies.Finger(1, 2), Bodies.Finger(1, 7)).ToJsonString();

    private static readonly string Probe = new JsonArray(Bodies.Finger(1, 2)).ToJsonString();

    /// <summary>
    /// Method, path and body; the identifier in question stands where "@id" does, and of a body with lines one line is
    /// sent.
    /// </summary>
    public static IReadOnlyList<(string Method, string Path, string? Body)> All { get; } =
    [
        // The person.
        ("POST", "/v1/persons/@id/encounters", Encounter("\"G\"")),
        ("POST", "/v1/persons/@id/encounters/E", Encounter("\"G\"")),
        ("GET", "/v1/persons/@id/encounters", null),
        ("GET", "/v1/persons/@id/encounters/E", null),
        ("PUT", "/v1/persons/@id/encounters/E", Encounter("\"G\"")),
        ("PUT", "/v1/persons/@id/encounters/E/status?status=ACTIVE", null),
        ("PUT", "/v1/persons/@id/encounters/E/galleries", "[\"G\"]"),
        ("GET", "/v1/persons/@id/encounters/E/templates", null),
        ("POST", "/v1/persons/@id/merge/nobody", null),
        ("POST", "/v1/persons/nobody/merge/@id", null),
        ("POST", "/v1/persons/@id/move/nobody/encounters/E", null),
        ("POST", "/v1/persons/nobody/move/@id/encounters/E", null),
        ("POST", "/v1/identify/G/@id", "{}"),
        ("POST", "/v1/identify/G/@id/encounters/E", "{}"),
        ("POST", "/v1/verify/G/@id", $"{{\"biometricData\":{Samples}}}"),
        ("POST", "/mc/v1/explain/G/@id/E", $"{{\"biometricData\":{Samples}}}"),
        ("POST", "/mc/v1/enrol", Line("\"@id\"", "\"E2\"", "\"G\"")),
        ("POST", "/mc/v1/enrol-if-unique?transactionId=T&personId=@id", Encounter("\"G\"")),
        ("DELETE", "/v1/persons/@id/encounters/E", null),
        ("DELETE", "/v1/persons/@id", null),

        ("PUT", "/mc/v1/holds/@id/E", null),
        ("DELETE", "/mc/v1/holds/@id/E", null),

        // The encounter.
        ("PUT", "/mc/v1/holds/P/@id", null),
        ("DELETE", "/mc/v1/holds/P/@id", null),
        ("POST", "/v1/persons/P/encounters/@id", Encounter("\"G\"")),
        ("GET", "/v1/persons/P/encounters/@id", null),
        ("PUT", "/v1/persons/P/encounters/@id", Encounter("\"G\"")),
        ("PUT", "/v1/persons/P/encounters/@id/status?status=ACTIVE", null),
        ("PUT", "/v1/persons/P/encounters/@id/galleries", "[\"G\"]"),
        ("GET", "/v1/persons/P/encounters/@id/templates", null),
        ("POST", "/v1/persons/nobody/move/P/encounters/@id", null),
        ("POST", "/v1/identify/G/P/encounters/@id", "{}"),
        ("POST", "/mc/v1/explain/G/P/@id", $"{{\"biometricData\":{Samples}}}"),
        ("POST", "/mc/v1/enrol", Line("\"P2\"", "\"@id\"", "\"G\"")),
        ("POST", "/mc/v1/enrol-if-unique?transactionId=T&personId=P4&encounterId=@id", Encounter("\"G\"")),
        ("DELETE", "/v1/persons/P/encounters/@id", null),

        // The gallery.
        ("POST", "/v1/persons", Encounter("\"@id\"")),
        ("POST", "/v1/persons/P3/encounters/E", Encounter("\"@id\"")),
        ("PUT", "/v1/persons/P3/encounters/E", Encounter("\"@id\"")),
        ("PUT", "/v1/persons/P3/encounters/E/galleries", "[\"@id\"]"),
        ("POST", "/mc/v1/enrol", Line("\"P3\"", "\"E3\"", "\"@id\"")),
        ("POST", "/mc/v1/enrol-if-unique?transactionId=T", Encounter("\"@id\"")),
        ("GET", "/v1/galleries/@id", null),
        ("POST", "/v1/identify/@id", $"{{\"filter\":{{}},\"biometricData\":{Samples}}}"),
        ("POST", "/v1/identify/@id/P", "{}"),
        ("POST", "/v1/identify/@id/P/encounters/E", "{}"),
        ("POST", "/v1/verify/@id/P", $"{{\"biometricData\":{Samples}}}"),
        ("POST", "/mc/v1/explain/@id/P/E", $"{{\"biometricData\":{Samples}}}"),
        ("POST", "/mc/v1/risc/@id", $"{{\"biometricData\":{TwoFingers}}}"),
        ("POST", "/mc/v1/identify/@id", $"{{\"id\":\"1\",\"biometricData\":{Samples}}}"),

        ("GET", "/mc/v1/galleries/@id", null),
        ("GET", "/mc/v1/galleries/@id/changes", null),
        ("POST", "/mc/v1/galleries/@id/pack", "{\"recipient\":\"x\",\"days\":1}"),
        ("DELETE", "/mc/v1/galleries/@id", null),
        ("POST", "/mc/v1/galleries/@id/key", null),
        ("DELETE", "/mc/v1/galleries/@id/pictures", null),

        ("GET", "/mc/v1/gallery-policies/@id", null),
        ("PUT", "/mc/v1/gallery-policies/@id/proposal", "{\"id\":\"G\",\"owner\":\"o\"}"),
        ("POST", "/mc/v1/gallery-policies/@id/approval", Approval),

        // The agreement, the case and the pack.
        ("POST", "/mc/v1/packs/@id/hits", "{}"),
        ("GET", "/mc/v1/packs/@id/hits", null),
        ("GET", "/mc/v1/agreements/@id", null),
        ("PUT", "/mc/v1/agreements/@id/proposal", Agreement),
        ("POST", "/mc/v1/agreements/@id/approval", Approval),
        ("POST", "/mc/v1/agreements/@id/suspension", "{\"reason\":\"r\"}"),
        ("PUT", "/mc/v1/agreements/@id/resumption/proposal", "{\"reason\":\"r\"}"),
        ("POST", "/mc/v1/agreements/@id/resumption/approval", Approval),
        ("GET", "/mc/v1/jobs/@id", null),
        ("POST", "/mc/v1/jobs/@id/pause", null),
        ("POST", "/mc/v1/jobs/@id/resume", null),
        ("POST", "/mc/v1/jobs/@id/cancel", null),
        ("GET", "/mc/v1/jobs/@id/results", null),
        ("GET", "/mc/v1/jobs/@id/report", null),
        ("POST", "/mc/v1/jobs?kind=deduplicate&galleryId=@id", null),
        ("GET", "/mc/v1/cases/@id", null),
        ("POST", "/mc/v1/cases/@id/comparisons", "{\"rank\":1}"),
        ("POST", "/mc/v1/cases/@id/decisions", "{\"rank\":1,\"decision\":\"SAME\",\"reason\":\"r\"}"),

        // The subscription and the alert.
        ("GET", "/mc/v1/subscriptions/@id", null),
        ("DELETE", "/mc/v1/subscriptions/@id", null),
        ("POST", "/mc/v1/alerts/@id/seen", null),

        // The transaction and the line of a batch.
        ("GET", "/v1/galleries?transactionId=@id", null),
        ("POST", "/mc/v1/enrol-if-unique?transactionId=@id", Encounter("\"G\"")),
        ("POST", "/mc/v1/identify/ALL", $"{{\"id\":\"@id\",\"biometricData\":{Samples}}}"),
    ];

    /// <summary>Sends a call about an identifier.</summary>
    /// <returns>Status and code of the answer or of its first line; 0 where it has no code.</returns>
    public static async Task<(int Status, int Code)> AskAsync(
        HttpClient http, (string Method, string Path, string? Body) door, string id)
    {
        string path = door.Path.Replace("@id", Escaped(id), StringComparison.Ordinal);
        bool isWhole = !path.StartsWith("/v1/", StringComparison.Ordinal)
            || path.Contains("transactionId", StringComparison.Ordinal);
        path = isWhole ? path : path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "transactionId=T";
        string type = path == "/mc/v1/enrol"
            || path.StartsWith("/mc/v1/identify", StringComparison.Ordinal)
            ? "application/x-ndjson" : "application/json";

        // As it is: by itself an HTTP client resolves dots and rewrites escapes.
        Uri url = new(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage request = new(new HttpMethod(door.Method), url)
        {
            Content = door.Body is null ? null : new StringContent(
                door.Body.Replace("@id", Json(id), StringComparison.Ordinal)
                    .Replace(Samples, Probe, StringComparison.Ordinal),
                Encoding.UTF8, type),
        };
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        JsonObject? first = text.Length == 0 ? null : JsonNode.Parse(text.Split('\n')[0]) as JsonObject;
        return ((int)answer.StatusCode, (int?)(first?["code"] ?? first?["error"]?["code"]) ?? 0);
    }

    /// <summary>A path's escapes, of half a pair of UTF-16 the bytes that some programs make of it.</summary>
    private static string Escaped(string id)
    {
        StringBuilder text = new();
        for (int i = 0; i < id.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(id[i]) && i + 1 < id.Length && char.IsLowSurrogate(id[i + 1]);
            byte[] bytes = char.IsSurrogate(id[i]) && !isPair
                ? [(byte)(0xE0 | (id[i] >> 12)), (byte)(0x80 | ((id[i] >> 6) & 63)), (byte)(0x80 | (id[i] & 63))]
                : Encoding.UTF8.GetBytes(id.Substring(i, isPair ? 2 : 1));
            i += isPair ? 1 : 0;
            text.AppendJoin(
                "", bytes.Select(one => char.IsAsciiLetterOrDigit((char)one) ? $"{(char)one}" : $"%{one:X2}"));
        }

        return text.ToString();
    }

    /// <summary>The text inside quotes, half pairs as they are.</summary>
    private static string Json(string id) => string.Concat(
        id.Select(one => char.IsAsciiLetterOrDigit(one) ? $"{one}" : $"\\u{(int)one:X4}"));

    private static string Encounter(string gallery, string before = "") =>
        $"{{{before}\"status\":\"ACTIVE\",\"encounterType\":\"visit\",\"galleries\":[{gallery}],"
        + $"\"biometricData\":{Samples}}}";

    private static string Line(string person, string encounter, string gallery) =>
        $"{{\"personId\":{person},\"encounter\":{Encounter(gallery, $"\"encounterId\":{encounter},")}}}";
}

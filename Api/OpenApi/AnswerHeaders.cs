using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>Headers of answers. Those of a search say what was searched, with or without candidates.</summary>
internal static class AnswerHeaders
{
    public const string RetryAfter = "Retry-After";

    public const string Challenge = "WWW-Authenticate";

    private const string Extracted = "MatchCluster-Extracted";
    private const string NotUsed = "MatchCluster-Not-Used";
    private const string Forgiven = "MatchCluster-Forgiven";
    private const string SearchPrefix = "MatchCluster-";

    private static readonly (string Name, JsonSchemaType Type, JsonNode Example, string Description)[] All =
    [
        (RetryAfter, JsonSchemaType.Integer, 1, "Seconds until asking again may help."),
        (Challenge, JsonSchemaType.String, "Bearer realm=\"matchcluster\"", "How to ask again, and with which scope."),
        ("MatchCluster-Complete", JsonSchemaType.Boolean, true,
            "False where a part of the gallery was not searched."),
        ("MatchCluster-Partitions", JsonSchemaType.String, "4/4", "Partitions that answered, of those asked."),
        ("MatchCluster-Identities", JsonSchemaType.String, "2000/2000", "Identities searched, of those held."),
        ("MatchCluster-Comparable", JsonSchemaType.Integer, 1990,
            "Identities of the gallery that have a sample which can be compared with the probe."),
        (CoverageRule.ReleaseHeader, JsonSchemaType.String, "full",
            "How much of the answer was released: hit, candidates, scores or full. Headers that are not released are "
            + "missing."),
        ("MatchCluster-Above-Threshold", JsonSchemaType.Integer, 1,
            "Identities that reached the threshold; at least so many where the list was cut."),
        ("MatchCluster-Cut", JsonSchemaType.Boolean, false,
            "True where more identities reached the threshold than were asked for."),
        ("MatchCluster-Penetration", JsonSchemaType.Number, 0.25,
            "Share of the encounters that passed the first stage; 1 without one."),
        ("MatchCluster-Loss", JsonSchemaType.Number, 0.00683,
            "Upper bound, with 95 % confidence, of the share of mated identities that an exhaustive search would find "
            + "and this one does not; missing where every encounter was scored in full."),
        ("MatchCluster-Expected-Loss", JsonSchemaType.Number, 0.00161,
            "The best estimate of that share; missing where MatchCluster-Loss is."),
        ("MatchCluster-Fast", JsonSchemaType.String, "iris; sampled-to=0.36; loss=0.0035",
            "What sampled irises may miss; missing where none were sampled: the search was exact."),
        ("MatchCluster-Turns", JsonSchemaType.String, "0, 180",
            "Degrees by which the fingers were turned to search everybody; missing where they were searched as sent."),
        ("MatchCluster-Threshold", JsonSchemaType.Number, 53, "Lowest score that makes a candidate, -10 log10 FMR."),
        ("MatchCluster-Fpir", JsonSchemaType.Number, 0.01,
            "Chance that a search for somebody who is not enrolled returns a candidate at that threshold."),
        ("MatchCluster-Engine", JsonSchemaType.String, "matchcluster/0.1.0", "What computed the answer."),
        (CoverageRule.CalibrationHeader, JsonSchemaType.String, "fingers-3",
            "What fingers were scored by: the curves, and the margin where there is one. Each comparison names its "
            + "own."),
        (CoverageRule.CaseHeader, JsonSchemaType.String, "C-3G7ZQ9MXT4C8VJ5KD2RHW6YB1N",
            "The case in which people decide about the candidates; missing where there are none, or no agreements."),
        (Extracted, JsonSchemaType.String, "biometricData[0]; quality=54; features=41; resolution-assumed",
            "What was extracted of the images that were sent, with the codes of notes; missing where there were none."),
        (NotUsed, JsonSchemaType.String, "biometricData[1]: image",
            "Items, and parts of items, that were left out; missing where none were."),
        (Forgiven, JsonSchemaType.String, "bytes-after-last-view",
            "Codes of what was read though its format does not allow it; missing where nothing was."),
        (AnswerProtection.Said, JsonSchemaType.String, "encryption, signature",
            "How the answer is protected; missing where it is not."),
        (Deletions.Header, JsonSchemaType.String, "eyJhbGciOiJFUzI1NiJ9.eyJ2IjoxfQ.c2lnbmF0dXJl",
            "The signed receipt of the deletion (JWS, ES256): what was deleted, when, and what its galleries hold "
            + "after that; missing where the server has no key for it."),
        (ServiceLevels.Header, JsonSchemaType.String, "rapid; deadline-ms=10000; met",
            "The service level that the call named, and whether it was met or missed; missing where it named none."),
        ("MatchCluster-Elapsed-Ms", JsonSchemaType.Number, 3.214, "Milliseconds of the search."),
    ];

    /// <summary>Headers that an answer to a search may have.</summary>
    public static IEnumerable<string> NamesOfSearch =>
        All.Select(header => header.Name).Where(
            name => name is CoverageRule.CaseHeader or ServiceLevels.Header
                || (name.StartsWith(SearchPrefix, StringComparison.Ordinal) && name != AnswerProtection.Said));

    public static void AddTo(OpenApiDocument document)
    {
        document.Components!.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach ((string name, JsonSchemaType type, JsonNode example, string description) in All)
        {
            document.Components.Headers[name] = new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema { Type = type },
                Example = example.DeepClone(),
            };
        }
    }

    public static void OfSearch(OpenApiResponse response, OpenApiDocument document)
    {
        foreach (string name in NamesOfSearch)
        {
            Add(response, name, document);
        }
    }

    /// <summary>Headers that say how items were read, of operations that search nothing.</summary>
    public static void OfReading(OpenApiResponse response, OpenApiDocument document)
    {
        foreach (string name in (string[])[Extracted, NotUsed, Forgiven])
        {
            Add(response, name, document);
        }
    }

    public static void Add(OpenApiResponse response, string name, OpenApiDocument document)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeaderReference(name, document);
    }
}

using MatchCluster.Matching;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>
/// The description at /openapi/v1.json, from which clients are generated: both doors, OSIA's operation ids and
/// schema names. Shapes come from the types that the serializer reads and writes; what types cannot say (refusals,
/// headers, bounds, examples) from the tables of this folder.
/// </summary>
internal static class ApiDescription
{
    private const string About = """
        A 1:N matcher of fingerprints and irises. `/v1` follows the OSIA ABIS interface 1.6.0 (Secure Identity
        Alliance); `/mc/v1` has what OSIA has no word for.

        **Security: there is none yet.** No operation asks who calls, so that the server listens on addresses of
        this machine alone. Whoever can reach it can read, change and delete everything.

        A property without a value is left out of answers; in requests null says the same. Candidates are
        proposals for an examiner, never decisions.

        Bodies and queries are read strictly: a property or a query key that is not described here is refused with
        400, as is a query key that comes twice. Numbers in queries and headers are plain digits with `.` before a
        fraction, truth values `true` or `false`. Bodies are UTF-8.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("CRUD", "OSIA: encounters and persons are created, read, changed and deleted."),
        ("Search", "OSIA: one against many (identify) and one against one (verify)."),
        ("Gallery", "OSIA: which galleries there are and who is in them."),
        ("Task", "OSIA: tasks of the asynchronous form, which is not offered yet."),
        ("MatchCluster", "Streams of searches and enrolments, explanations, figures. Errors are RFC 9457 problems."),
        ("Operation", "For orchestrators: is the process alive, is it ready."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        // What most generators read; OSIA's own description is a 3.0 too.
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.CreateSchemaReferenceId = SchemaRules.NameOf;
        options.AddSchemaTransformer(SchemaRules.ApplyAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            AnswerHeaders.AddTo(document);
            foreach ((string path, HttpMethod method, OpenApiOperation operation) in OperationsOf(document))
            {
                OperationRules.Apply(path, method, operation, document);
            }

            SchemaCleanUp.Apply(document);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MatchCluster",
            Version = EngineVersion.Number,
            Description = About,
        };
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();

        // An empty requirement is OpenAPI's word for "no authentication".
        document.Security = [[]];
        foreach (OpenApiServer server in document.Servers ?? [])
        {
            server.Url = server.Url?.TrimEnd('/');
        }
    }

    private static (string Path, HttpMethod Method, OpenApiOperation Operation)[] OperationsOf(
        OpenApiDocument document)
    {
        foreach (IOpenApiPathItem path in document.Paths.Values)
        {
            // HEAD is GET without the body; described again it would repeat the operation's id.
            if (path.Operations is { } operations && operations.ContainsKey(HttpMethod.Get))
            {
                operations.Remove(HttpMethod.Head);
            }
        }

        return [.. document.Paths.SelectMany(path => (path.Value.Operations ?? [])
            .Select(pair => (path.Key, pair.Key, pair.Value)))];
    }
}

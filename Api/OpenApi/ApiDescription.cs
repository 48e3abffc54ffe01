using MatchCluster.Api.Http.Access;
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

        {0}

        A property without a value is left out of answers; in requests null says the same. Candidates are
        proposals for an examiner, never decisions.

        Bodies and queries are read strictly: a property or a query key that is not described here is refused with
        400, as is a query key that comes twice. Numbers in queries and headers are plain digits with `.` before a
        fraction, truth values `true` or `false`. Bodies are UTF-8.
        """;

    private const string Unchecked = """
        **Security: there is none here.** This server was started without credentials: no operation asks who calls, so
        that it listens on addresses of its machine alone, and whoever can reach it can read, change and delete
        everything. The scopes of operations hold as soon as credentials are configured.
        """;

    private const string Checked = """
        **Security.** An operation needs the scope that it names: in the `scope` of an access token of the issuer
        (OAuth 2.0 client credentials, RFC 9068), or granted to the partner of a client certificate (mutual TLS). 401
        says that the credentials are not good, 403 that they lack the scope.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("CRUD", "OSIA: encounters and persons are created, read, changed and deleted."),
        ("Search", "OSIA: one against many (identify) and one against one (verify)."),
        ("Gallery", "OSIA: which galleries there are and who is in them."),
        ("Task", "OSIA: tasks of the asynchronous form, which is not offered yet."),
        ("MatchCluster", "Streams of searches and enrolments, explanations, figures. Errors are RFC 9457 problems."),
        ("Administration",
            "What partners may do: agreements and policies of galleries, which two natural persons sign. Errors are "
            + "RFC 9457 problems; 404 where the server keeps no agreements."),
        ("Operation", "For orchestrators: is the process alive, is it ready."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        // What most generators read; OSIA's own description is a 3.0 too.
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.CreateSchemaReferenceId = SchemaRules.NameOf;
        options.AddSchemaTransformer(SchemaRules.ApplyAsync);
        options.AddOperationTransformer((operation, context, _) =>
        {
            SecurityRules.Mark(operation, context.Description.ActionDescriptor.EndpointMetadata);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            bool isChecked = context.ApplicationServices.GetRequiredService<AccessSettings>().IsConfigured;
            Describe(document, isChecked);
            AnswerHeaders.AddTo(document);
            foreach ((string path, HttpMethod method, OpenApiOperation operation) in OperationsOf(document))
            {
                OperationRules.Apply(path, method, operation, document);
                SecurityRules.Apply(operation, document, isChecked);
            }

            SchemaCleanUp.Apply(document);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document, bool isChecked)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MatchCluster",
            Version = EngineVersion.Number,
            Description = About.Replace("{0}", isChecked ? Checked : Unchecked, StringComparison.Ordinal),
        };
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();

        SecurityRules.AddTo(document);
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

using System.Reflection;
using System.Text.Json.Nodes;
using MatchCluster.Api.Osia;
using MatchCluster.Matching;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MatchCluster.Api.Hosting;

/// <summary>The description at /openapi/v1.json: both doors, OSIA's operation ids and schema names.</summary>
internal static class OpenApiDescription
{
    private const string OsiaPrefix = "Osia";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "MatchCluster",
                Version = EngineVersion.Number,
                Description = "/v1 follows the OSIA ABIS interface 1.6.0 (Secure Identity Alliance); /mc/v1 is ours.",
            };
            return Task.CompletedTask;
        });
        options.CreateSchemaReferenceId = info =>
        {
            string? name = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
            return name?.StartsWith(OsiaPrefix, StringComparison.Ordinal) == true ? name[OsiaPrefix.Length..] : name;
        };
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Type type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(byte[]))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = "byte";
            }
            else if (type.IsEnum && type.Namespace == typeof(OsiaRoutes).Namespace)
            {
                schema.Type = JsonSchemaType.String;
                schema.Enum = [.. WordsOf(type).Select(word => (JsonNode)JsonValue.Create(word)!)];
            }

            return Task.CompletedTask;
        });
    }

    private static IEnumerable<string> WordsOf(Type type) => (IEnumerable<string>)typeof(Words<>)
        .MakeGenericType(type)
        .GetProperty(nameof(Words<BiometricType>.All), BindingFlags.Public | BindingFlags.Static)!
        .GetValue(null)!;
}

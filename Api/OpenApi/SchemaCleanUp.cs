using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Streams;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>
/// The last step over every schema of the description: "null or a reference" becomes what generators of 3.0 know
/// as a type that may be null. Without it a client would send 0 or the first word of an enum for what it was not told.
/// </summary>
internal static class SchemaCleanUp
{
    public const string LineExtension = "x-ndjson-line";

    public static void Apply(OpenApiDocument document)
    {
        IDictionary<string, IOpenApiSchema> schemas = document.Components!.Schemas!;
        foreach (string name in schemas.Keys.ToArray())
        {
            schemas[name] = Clean(schemas[name], document);
            if (name is "Error" or "LineError" or "ProblemDetails" && schemas[name].Properties is { } properties
                && properties["code"] is OpenApiSchema code)
            {
                code.Description = "Keeps its meaning: " + string.Join(", ", Enum.GetValues<FailureCode>()
                    .Select(one => $"{(int)one} {one}")) + ".";
            }
        }

        foreach (OpenApiOperation operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                parameter.Schema = parameter.Schema is null ? null : Clean(parameter.Schema, document);
            }

            Clean(operation.RequestBody?.Content, document);
            foreach (IOpenApiResponse response in operation.Responses!.Values)
            {
                Clean(response.Content, document);
            }
        }
    }

    private static void Clean(IDictionary<string, OpenApiMediaType>? content, OpenApiDocument document)
    {
        foreach ((string type, OpenApiMediaType media) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (media.Schema is not { } schema)
            {
                continue;
            }

            // Lines of a form that no type of ours has stay text.
            media.Schema = type == NdjsonWriter.ContentType && schema is OpenApiSchemaReference line
                ? Lines(line) : Clean(schema, document);
        }
    }

    /// <summary>
    /// OpenAPI 3.0 cannot say "one such object in each line". A stream of bytes is what a generated client must
    /// send and read; the object of a line stands in an extension, and among the schemas.
    /// </summary>
    private static OpenApiSchema Lines(OpenApiSchemaReference line)
    {
        string name = line.Reference.Id!;
        return new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = $"NDJSON: one {name} in each line (UTF-8, ended by a line feed).",
            Extensions = new Dictionary<string, IOpenApiExtension>
            {
                [LineExtension] = new JsonNodeExtension(new JsonObject { ["$ref"] = $"#/components/schemas/{name}" }),
            },
        };
    }

    private static IOpenApiSchema Clean(IOpenApiSchema schema, OpenApiDocument document)
    {
        if (schema is OpenApiSchemaReference reference)
        {
            return Described(reference, reference.Reference.Description);
        }

        OpenApiSchema own = (OpenApiSchema)schema;
        if (own.OneOf is { Count: 2 } pair
            && pair.FirstOrDefault(one => one.Type == JsonSchemaType.Null) is { } nothing
            && pair.First(one => one != nothing) is OpenApiSchemaReference value)
        {
            string? description = own.Description ?? value.Reference.Description;

            // An object that is left out is null in any client; of an enum only a type that may be null is.
            return value.Enum is not { Count: > 0 } ? Described(value, description) : new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                OneOf = [Bare(value)],
                Description = description,
            };
        }

        own.Items = own.Items is null ? null : Named(Clean(own.Items, document), document);
        own.AdditionalProperties = own.AdditionalProperties is null ? null : Clean(own.AdditionalProperties, document);
        foreach (string name in own.Properties?.Keys.ToArray() ?? [])
        {
            own.Properties![name] = Clean(own.Properties[name], document);
        }

        return own;
    }

    /// <summary>The elements of a list that are words of a known enum have its name.</summary>
    private static IOpenApiSchema Named(IOpenApiSchema items, OpenApiDocument document) =>
        items is OpenApiSchema { Enum: { Count: > 0 } words }
        && document.Components!.Schemas!.FirstOrDefault(one => Same(one.Value.Enum, words)).Key is { } name
            ? new OpenApiSchemaReference(name, document) : items;

    private static bool Same(IList<JsonNode>? some, IList<JsonNode> others) =>
        some is not null
        && some.Select(word => word.ToString()).SequenceEqual(others.Select(word => word.ToString()));

    /// <summary>A reference has no room for words of its own in 3.0: "all of" it has.</summary>
    private static IOpenApiSchema Described(OpenApiSchemaReference reference, string? description)
    {
        OpenApiSchemaReference bare = Bare(reference);
        return string.IsNullOrEmpty(description) || description == bare.Description
            ? bare : new OpenApiSchema { AllOf = [bare], Description = description };
    }

    private static OpenApiSchemaReference Bare(OpenApiSchemaReference reference) =>
        new(reference.Reference.Id!, reference.Reference.HostDocument);
}

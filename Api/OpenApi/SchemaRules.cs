using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MatchCluster.Api.Osia.Contract;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>
/// How a type becomes a schema where the framework's own rules differ from what our serializer does: it leaves
/// empty properties out, writes enums as OSIA's words and bytes in base64.
/// </summary>
internal static class SchemaRules
{
    private const string OsiaPrefix = "Osia";

    /// <summary>Types whose name here is not the one of the interface.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        [nameof(OsiaMissing)] = "MissingType",
        [nameof(OsiaComputedData)] = "BiometricComputedData",
        [nameof(StatusWord)] = "EncounterStatus",
        [nameof(TaskStatusWord)] = "TaskStatus",
    };

    /// <summary>OSIA's name of a schema; null puts it where it is used.</summary>
    public static string? NameOf(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonElement))
        {
            return null;
        }

        string? name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is null ? null
            : Names.TryGetValue(name, out string? other) ? other
            : name.StartsWith(OsiaPrefix, StringComparison.Ordinal) ? name[OsiaPrefix.Length..]
            : name;
    }

    public static Task ApplyAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        Type type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        JsonTypeInfo json = context.JsonTypeInfo.Options.GetTypeInfo(type);
        if (type == typeof(byte[]))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "byte";
        }
        else if (type.IsEnum && type.Namespace == typeof(BiometricType).Namespace)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. WordsOf(type).Select(word => (JsonNode)JsonValue.Create(word)!)];
        }
        else if (json.Kind == JsonTypeInfoKind.Enumerable && schema.Items is null && json.ElementType is { } element)
        {
            schema.Items = new OpenApiSchemaReference(
                NameOf(json.Options.GetTypeInfo(element))!, context.Document);
        }
        else if (json.Kind == JsonTypeInfoKind.Dictionary)
        {
            schema.AdditionalProperties ??= new OpenApiSchema();
        }
        else if (json.Kind == JsonTypeInfoKind.Object)
        {
            schema.Required = json.Properties.Where(IsAlwaysThere).Select(property => property.Name).ToHashSet();
        }

        if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// A property that may be null is left out where it is, though the constructor of its record names it. The
    /// properties of a struct have no "required", and are always written.
    /// </summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        !property.IsExtensionData
        && property.Get is not null
        && !property.IsGetNullable
        && Nullable.GetUnderlyingType(property.PropertyType) is null
        && (property.IsRequired
            || property.DeclaringType.IsValueType
            || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false });

    /// <summary>RFC 9457 leaves its members open; ours has these in every answer.</summary>
    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "RFC 9457: why a call of /mc/v1 has no answer.";
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" };
        schema.Required = new HashSet<string> { "title", "status", "detail", "code" };
        foreach (OpenApiSchema property in
            schema.Required.Select(name => schema.Properties[name]).OfType<OpenApiSchema>())
        {
            property.Type &= ~JsonSchemaType.Null;
        }
    }

    private static IEnumerable<string> WordsOf(Type type) => (IEnumerable<string>)typeof(EnumWords<>)
        .MakeGenericType(type)
        .GetProperty(nameof(EnumWords<BiometricType>.All), BindingFlags.Public | BindingFlags.Static)!
        .GetValue(null)!;
}

using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>
/// /openapi/v1.json as a reader of it sees it, with a validator for the part of JSON Schema that it uses.
/// </summary>
internal sealed class Description(JsonNode root)
{
    private static readonly string[] Known =
    [
        "$ref", "type", "format", "nullable", "enum", "properties", "required", "items", "allOf", "oneOf",
        "additionalProperties", "minimum", "maximum", "minLength", "maxLength", "description", "default",
        "x-ndjson-line",
    ];

    public static async Task<Description> ReadAsync(HttpClient http) =>
        new(await http.GetAsync("/openapi/v1.json").OkAsync());

    public JsonNode Root => root;

    public IEnumerable<(string Path, string Method, JsonObject Operation)> Operations() =>
        from path in root["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!.AsObject());

    public JsonObject Operation(string path, string method) =>
        root["paths"]?[path]?[method]?.AsObject()
        ?? throw new InvalidOperationException($"{method} {path} is not described");

    /// <summary>The operation that has this id, with its path and method.</summary>
    public (string Path, string Method, JsonObject Operation) Operation(string id) =>
        Operations().Single(one => (string)one.Operation["operationId"]! == id);

    public JsonNode Resolve(JsonNode node) =>
        (string?)node["$ref"] is { } reference
            ? Resolve(reference[2..].Split('/').Aggregate(root, (at, part) => at[part]!)) : node;

    /// <summary>What a real answer violates of the description of its operation; empty where it agrees.</summary>
    public IEnumerable<string> Violations(string path, string method, HttpResponseMessage answer, string body)
    {
        JsonNode? response = Operation(path, method)["responses"]![((int)answer.StatusCode).ToString()];
        if (response is null)
        {
            return [$"status {(int)answer.StatusCode} is not described"];
        }

        string[] headers = [.. answer.Headers.Select(header => header.Key)
            .Where(name => name.StartsWith("MatchCluster-", StringComparison.Ordinal) || name == "Retry-After")
            .Where(name => response["headers"]?[name] is null)
            .Select(name => $"header {name} is not described")];
        if (body.Length == 0)
        {
            return response["content"] is null ? headers : [.. headers, "no body where one is described"];
        }

        string type = answer.Content.Headers.ContentType!.MediaType!;
        return response["content"]?[type] is { } content
            ? [.. headers, .. Check(content["schema"]!, type, body)]
            : [.. headers, $"a body of {type} is not described"];
    }

    /// <summary>What a body violates of the schema of its content.</summary>
    public IEnumerable<string> Check(JsonNode schema, string type, string body) => type switch
    {
        _ when schema["x-ndjson-line"] is { } line => body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany((text, number) => Check(line, JsonNode.Parse(text), $"line {number + 1}")),
        _ when type.EndsWith("json", StringComparison.Ordinal) => Check(schema, JsonNode.Parse(body), "$"),
        _ => Check(schema, JsonValue.Create(body), "$"),
    };

    /// <summary>
    /// Every value against its schema. A keyword that is not understood fails: nothing passes unchecked.
    /// </summary>
    public IEnumerable<string> Check(JsonNode schema, JsonNode? value, string at)
    {
        schema = Resolve(schema);
        foreach (string keyword in schema.AsObject().Select(pair => pair.Key).Except(Known))
        {
            yield return $"{at}: keyword {keyword} is not understood";
        }

        if (value is null)
        {
            if ((bool?)schema["nullable"] != true)
            {
                yield return $"{at}: null";
            }

            yield break;
        }

        IEnumerable<JsonNode?> parts = [.. schema["allOf"]?.AsArray() ?? [], .. schema["oneOf"]?.AsArray() ?? []];
        IEnumerable<string> found = parts.SelectMany(part => Check(part!, value, at)).Concat(
            (string?)schema["type"] switch
            {
                "object" => value is JsonObject obj ? Properties(schema, obj, at) : [$"{at}: wanted an object"],
                "array" => value is JsonArray array
                    ? array.SelectMany((item, i) => Check(schema["items"]!, item, $"{at}[{i}]"))
                    : [$"{at}: wanted an array"],
                "string" => value.GetValueKind() == System.Text.Json.JsonValueKind.String
                    ? Text(schema, (string)value!, at) : [$"{at}: wanted a string"],
                "integer" => value is JsonValue whole && whole.TryGetValue(out long _) ? []
                    : [$"{at}: wanted an integer"],
                "number" => value is JsonValue number && number.TryGetValue(out double _) ? []
                    : [$"{at}: wanted a number"],
                "boolean" => value is JsonValue flag && flag.TryGetValue(out bool _) ? []
                    : [$"{at}: wanted a boolean"],
                _ => [],
            });
        foreach (string violation in found)
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Text(JsonNode schema, string text, string at)
    {
        if (schema["enum"] is JsonArray words && words.All(word => (string?)word != text))
        {
            yield return $"{at}: {text} is not in the enumeration";
        }

        if ((string?)schema["format"] == "byte" && !Convert.TryFromBase64String(text, new byte[text.Length], out _))
        {
            yield return $"{at}: not base64";
        }

        if (text.Length < ((int?)schema["minLength"] ?? 0)
            || text.Length > ((int?)schema["maxLength"] ?? int.MaxValue))
        {
            yield return $"{at}: {text.Length} characters";
        }
    }

    private IEnumerable<string> Properties(JsonNode schema, JsonObject obj, string at)
    {
        IEnumerable<string> missing = (schema["required"]?.AsArray() ?? [])
            .Select(name => (string)name!)
            .Where(name => obj[name] is null)
            .Select(name => $"{at}: {name} is missing");
        return missing.Concat(obj.SelectMany(pair =>
            schema["properties"]?[pair.Key] is { } known ? Check(known, pair.Value, $"{at}.{pair.Key}")
            : schema["additionalProperties"] is JsonObject any ? Check(any, pair.Value, $"{at}.{pair.Key}")
            : [$"{at}: {pair.Key} is not described"]));
    }
}

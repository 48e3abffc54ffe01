using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace MatchCluster.Api.Tests;

/// <summary>OSIA's interface description, read for what tests hold against our answers.</summary>
internal sealed class Contract
{
    private static readonly string[] Methods = ["get", "post", "put", "delete"];

    private readonly YamlMappingNode root;

    public Contract(string path)
    {
        using StreamReader reader = File.OpenText(path);
        YamlStream yaml = [];
        yaml.Load(reader);
        root = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    /// <summary>Every path, method and operation id.</summary>
    public IEnumerable<(string Path, string Method, string OperationId)> Operations() =>
        from path in Map(root, "paths").Children
        from operation in ((YamlMappingNode)path.Value).Children
        where Methods.Contains(operation.Key.ToString())
        select (path.Key.ToString(), operation.Key.ToString(), operation.Value["operationId"].ToString());

    /// <summary>The one scope of every operation.</summary>
    public IEnumerable<(string OperationId, string Scope)> Scopes() =>
        from path in Map(root, "paths").Children
        from operation in ((YamlMappingNode)path.Value).Children
        where Methods.Contains(operation.Key.ToString())
        select (operation.Value["operationId"].ToString(),
            operation.Value["security"][0]["BearerAuth"][0].ToString());

    /// <summary>
    /// The words of an enumeration, or the properties of an object; null where there is no such schema.
    /// </summary>
    public IReadOnlyList<string>? NamesIn(string schema)
    {
        if (!Map(Map(root, "components"), "schemas").Children.TryGetValue(schema, out YamlNode? node))
        {
            return null;
        }

        YamlMappingNode found = (YamlMappingNode)node;
        return found.Children.TryGetValue("enum", out YamlNode? words)
            ? [.. ((YamlSequenceNode)words).Select(word => word.ToString())]
            : found.Children.ContainsKey("properties")
                ? [.. Map(found, "properties").Children.Keys.Select(name => name.ToString())] : [];
    }

    /// <summary>
    /// What an answer violates of its description; empty where it agrees. A status that the description does
    /// not list, a body where none is described and a body that does not fit are violations.
    /// </summary>
    public IEnumerable<string> Violations(string path, string method, int status, string body)
    {
        YamlMappingNode responses = Map(Map(Map(Map(root, "paths"), path), method), "responses");
        string name = status.ToString();
        if (!responses.Children.ContainsKey(name))
        {
            return [$"status {name} is not in the contract"];
        }

        YamlMappingNode response = Map(responses, name);
        if (!response.Children.ContainsKey("content"))
        {
            return body.Length == 0 ? [] : ["a body where the contract has none"];
        }

        YamlMappingNode schema = Map(Map(Map(response, "content"), "application/json"), "schema");
        return Check(schema, JsonNode.Parse(body), "$");
    }

    /// <summary>The subset of JSON Schema that the description uses.</summary>
    private IEnumerable<string> Check(YamlMappingNode schema, JsonNode? value, string at)
    {
        if (Text(schema, "$ref") is { } reference)
        {
            string name = reference[(reference.LastIndexOf('/') + 1)..];
            return Check(Map(Map(Map(root, "components"), "schemas"), name), value, at);
        }

        return Text(schema, "type") switch
        {
            "array" => value is JsonArray array
                ? CheckArray(schema, array, at) : [$"{at}: wanted an array"],
            "string" => value is JsonValue text && text.TryGetValue(out string? word)
                ? CheckWord(schema, word, at) : [$"{at}: wanted a string"],
            "integer" => value is JsonValue integer && integer.TryGetValue(out long _)
                ? [] : [$"{at}: wanted an integer"],
            "number" => value is JsonValue number && number.TryGetValue(out double _) ? [] : [$"{at}: wanted a number"],
            "boolean" => value is JsonValue flag && flag.TryGetValue(out bool _) ? [] : [$"{at}: wanted a boolean"],
            _ => value is JsonObject obj ? CheckObject(schema, obj, at) : [$"{at}: wanted an object"],
        };
    }

    private IEnumerable<string> CheckArray(YamlMappingNode schema, JsonArray array, string at) =>
        array.SelectMany((item, i) => Check(Map(schema, "items"), item, $"{at}[{i}]"));

    private static IEnumerable<string> CheckWord(YamlMappingNode schema, string word, string at) =>
        !schema.Children.TryGetValue("enum", out YamlNode? words)
            || ((YamlSequenceNode)words).Any(allowed => allowed.ToString() == word)
            ? [] : [$"{at}: {word} is not in the enumeration"];

    private IEnumerable<string> CheckObject(YamlMappingNode schema, JsonObject obj, string at)
    {
        if (schema.Children.TryGetValue("required", out YamlNode? required))
        {
            foreach (YamlNode name in (YamlSequenceNode)required)
            {
                if (obj[name.ToString()] is null)
                {
                    yield return $"{at}: {name} is missing";
                }
            }
        }

        YamlMappingNode? properties = schema.Children.ContainsKey("properties") ? Map(schema, "properties") : null;
        bool closed = Text(schema, "additionalProperties") == "false";
        foreach ((string name, JsonNode? value) in obj)
        {
            if (properties?.Children.ContainsKey(name) == true)
            {
                foreach (string violation in Check(Map(properties, name), value, $"{at}.{name}"))
                {
                    yield return violation;
                }
            }
            else if (closed)
            {
                yield return $"{at}: {name} is not in the contract";
            }
        }
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) ? value.ToString() : null;
}

using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.OpenApi;

/// <summary>
/// Bodies that were sent and answers that were given, of people who do not exist: one file each in the folder
/// examples, by operation and "request" or status. A test sends and checks them, and writes them again.
/// </summary>
internal static class Examples
{
    private const string Folder = "openapi/";

    private static readonly Assembly Here = typeof(Examples).Assembly;

    /// <summary>The example of this name as JSON, a stream's lines as text; null where there is none.</summary>
    public static JsonNode? Read(string name) =>
        TextOf(name + ".json") is { } json ? JsonNode.Parse(json)
        : TextOf(name + ".ndjson") is { } lines ? JsonValue.Create(lines)
        : null;

    /// <summary>Names of all files.</summary>
    public static IEnumerable<string> Names => Here.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(name => name[Folder.Length..]);

    /// <summary>The text of one file.</summary>
    public static string? TextOf(string file)
    {
        using Stream? stream = Here.GetManifestResourceStream(Folder + file);
        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

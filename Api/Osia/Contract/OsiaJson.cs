using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>
/// How OSIA's JSON is read: strictly. Its schemas close every object but the filter, so that an unknown or
/// repeated property, a number in a string or a name in another case is refused, not guessed at.
/// </summary>
[JsonSerializable(typeof(OsiaEncounter))]
[JsonSerializable(typeof(OsiaIdentifyRequest))]
[JsonSerializable(typeof(OsiaVerifyFromIdRequest))]
[JsonSerializable(typeof(OsiaVerifyFromBioRequest))]
[JsonSerializable(typeof(OsiaExtendablePersonIds))]
[JsonSerializable(typeof(OsiaVerifyAnswer))]
[JsonSerializable(typeof(TaskStatusWord))]
[JsonSerializable(typeof(IReadOnlyList<OsiaEncounter>))]
[JsonSerializable(typeof(IReadOnlyList<OsiaCandidate>))]
[JsonSerializable(typeof(IReadOnlyList<OsiaComputedData>))]
[JsonSerializable(typeof(IReadOnlyList<OsiaPersonIds>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
internal sealed partial class OsiaJson : JsonSerializerContext
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new ElementConverter());
        // These bodies are JSON by their content type and never a part of a page: quotes need no escapes.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
    }
}

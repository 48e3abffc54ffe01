using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>
/// Reads a value of any shape and looks at every text in it. The parser passes over half of a UTF-16 pair in an
/// escape and over bytes that are not UTF-8; whoever asked for such a text later would meet an exception.
/// </summary>
internal sealed class ElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Utf8JsonReader ahead = reader;
        int depth = ahead.CurrentDepth;
        bool isOne = ahead.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
        do
        {
            if (ahead.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                ahead.GetString(); // The serializer makes a JsonException with its place of what this throws.
            }
        }
        while (!isOne && ahead.Read() && ahead.CurrentDepth > depth);

        return JsonMetadataServices.JsonElementConverter.Read(ref reader, typeToConvert, options);
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}

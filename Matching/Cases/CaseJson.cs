using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Cases;

/// <summary>How cases are stored: documents of the kind "case".</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(WordConverter<Verdict>), typeof(WordConverter<ReleaseProfile>)])]
[JsonSerializable(typeof(Case))]
internal sealed partial class CaseJson : JsonSerializerContext
{
    public const string Kind = "case";

    public static GovernanceDocument Document(Case one) => new(
        Kind, one.Id, one.Version,
        JsonSerializer.SerializeToUtf8Bytes(one, Default.Case));

    /// <exception cref="StoreException">It is no case.</exception>
    public static Case Read(GovernanceDocument document)
    {
        try
        {
            Case? read = JsonSerializer.Deserialize(document.Json.Span, Default.Case);
            return read is not null && read.Id == document.Key && read.Version == document.Version ? read
                : throw new StoreException(
                    $"the stored case {document.Key}, version {document.Version}, is of another name or version");
        }
        catch (JsonException damaged)
        {
            throw new StoreException(
                $"the stored case {document.Key}, version {document.Version}, cannot be read", damaged);
        }
    }
}

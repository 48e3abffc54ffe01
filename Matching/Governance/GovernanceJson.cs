using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>A document that two administrators have to sign before it holds.</summary>
/// <param name="Version">The version that it is, or would be.</param>
/// <param name="Content">What it says.</param>
/// <param name="ProposedBy">Who wrote it, the subject of a natural person.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ApprovedBy">The second person; null while nobody has.</param>
/// <param name="ApprovedAt">When; null while nobody has.</param>
public sealed record Signed<T>(
    long Version, T Content, string ProposedBy, DateTimeOffset ProposedAt, string? ApprovedBy = null,
    DateTimeOffset? ApprovedAt = null)
    where T : class;

/// <summary>
/// How documents are written. Unknown members are refused: a limit that is misspelt must not be lost.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(WordConverter<AgreementPhase>), typeof(WordConverter<ReleaseProfile>),
        typeof(WordConverter<Modality>)])]
[JsonSerializable(typeof(Signed<Agreement>))]
[JsonSerializable(typeof(Signed<GalleryPolicy>))]
[JsonSerializable(typeof(Signed<Suspension>))]
public sealed partial class GovernanceJson : JsonSerializerContext;

/// <summary>Words in lower case; numbers are refused.</summary>
public sealed class WordConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

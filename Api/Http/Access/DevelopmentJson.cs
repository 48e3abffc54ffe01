using System.Text.Json.Serialization;

namespace MatchCluster.Api.Http.Access;

/// <summary>A JWKS document (RFC 7517) of public EC keys.</summary>
internal sealed record DevelopmentJwks(DevelopmentJwk[] Keys);

/// <summary>A public EC key (RFC 7518, section 6.2).</summary>
internal sealed record DevelopmentJwk(
    string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DevelopmentJwks))]
internal sealed partial class DevelopmentJson : JsonSerializerContext;

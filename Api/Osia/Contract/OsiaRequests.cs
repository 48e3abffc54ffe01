using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>OSIA's IdentifyRequest.</summary>
internal sealed record OsiaIdentifyRequest
{
    public required OsiaFilter Filter { get; init; }

    public required IReadOnlyList<OsiaBiometricData> BiometricData { get; init; }

    /// <summary>
    /// Which parts are encrypted (JWE). They are opened before this is read; a server without keys refuses them.
    /// </summary>
    public JsonElement? Encryption { get; init; }

    /// <summary>
    /// Hashes of parts, and their signatures (JWS). They are checked before this is read; a server without keys refuses
    /// them.
    /// </summary>
    public JsonElement? Integrity { get; init; }
}

/// <summary>
/// OSIA's Filter, which is open. These keys are understood; any other is refused, because a filter that is
/// passed over would widen a search without saying so.
/// </summary>
internal sealed record OsiaFilter
{
    /// <summary>Only these modalities are compared.</summary>
    public IReadOnlyList<BiometricType>? BiometricType { get; init; }

    /// <summary>
    /// A date (yyyy-MM-dd) of which only the year counts: everybody born in that year passes.
    /// </summary>
    public string? DateOfBirthMin { get; init; }

    /// <summary>
    /// A date (yyyy-MM-dd) of which only the year counts: everybody born in that year passes.
    /// </summary>
    public string? DateOfBirthMax { get; init; }

    /// <summary>The wanted gender, M or F.</summary>
    public string? Gender { get; init; }

    /// <summary>
    /// Our own extension, inside (0, 1): the threshold is derived from it and the number of comparable
    /// identities.
    /// </summary>
    [JsonPropertyName("targetFPIR")]
    public double? TargetFpir { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; } // The serializer cannot init extension data.
}

/// <summary>OSIA's VerifyFromIdRequest.</summary>
internal sealed record OsiaVerifyFromIdRequest
{
    public required IReadOnlyList<OsiaBiometricData> BiometricData { get; init; }

    /// <summary>
    /// Which parts are encrypted (JWE). They are opened before this is read; a server without keys refuses them.
    /// </summary>
    public JsonElement? Encryption { get; init; }

    /// <summary>
    /// Hashes of parts, and their signatures (JWS). They are checked before this is read; a server without keys refuses
    /// them.
    /// </summary>
    public JsonElement? Integrity { get; init; }
}

/// <summary>OSIA's VerifyFromBioRequest.</summary>
internal sealed record OsiaVerifyFromBioRequest
{
    public required IReadOnlyList<OsiaBiometricData> BiometricData1 { get; init; }

    public required IReadOnlyList<OsiaBiometricData> BiometricData2 { get; init; }

    /// <summary>
    /// Which parts are encrypted (JWE). They are opened before this is read; a server without keys refuses them.
    /// </summary>
    public JsonElement? Encryption { get; init; }

    /// <summary>
    /// Hashes of parts, and their signatures (JWS). They are checked before this is read; a server without keys refuses
    /// them.
    /// </summary>
    public JsonElement? Integrity { get; init; }
}

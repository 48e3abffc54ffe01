using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>
/// OSIA's Encounter. EncounterId is read-only there: absent or as in the path when it is sent.
/// </summary>
internal sealed record OsiaEncounter
{
    public required StatusWord Status { get; init; }

    public string? EncounterId { get; init; }

    public required string EncounterType { get; init; }

    public DateTimeOffset? CreatedDate { get; init; }

    public DateTimeOffset? UpdatedDate { get; init; }

    public required IReadOnlyList<string> Galleries { get; init; }

    [JsonConverter(typeof(Base64Converter))]
    public byte[]? ClientData { get; init; }

    /// <summary>Contextual data, which are not stored.</summary>
    public Dictionary<string, JsonElement>? ContextualData { get; init; }

    /// <summary>
    /// Only the year of dateOfBirth (or yearOfBirth itself) and gender M or F are stored, and given back.
    /// </summary>
    public Dictionary<string, JsonElement>? BiographicData { get; init; }

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

/// <summary>OSIA's BiometricData.</summary>
internal sealed record OsiaBiometricData
{
    public required BiometricType BiometricType { get; init; }

    public BiometricSubType? BiometricSubType { get; init; }

    public string? Instance { get; init; }

    public string? EncounterId { get; init; }

    /// <summary>
    /// A picture (PNG, JPEG, JPEG 2000, WSQ, TIFF, BMP, PGM, or pixels of width and height), a finger or iris image
    /// record, or a CBEFF wrapper round one, as base64. Its template is extracted; where a template is beside it the
    /// picture is left out and named, unless the header MatchCluster-Prefer says image.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>
    /// The address of a picture on a server that this one was told to fetch from; otherwise it is left out and named.
    /// </summary>
    public string? ImageRef { get; init; }

    /// <summary>What was extracted of the image; never read or sent.</summary>
    [JsonIgnore]
    public IReadOnlyList<ExtractedTemplate>? Extracted { get; init; }

    /// <summary>The picture that is stored with what was extracted of it; never read or sent as such.</summary>
    [JsonIgnore]
    public Picture? Kept { get; init; }

    public DateTimeOffset? CaptureDate { get; init; }

    public string? CaptureDevice { get; init; }

    public ImpressionType? ImpressionType { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int? Bitdepth { get; init; }

    public string? MimeType { get; init; }

    public int? Resolution { get; init; }

    public CompressionType? Compression { get; init; }

    /// <summary>
    /// What is missing of one finger, of a slap or of both eyes; it is stored and given back.
    /// </summary>
    public IReadOnlyList<OsiaMissing>? Missing { get; init; }

    public string? Metadata { get; init; }

    public string? Comment { get; init; }

    [JsonConverter(typeof(Base64Converter))]
    public byte[]? Template { get; init; }

    /// <summary>It is not used yet: it is left out and named where a template is beside it.</summary>
    public string? TemplateRef { get; init; }

    public string? TemplateFormat { get; init; }

    public long? Quality { get; init; }

    public string? QualityFormat { get; init; }

    public string? Algorithm { get; init; }

    public string? Vendor { get; init; }

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

/// <summary>OSIA's MissingType.</summary>
internal sealed record OsiaMissing
{
    public BiometricSubType? BiometricSubType { get; init; }

    public Presence? Presence { get; init; }
}

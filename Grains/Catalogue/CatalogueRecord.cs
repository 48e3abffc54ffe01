using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Grains.Catalogue;

/// <summary>What the catalogue keeps. The form is frozen (a golden file holds it): a change is a new version.</summary>
internal sealed record CatalogueRecord
{
    public const int Current = 2;

    /// <summary>Members of it say nothing of their calibration.</summary>
    private const int WithoutCalibration = 1;

    public int Version { get; init; } = Current;

    /// <summary>Partitions of the store; 0 before the first silo joined.</summary>
    public int Partitions { get; init; }

    /// <summary>Who joined. Kept, so that a catalogue that moves knows its silos and moves nothing.</summary>
    public IReadOnlyList<RecordedMember> Members { get; init; } = [];

    public long OwnersVersion { get; init; }

    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Galleries and when each was first named, UTC.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Galleries { get; init; } =
        new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    public string ToJson() => JsonSerializer.Serialize(this, CatalogueJson.Default.CatalogueRecord);

    /// <exception cref="InvalidOperationException">Another version, or no record at all.</exception>
    public static CatalogueRecord Of(string json)
    {
        try
        {
            CatalogueRecord? read = JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueRecord);
            return read is { Version: Current or WithoutCalibration }
                ? read with { Version = Current }
                : throw new InvalidOperationException(
                    $"the stored catalogue has version {read?.Version}, this program reads versions 1 and {Current}");
        }
        catch (JsonException broken)
        {
            throw new InvalidOperationException($"the stored catalogue cannot be read: {broken.Message}", broken);
        }
    }
}

/// <param name="Card">What it said of itself.</param>
/// <param name="IsLeaving">Whether it hands its partitions on.</param>
internal sealed record RecordedMember(MemberCard Card, bool IsLeaving = false);

/// <summary>Orleans' own text form of an address: "127.0.0.1:11111@generation".</summary>
internal sealed class SiloAddressJson : JsonConverter<SiloAddress>
{
    public override SiloAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.GetString();
        try
        {
            return SiloAddress.FromParsableString(text!);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new JsonException($"'{text}' is no address of a silo", wrong);
        }
    }

    public override void Write(Utf8JsonWriter writer, SiloAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToParsableString());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(SiloAddressJson)])]
[JsonSerializable(typeof(CatalogueRecord))]
internal sealed partial class CatalogueJson : JsonSerializerContext;

/// <summary>What Orleans stores: our own text, so that its form is ours to freeze.</summary>
[GenerateSerializer]
[Alias("matchcluster.catalogue-state")]
public sealed class CatalogueState
{
    [Id(0)]
    public string Json { get; set; } = "";
}

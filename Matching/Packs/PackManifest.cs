using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Feeds;

namespace MatchCluster.Matching.Packs;

/// <summary>What a pack says of itself; encrypted and signed with what it holds.</summary>
public sealed record PackManifest
{
    /// <summary>The schema that this program writes and reads.</summary>
    public const int Schema = 1;

    /// <summary>Its name, which no other pack has.</summary>
    public required string PackId { get; init; }

    /// <summary>The gallery that it was made of.</summary>
    public required string GalleryId { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>From then on nobody may search it.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Partitions of the gallery: a copy with as many answers alike.</summary>
    public required int Partitions { get; init; }

    /// <summary>What the gallery's fingers are scored by.</summary>
    public required string Calibration { get; init; }

    /// <summary>The engine that made it.</summary>
    public required string Engine { get; init; }

    /// <summary>Where the gallery's change log was; null where none is kept.</summary>
    public long? Position { get; init; }

    /// <summary>Whether it is of some persons of the gallery only.</summary>
    public bool IsPart { get; init; }

    /// <summary>What its state is hashed with (<see cref="FeedKey"/>).</summary>
    public required ReadOnlyMemory<byte> StateKey { get; init; }

    /// <summary>Its canonical JSON.</summary>
    public byte[] Encode() => CanonicalJson.Encode(new JsonObject
    {
        ["schema"] = Schema,
        ["packId"] = PackId,
        ["galleryId"] = GalleryId,
        ["created"] = Created.ToString("O", CultureInfo.InvariantCulture),
        ["expires"] = Expires.ToString("O", CultureInfo.InvariantCulture),
        ["partitions"] = Partitions,
        ["calibration"] = Calibration,
        ["engine"] = Engine,
        ["position"] = Position,
        ["part"] = IsPart,
        ["stateKey"] = Convert.ToBase64String(StateKey.Span),
    });

    /// <summary>Reads one back.</summary>
    /// <exception cref="PackException">It is of another schema, or none.</exception>
    public static PackManifest Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonNode stated = JsonNode.Parse(json) ?? throw new FormatException("found nothing");
            int schema = (int)stated["schema"]!;
            if (schema != Schema)
            {
                throw new PackException(
                    $"the pack has schema {schema}, and this program reads {Schema}: "
                    + (schema > Schema ? "use a newer program" : "make the pack again with today's program"));
            }

            PackManifest read = new()
            {
                PackId = (string)stated["packId"]!,
                GalleryId = (string)stated["galleryId"]!,
                Created = Time(stated["created"]),
                Expires = Time(stated["expires"]),
                Partitions = (int)stated["partitions"]!,
                Calibration = (string)stated["calibration"]!,
                Engine = (string)stated["engine"]!,
                Position = (long?)stated["position"],
                IsPart = (bool)stated["part"]!,
                StateKey = Convert.FromBase64String((string)stated["stateKey"]!),
            };
            return read.Partitions is >= 1 and <= Limits.Partitions && read.StateKey.Length == FeedKey.Bytes
                ? read : throw new FormatException($"found {read.Partitions} partitions");
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
            or ArgumentException or NullReferenceException)
        {
            throw new PackException($"the pack's manifest cannot be read: {malformed.Message}", malformed);
        }
    }

    private static DateTimeOffset Time(JsonNode? text) => DateTimeOffset.ParseExact(
        (string)text!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}

using System.Globalization;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Matching.Packs;

/// <summary>A pack that was made here as it is stored: canonical JSON.</summary>
internal static class IssuedPackCodec
{
    public static byte[] Encode(IssuedPack pack) => CanonicalJson.Encode(new JsonObject
    {
        ["packId"] = pack.PackId,
        ["galleryId"] = pack.GalleryId,
        ["recipient"] = pack.Recipient,
        ["created"] = PackReport.Text(pack.Created),
        ["expires"] = PackReport.Text(pack.Expires),
        ["encounters"] = pack.Encounters,
    });

    public static IssuedPack Decode(ReadOnlySpan<byte> json)
    {
        JsonNode stored = JsonNode.Parse(json)!;
        return new IssuedPack(
            (string)stored["packId"]!, (string)stored["galleryId"]!, (string)stored["recipient"]!,
            Time(stored["created"]), Time(stored["expires"]), (long)stored["encounters"]!);
    }

    private static DateTimeOffset Time(JsonNode? text) => DateTimeOffset.ParseExact(
        (string)text!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Matching.Packs;

/// <summary>A search of a copy that had candidates. It holds ids, and nothing of the probe.</summary>
/// <param name="HitId">Its name, which no other has.</param>
/// <param name="Json">Its canonical JSON.</param>
public sealed record PackHit(string HitId, ReadOnlyMemory<byte> Json);

/// <summary>The report of a copy's hits to where its pack was made, signed by the copy.</summary>
public static class PackReport
{
    /// <summary>Hits of one report.</summary>
    public const int MostHits = 1000;

    /// <summary>Bytes of hits after which a report ends: one of a thousand candidates has about 120 KB.</summary>
    public const int MostBytes = 4 << 20;

    private const int MostIdLength = 64;

    /// <summary>The report as it is sent.</summary>
    public static byte[] Make(string packId, IEnumerable<PackHit> hits, PackIdentity own)
    {
        ArgumentNullException.ThrowIfNull(hits);
        ArgumentNullException.ThrowIfNull(own);
        return SignedStatement.Sign(
            new JsonObject
            {
                ["packId"] = packId,
                ["hits"] = new JsonArray([.. hits.Select(hit => JsonNode.Parse(hit.Json.Span))]),
            },
            own.Signing);
    }

    /// <summary>The hits of a report; null where it is none, is about another pack, or another one signed it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="packId">The pack that it has to be about.</param>
    /// <param name="recipient">The public keys of whom the pack was made for.</param>
    public static IReadOnlyList<PackHit>? Read(string report, string packId, string recipient)
    {
        try
        {
            using PackIdentity identity = PackIdentity.Read(recipient);
            if (SignedStatement.Read(report, identity.Signing) is not { } stated
                || (string?)stated["packId"] != packId
                || stated["hits"] is not JsonArray { Count: <= MostHits } listed)
            {
                return null;
            }

            List<PackHit> hits = [];
            foreach (JsonNode? hit in listed)
            {
                if ((string?)hit?["hitId"] is not { Length: > 0 and <= MostIdLength } id
                    || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                {
                    return null;
                }

                hits.Add(new PackHit(id, CanonicalJson.Encode(hit)));
            }

            return hits;
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or FormatException
            or ArgumentException or CryptographicException or PackException)
        {
            return null;
        }
    }

    internal static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    internal static string Text(ReadOnlySpan<byte> json) => Encoding.UTF8.GetString(json);
}

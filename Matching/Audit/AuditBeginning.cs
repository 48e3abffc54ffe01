using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The first row of a log that several front ends write to. It names the keys: a front end that has others would write
/// hashes by which nobody is found, and checkpoints that nobody can verify.
/// </summary>
internal static class AuditBeginning
{
    public const string Operation = "beginAudit";

    /// <summary>Writes the first row where there is none, and compares its keys with ours.</summary>
    /// <returns>The last row.</returns>
    /// <exception cref="StoreException">It has other keys, or cannot be written or read.</exception>
    public static async ValueTask<AuditHead> CheckAsync(
        IAuditStore store, AuditHead head, AuditKeys keys, string? server, TimeProvider clock)
    {
        if (head.Sequence == 0)
        {
            DateTimeOffset now = clock.GetUtcNow();
            AuditRow row = AuditChain.After(head, new AuditEntry
            {
                Start = now,
                End = now,
                Caller = "server",
                Operation = Operation,
                Server = server,
                Keys = keys.Ids,
            });
            AuditAppend append = await store.AppendAsync(head, [row]);
            if (append.Outage is { } outage)
            {
                throw new StoreException(outage, store.Name);
            }

            // Somebody who began it in the same moment is welcome.
            head = await store.ReadHeadAsync(CancellationToken.None);
        }

        AuditRow? first = await store.ReadAsync(after: 0, about: null).FirstOrDefaultAsync();
        AuditKeyIds? named = first is null || first.Sequence != 1 ? null : Named(first);
        return named is null
            ? throw new StoreException(
                $"{store.Name}: its first row names no keys; 'audit verify' says what was changed")
            : named == keys.Ids ? head
            : throw new StoreException(
                $"{store.Name}: was begun with {Differing(named, keys.Ids)}; copy the key files of a front end that "
                + "writes to it");
    }

    private static string Differing(AuditKeyIds named, AuditKeyIds ours) =>
        named.Hash != ours.Hash ? "another key of hashes" : "another key of checkpoints";

    private static AuditKeyIds? Named(AuditRow first)
    {
        JsonNode? keys = AuditChain.Parse(first.Json)?["keys"];
        return keys is JsonObject && keys["hash"] is JsonValue hash && hash.TryGetValue(out string? ofHashes)
            && keys["signing"] is JsonValue signing && signing.TryGetValue(out string? ofCheckpoints)
            ? new AuditKeyIds(ofHashes, ofCheckpoints) : null;
    }
}

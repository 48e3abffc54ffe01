using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// A part of a log for somebody else: the rows, one a line, and a signed manifest as the last line. It states what was
/// asked for, how many rows answer that, the SHA-256 of their lines, and the last row of the log then.
/// </summary>
public static class AuditExport
{
    private const int Version = 1;

    /// <summary>The lines of an export, each with its end.</summary>
    internal static async IAsyncEnumerable<byte[]> LinesAsync(
        IAuditStore store, AuditKeys keys, AuditQuery query, DateTimeOffset now,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        AuditHead head = await store.ReadHeadAsync(cancel);
        string? about = query.Person is null ? null : keys.OfPerson(query.Person);
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long rows = 0;
        long? first = null;
        long? last = null;
        await foreach (AuditRow row in AuditRows.ReadAsync(store, query, about, head, cancel))
        {
            byte[] line = [.. row.Json, (byte)'\n'];
            digest.AppendData(line);
            rows++;
            first ??= row.Sequence;
            last = row.Sequence;
            yield return line;
        }

        JsonObject manifest = new()
        {
            ["export"] = Version,
            ["log"] = store.Id,
            ["after"] = query.After,
            ["from"] = query.From is { } from ? AuditEntry.Written(from) : null,
            ["to"] = query.To is { } to ? AuditEntry.Written(to) : null,
            ["person"] = about,
            ["rows"] = rows,
            ["first"] = first,
            ["last"] = last,
            ["digest"] = Convert.ToHexStringLower(digest.GetHashAndReset()),
            ["head"] = new JsonObject { ["sequence"] = head.Sequence, ["hash"] = head.Hash },
            ["time"] = AuditEntry.Written(now),
        };
        yield return [.. SignedStatement.Sign(manifest, keys.Signing), (byte)'\n'];
    }

    /// <summary>Verifies an export as its receiver has it, with the public key alone.</summary>
    /// <param name="file">The export.</param>
    /// <param name="publicKey">Public key of the log in PEM.</param>
    /// <returns>How many rows it has, and what is wrong with it; null where nothing is.</returns>
    /// <exception cref="StoreException">A file cannot be read.</exception>
    public static (long Rows, string? Fault) Verify(string file, string publicKey)
    {
        using ECDsa key = SigningKeyFile.ReadPublic(publicKey);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{file}: cannot be read: {fault.Message}", fault);
        }

        if (lines.Length == 0 || SignedStatement.Read(lines[^1], key) is not { } manifest
            || manifest["export"] is not JsonValue version || !version.TryGetValue(out int number)
            || number != Version)
        {
            return (0, "its last line is no manifest that this key signed");
        }

        return (lines.Length - 1, FaultOf(lines[..^1], manifest));
    }

    private static string? FaultOf(string[] rows, JsonObject manifest)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (long Sequence, string Hash) before = default;
        for (int i = 0; i < rows.Length; i++)
        {
            byte[] json = Encoding.UTF8.GetBytes(rows[i]);
            digest.AppendData(json);
            digest.AppendData("\n"u8);
            JsonObject? row = AuditChain.Parse(json);
            if (row?["sequence"] is not JsonValue number || !number.TryGetValue(out long sequence))
            {
                return $"line {i + 1} is no row";
            }

            if (sequence <= before.Sequence)
            {
                return $"line {i + 1}: row {sequence} comes after row {before.Sequence}";
            }

            if (sequence == before.Sequence + 1 && before.Sequence > 0 && (string?)row["previous"] != before.Hash)
            {
                return $"line {i + 1}: row {sequence} does not follow row {before.Sequence}: it names another hash";
            }

            before = (sequence, AuditChain.HashOf(json));
        }

        JsonNode head = manifest["head"]!;
        return rows.Length != (long)manifest["rows"]!
            ? $"it has {rows.Length} rows, and its manifest names {(long)manifest["rows"]!}"
            : Convert.ToHexStringLower(digest.GetHashAndReset()) != (string?)manifest["digest"]
            ? "its rows have another hash than the manifest names"
            : before.Sequence == (long)head["sequence"]! && before.Sequence > 0 && before.Hash != (string?)head["hash"]
            ? $"row {before.Sequence} has another hash than the manifest names as that of the last row"
            : null;
    }
}

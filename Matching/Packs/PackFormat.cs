using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// The file of a pack, little-endian. "MCPACK", version (2), length of the header (4), the header; chunks, each with
/// its length (4, the highest bit set in the last) and as many bytes; a signature (ECDSA P-256, r and s, 64) of
/// SHA-256 of everything before it. Inside of the chunks, joined: parts, each with its type (1), length (4) and bytes.
/// </summary>
/// <remarks>
/// The header is JSON in the clear: version of the header, id of the recipient's key, id of the signer's, the ephemeral
/// public key. It says nothing of the gallery. Parts: "M" the manifest, first; "E" an encounter (a record of
/// docs/records.md), which replaces one of its ids before it; "D" ids of one that was before it and is not in; "Z" the
/// end: state (32), encounters (8), position in the change log (8, -1 for none).
/// </remarks>
internal static class PackFormat
{
    public const ushort Version = 1;
    public const int BeginningBytes = 12;
    public const int SignatureBytes = 64;
    public const int MostHeaderBytes = 4096;
    public const uint LastChunk = 0x8000_0000;
    public const byte ManifestPart = (byte)'M';
    public const byte EncounterPart = (byte)'E';
    public const byte DeletionPart = (byte)'D';
    public const byte EndPart = (byte)'Z';

    /// <summary>A part holds an encounter at most: as large as a record may be.</summary>
    public const int MostPartBytes = 16 << 20;

    public static ReadOnlySpan<byte> Magic => "MCPACK"u8;

    /// <summary>What is signed before the hash, so that no other signature of the key fits.</summary>
    public static ReadOnlySpan<byte> SignedPurpose => "matchcluster pack 1\0"u8;

    public static byte[] Header(string recipient, string signer, byte[] ephemeral) => CanonicalJson.Encode(
        new JsonObject
        {
            ["recipient"] = recipient,
            ["signer"] = signer,
            ["ephemeral"] = Convert.ToBase64String(ephemeral),
        });

    public static byte[] Deletion(string personId, string encounterId)
    {
        FrameWriter writer = new(64);
        writer.Text("person id", personId, 0, Limits.IdBytes);
        writer.Text("encounter id", encounterId, 0, Limits.IdBytes);
        return writer.ToArray();
    }

    /// <summary>The ids of a deletion; null where it cannot be read.</summary>
    public static (string PersonId, string EncounterId)? ReadDeletion(ReadOnlySpan<byte> part)
    {
        FrameReader reader = new(part, 0);
        (string, string) ids = (
            reader.Text("person id", 0, Limits.IdBytes), reader.Text("encounter id", 0, Limits.IdBytes));
        reader.End();
        return reader.Rejection is null ? ids : null;
    }

    public static byte[] End(PackEnd end)
    {
        FrameWriter writer = new(64);
        byte[] state = new byte[StateHash.Bytes];
        end.State.Hash.Write(state);
        writer.Raw(state);
        writer.Int64(end.State.Encounters);
        writer.Int64(end.Position ?? -1);
        return writer.ToArray();
    }

    /// <summary>The end of a pack; null where it cannot be read.</summary>
    public static PackEnd? ReadEnd(ReadOnlySpan<byte> part)
    {
        FrameReader reader = new(part, 0);
        ReadOnlySpan<byte> hash = reader.Raw("state", StateHash.Bytes);
        long count = reader.Int64("encounters");
        long position = reader.Int64("position");
        reader.End();
        return reader.Rejection is null
            ? new PackEnd(new GalleryState(new StateHash(hash), count), position < 0 ? null : position) : null;
    }
}

/// <summary>What a pack says at its end.</summary>
/// <param name="State">What it holds.</param>
/// <param name="Position">Where the gallery's change log is; null where none is kept.</param>
internal sealed record PackEnd(GalleryState State, long? Position);

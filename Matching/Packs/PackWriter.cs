using System.Buffers.Binary;
using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>Writes a pack as a stream: a chunk at a time is in memory.</summary>
public sealed class PackWriter : IAsyncDisposable
{
    private readonly Stream output;
    private readonly ECDsa signer;
    private readonly FeedKey key;
    private readonly PackCipher cipher;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] chunk = new byte[PackCipher.ChunkBytes];
    private readonly Dictionary<(string, string), Guid> held = [];
    private GalleryState state;
    private int filled;

    private PackWriter(Stream output, ECDsa signer, FeedKey key, PackCipher cipher)
    {
        this.output = output;
        this.signer = signer;
        this.key = key;
        this.cipher = cipher;
    }

    /// <summary>What it holds so far.</summary>
    public GalleryState State => state;

    /// <summary>Begins a pack.</summary>
    /// <param name="output">Where it goes; stays open.</param>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="signer">The key that signs it.</param>
    /// <param name="manifest">What it says of itself.</param>
    /// <param name="cancel">Ends it early.</param>
    public static async Task<PackWriter> BeginAsync(
        Stream output, PackIdentity recipient, ECDsa signer, PackManifest manifest, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(manifest);
        using ECDiffieHellman ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] header = PackFormat.Header(
            recipient.Id, SigningKeyFile.IdOf(signer), ephemeral.ExportSubjectPublicKeyInfo());
        byte[] beginning = new byte[PackFormat.BeginningBytes + header.Length];
        PackFormat.Magic.CopyTo(beginning);
        BinaryPrimitives.WriteUInt16LittleEndian(beginning.AsSpan(6), PackFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(beginning.AsSpan(8), header.Length);
        header.CopyTo(beginning, PackFormat.BeginningBytes);
        PackWriter writer = new(
            output, signer, new FeedKey(manifest.StateKey.Span),
            PackCipher.Of(ephemeral, recipient.Agreement, beginning));
        await writer.WriteAsync(beginning, cancel);
        await writer.PartAsync(PackFormat.ManifestPart, manifest.Encode(), cancel);
        return writer;
    }

    /// <summary>Puts an encounter in, in place of one of its ids that is in already.</summary>
    public async ValueTask AddAsync(Encounter encounter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        Forget(encounter.PersonId, encounter.EncounterId);
        held[(encounter.PersonId, encounter.EncounterId)] = encounter.RecordId;
        state += new GalleryState(key.Of(encounter.PersonId, encounter.EncounterId, encounter.RecordId), 1);
        await PartAsync(PackFormat.EncounterPart, EncounterCodec.Encode(encounter), cancel);
    }

    /// <summary>Takes an encounter out again, where it is in.</summary>
    public async ValueTask RemoveAsync(string personId, string encounterId, CancellationToken cancel)
    {
        if (Forget(personId, encounterId))
        {
            await PartAsync(PackFormat.DeletionPart, PackFormat.Deletion(personId, encounterId), cancel);
        }
    }

    /// <summary>Ends the pack with what it holds and its signature.</summary>
    /// <param name="position">Where the gallery's change log is; null where none is kept.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task EndAsync(long? position, CancellationToken cancel)
    {
        await PartAsync(PackFormat.EndPart, PackFormat.End(new PackEnd(state, position)), cancel);
        await ChunkAsync(isLast: true, cancel);
        byte[] signed = [.. PackFormat.SignedPurpose, .. hash.GetHashAndReset()];
        byte[] signature;
        lock (signer)
        {
            signature = signer.SignData(signed, HashAlgorithmName.SHA256);
        }

        await output.WriteAsync(signature, cancel);
        await output.FlushAsync(cancel);
    }

    public ValueTask DisposeAsync()
    {
        cipher.Dispose();
        hash.Dispose();
        return default;
    }

    private bool Forget(string personId, string encounterId)
    {
        bool isIn = held.Remove((personId, encounterId), out Guid record);
        if (isIn)
        {
            state -= new GalleryState(key.Of(personId, encounterId, record), 1);
        }

        return isIn;
    }

    private async ValueTask PartAsync(byte type, byte[] bytes, CancellationToken cancel)
    {
        byte[] head = new byte[5];
        head[0] = type;
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(1), bytes.Length);
        await FillAsync(head, cancel);
        await FillAsync(bytes, cancel);
    }

    private async ValueTask FillAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            if (filled == chunk.Length)
            {
                await ChunkAsync(isLast: false, cancel);
            }

            int taken = Math.Min(bytes.Length, chunk.Length - filled);
            bytes[..taken].CopyTo(chunk.AsMemory(filled));
            filled += taken;
            bytes = bytes[taken..];
        }
    }

    private async ValueTask ChunkAsync(bool isLast, CancellationToken cancel)
    {
        byte[] sealedChunk = cipher.Seal(chunk.AsSpan(0, filled), isLast);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(
            length, (uint)sealedChunk.Length | (isLast ? PackFormat.LastChunk : 0));
        filled = 0;
        await WriteAsync(length, cancel);
        await WriteAsync(sealedChunk, cancel);
    }

    private async ValueTask WriteAsync(byte[] bytes, CancellationToken cancel)
    {
        hash.AppendData(bytes);
        await output.WriteAsync(bytes, cancel);
    }
}

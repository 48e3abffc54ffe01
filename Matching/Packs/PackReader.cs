using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// Reads a pack twice: once to verify the signature of the whole file, before anything of it is opened, and once to
/// open it. The second time it is hashed again, so that a file that changes in between is refused at its end.
/// </summary>
public sealed class PackReader : IDisposable
{
    private const int HashBytes = 1 << 20;

    private readonly FileStream file;
    private readonly long chunksAt;
    private readonly long signatureAt;
    private readonly byte[] verified;
    private readonly PackCipher cipher;
    private bool hasBegun;

    private PackReader(FileStream file, long chunksAt, byte[] verified, PackCipher cipher)
    {
        this.file = file;
        this.chunksAt = chunksAt;
        this.verified = verified;
        this.cipher = cipher;
        signatureAt = file.Length - PackFormat.SignatureBytes;
    }

    /// <summary>What the pack says of itself; there once the first part was read.</summary>
    public PackManifest? Manifest { get; private set; }

    /// <summary>What it holds, as it states at its end; there once everything was read.</summary>
    public GalleryState? State { get; private set; }

    /// <summary>Opens a pack whose signature holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">Whom it must be for, with private keys.</param>
    /// <param name="signer">Who must have signed it.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="PackException">
    /// It is no pack, of another version, for somebody else, or was changed.
    /// </exception>
    public static async Task<PackReader> OpenAsync(
        string path, PackIdentity own, ECDsa signer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(signer);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            byte[] beginning = await BeginningAsync(file, cancel);
            JsonNode header = HeaderOf(beginning);
            if ((string?)header["recipient"] != own.Id)
            {
                throw new PackException("the pack is for another recipient than this key's");
            }

            byte[] verified = await VerifiedAsync(file, signer, header, cancel);
            PackReader reader = new(file, beginning.Length, verified, CipherOf(own, header, beginning));
            file = null;
            return reader;
        }
        catch (PackException wrong)
        {
            throw new PackException($"{path}: {wrong.Message}", wrong);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: cannot be read: {fault.Message}", fault);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>
    /// Every encounter, in the order of the file, and the ids of those that are taken out again. Only when it has ended
    /// is everything read, and is <see cref="State"/> the state of what was given.
    /// </summary>
    /// <exception cref="PackException">It was changed, or does not hold what it says.</exception>
    public async IAsyncEnumerable<PackPart> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (hasBegun)
        {
            throw new InvalidOperationException("a pack is read once");
        }

        hasBegun = true;
        await using PackParts parts = new(file, chunksAt, signatureAt, cipher);
        while (await parts.NextAsync(cancel) is var (type, bytes))
        {
            if (Manifest is null)
            {
                Manifest = type == PackFormat.ManifestPart ? PackManifest.Decode(bytes)
                    : throw new PackException("the pack does not begin with its manifest");
                yield return new PackPart(null, null, null);
                continue;
            }

            switch (type)
            {
                case PackFormat.EncounterPart:
                    Decoded<Encounter> read = EncounterCodec.Decode(bytes);

                    // Earlier packs name pictures whose bytes they do not have.
                    yield return read.Value is { } encounter
                        ? new PackPart(encounter with { Pictures = [] }, encounter.PersonId, encounter.EncounterId)
                        : throw new PackException($"an encounter of the pack cannot be read: {read.Rejection}");
                    break;
                case PackFormat.DeletionPart:
                    (string person, string id) = PackFormat.ReadDeletion(bytes)
                        ?? throw new PackException("a deletion of the pack cannot be read");
                    yield return new PackPart(null, person, id);
                    break;
                case PackFormat.EndPart:
                    PackEnd end = PackFormat.ReadEnd(bytes)
                        ?? throw new PackException("the end of the pack cannot be read");
                    await parts.EndAsync(verified, cancel);
                    Manifest = Manifest with { Position = end.Position };
                    State = end.State;
                    yield break;
                default:
                    throw new PackException($"the pack has a part of type {type}, which this program does not know");
            }
        }

        throw new PackException("the pack ends without its end");
    }

    public void Dispose()
    {
        cipher.Dispose();
        file.Dispose();
    }

    private static async Task<byte[]> BeginningAsync(FileStream file, CancellationToken cancel)
    {
        byte[] first = new byte[PackFormat.BeginningBytes];
        if (file.Length < PackFormat.BeginningBytes + PackFormat.SignatureBytes
            || await file.ReadAtLeastAsync(first, first.Length, false, cancel) < first.Length
            || !first.AsSpan().StartsWith(PackFormat.Magic))
        {
            throw new PackException("is no pack, or only the beginning of one");
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(first.AsSpan(6));
        int length = BinaryPrimitives.ReadInt32LittleEndian(first.AsSpan(8));
        if (version != PackFormat.Version)
        {
            throw new PackException(
                $"the pack has version {version}, and this program reads {PackFormat.Version}: "
                + (version > PackFormat.Version ? "use a newer program" : "make the pack again with today's program"));
        }

        if (length is < 2 or > PackFormat.MostHeaderBytes
            || file.Length < PackFormat.BeginningBytes + length + PackFormat.SignatureBytes)
        {
            throw new PackException($"a header of {length} bytes, wanted 2 to {PackFormat.MostHeaderBytes}");
        }

        byte[] whole = new byte[first.Length + length];
        first.CopyTo(whole, 0);
        await file.ReadExactlyAsync(whole.AsMemory(first.Length), cancel);
        return whole;
    }

    private static JsonNode HeaderOf(byte[] beginning)
    {
        try
        {
            JsonNode header = JsonNode.Parse(beginning.AsSpan(PackFormat.BeginningBytes))
                ?? throw new FormatException("found nothing");
            _ = (string?)header["recipient"] ?? throw new FormatException("found no recipient");
            _ = (string?)header["signer"] ?? throw new FormatException("found no signer");
            _ = (string?)header["ephemeral"] ?? throw new FormatException("found no ephemeral key");
            return header;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
            or ArgumentException)
        {
            throw new PackException($"the header of the pack cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <returns>The hash that the signature holds for.</returns>
    private static async Task<byte[]> VerifiedAsync(
        FileStream file, ECDsa signer, JsonNode header, CancellationToken cancel)
    {
        file.Position = 0;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[HashBytes];
        long left = file.Length - PackFormat.SignatureBytes;
        while (left > 0)
        {
            int read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancel);
            if (read == 0)
            {
                throw new PackException("the file became shorter while it was read");
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        byte[] signature = new byte[PackFormat.SignatureBytes];
        await file.ReadExactlyAsync(signature, cancel);
        byte[] whole = hash.GetHashAndReset();
        byte[] signed = [.. PackFormat.SignedPurpose, .. whole];
        if ((string?)header["signer"] != SigningKeyFile.IdOf(signer))
        {
            throw new PackException("the pack names another signer than the key that is given");
        }

        return signer.VerifyData(signed, signature, HashAlgorithmName.SHA256) ? whole
            : throw new PackException("the signature does not hold: the pack was changed, or is not whole");
    }

    private static PackCipher CipherOf(PackIdentity own, JsonNode header, byte[] beginning)
    {
        try
        {
            using ECDiffieHellman ephemeral = ECDiffieHellman.Create();
            ephemeral.ImportSubjectPublicKeyInfo(Convert.FromBase64String((string)header["ephemeral"]!), out _);
            return PackCipher.Of(own.Agreement, ephemeral, beginning);
        }
        catch (Exception wrong) when (wrong is CryptographicException or FormatException or ArgumentException)
        {
            throw new PackException($"the pack's key cannot be made: {wrong.Message}", wrong);
        }
    }
}

/// <summary>
/// A part of a pack: an encounter; or the ids of one that is taken out again; or neither, once, when the manifest was
/// read.
/// </summary>
public sealed record PackPart(Encounter? Encounter, string? PersonId, string? EncounterId);

using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// The bytes of a kept probe. Version 1 is plain: the version, then the samples as an encounter record has them.
/// Version 2 is sealed: the version; the gallery that was searched (text; empty where that was all of them); id of its
/// key (16, RFC 9562 order); nonce (12); AES-256-GCM of the probe's own random key under the gallery's (32, tag 16);
/// then AES-256-GCM of version 1 under the probe's key (length 4; tag 16 at its end).
/// </summary>
/// <remarks>
/// Both parts authenticate the id of the case, and the first one its gallery too. A probe's key seals one text only, so
/// that its nonce is zero; a rotation wraps it again.
/// </remarks>
/// <param name="keys">Keys of the galleries; null keeps probes in the clear.</param>
/// <param name="where">The file or server, for the operator.</param>
internal sealed class ProbeCodec(KeyRing? keys, string where)
{
    public const byte PlainVersion = 1;
    public const byte SealedVersion = 2;

    private const int WrappedBytes = Gcm.NonceBytes + GalleryKey.Bytes + Gcm.TagBytes;
    private const int MostBytes = 64 << 20;
    private static readonly byte[] ZeroNonce = new byte[Gcm.NonceBytes];

    /// <summary>Makes sure that the gallery has a key. Called before a probe of it is written.</summary>
    /// <exception cref="StoreException">It can have none now.</exception>
    public async ValueTask PrepareAsync(string gallery, CancellationToken cancel)
    {
        if (keys is null)
        {
            return;
        }

        try
        {
            if (await keys.EnsureAsync([KeyNameOf(gallery)], cancel) is { } outage)
            {
                throw new StoreException(outage, where);
            }
        }
        catch (KeyException wrong)
        {
            throw new StoreException($"{where}: {wrong.Message}", wrong);
        }
    }

    /// <summary>The bytes of a probe, sealed where there are keys.</summary>
    /// <exception cref="StoreException">The gallery has no key: it is being deleted.</exception>
    public byte[] Encode(string caseId, string gallery, IReadOnlyList<Sample> samples)
    {
        byte[] plain = Encode(samples);
        return keys is null ? plain : Seal(keys, caseId, KeyNameOf(gallery), plain);
    }

    /// <summary>The bytes of a probe in the clear.</summary>
    public static byte[] Encode(IReadOnlyList<Sample> samples)
    {
        FrameWriter writer = new(1 + samples.Sum(sample => sample.Template.Length + Limits.IdBytes));
        writer.Byte(PlainVersion);
        SampleCodec.WriteAll(writer, samples);
        return writer.ToArray();
    }

    /// <summary>The probe in some bytes; null where the key that sealed it was destroyed with its gallery.</summary>
    /// <exception cref="StoreException">They cannot be read, or are sealed and no key is here.</exception>
    public async ValueTask<IReadOnlyList<Sample>?> DecodeAsync(
        string caseId, byte[] bytes, CancellationToken cancel)
    {
        if (bytes is not [SealedVersion, ..])
        {
            return Decode(bytes);
        }

        if (keys is null)
        {
            throw new StoreException(
                new Outage("the probe of the case is encrypted, and this server has no master key", MayRetry: true),
                where);
        }

        SealedProbe probe = Parse(bytes);
        if (await FindAsync(keys, probe.KeyId, cancel) is not { } key)
        {
            return null;
        }

        byte[] own = OwnKeyOf(caseId, key, probe);
        byte[] plain = new byte[probe.Content.Length - Gcm.TagBytes];
        bool isWhole = Gcm.TryOpen(own, ZeroNonce, probe.Content, plain, Bound(caseId, ""));
        Array.Clear(own);
        return isWhole ? Decode(plain) : throw Changed();
    }

    /// <summary>
    /// The bytes of a probe under the key of today; null where they are so already, or nothing opens them.
    /// </summary>
    /// <exception cref="StoreException">They were changed or moved.</exception>
    public byte[]? Renew(string caseId, byte[] bytes)
    {
        if (keys is null)
        {
            return null;
        }

        if (bytes is not [SealedVersion, ..])
        {
            // Nobody noted which gallery was searched.
            return Seal(keys, caseId, KeyRing.OwnKey, bytes);
        }

        SealedProbe probe = Parse(bytes);
        return keys.Current(probe.Gallery) is not { } now || now.Id == probe.KeyId
            || keys.Find(probe.KeyId) is not { } older ? null
            : Write(caseId, now, OwnKeyOf(caseId, older, probe), probe.Content);
    }

    private async ValueTask<GalleryKey?> FindAsync(KeyRing ring, Guid id, CancellationToken cancel)
    {
        if (ring.Find(id) is null && ring.TrustedFor is not null)
        {
            // Another process may have made it a moment ago.
            try
            {
                await ring.RefreshAsync(cancel);
            }
            catch (KeyException wrong)
            {
                throw new StoreException($"{where}: {wrong.Message}", wrong);
            }
        }

        return ring.Find(id);
    }

    private static string KeyNameOf(string gallery) =>
        gallery == AgreementBook.AllGalleries ? KeyRing.OwnKey : gallery;

    private static byte[] Bound(string caseId, string gallery)
    {
        FrameWriter writer = new(2 * Limits.IdBytes);
        writer.Text("case", caseId, 1, Limits.IdBytes);
        writer.Text("gallery", gallery, 0, Limits.IdBytes);
        return writer.ToArray();
    }

    private byte[] Seal(KeyRing ring, string caseId, string name, byte[] plain)
    {
        if (ring.Current(name) is not { } key)
        {
            throw new StoreException(
                new Outage("the gallery of the case is being deleted; try again in a moment", MayRetry: true), where);
        }

        byte[] own = new byte[GalleryKey.Bytes];
        ring.Random(own);
        byte[] content = new byte[plain.Length + Gcm.TagBytes];
        Gcm.Seal(own, ZeroNonce, plain, content, Bound(caseId, ""));
        return Write(caseId, key, own, content);
    }

    /// <summary>Wraps the probe's own key, which is cleared.</summary>
    private byte[] Write(string caseId, GalleryKey key, byte[] own, byte[] content)
    {
        Span<byte> part = stackalloc byte[WrappedBytes];
        keys!.Random(part[..Gcm.NonceBytes]);
        Gcm.Seal(
            key.Key, part[..Gcm.NonceBytes], own, part[Gcm.NonceBytes..], Bound(caseId, key.Gallery));
        Array.Clear(own);
        FrameWriter writer = new(content.Length + 512);
        writer.Byte(SealedVersion);
        writer.Text("gallery", key.Gallery, 0, Limits.IdBytes);
        writer.Guid(key.Id);
        writer.Raw(part);
        writer.Bytes("sealed probe", content, Gcm.TagBytes, MostBytes);
        return writer.ToArray();
    }

    private byte[] OwnKeyOf(string caseId, GalleryKey key, SealedProbe probe)
    {
        byte[] own = new byte[GalleryKey.Bytes];
        return key.Gallery == probe.Gallery && Gcm.TryOpen(
            key.Key, probe.Wrapped.AsSpan(0, Gcm.NonceBytes), probe.Wrapped.AsSpan(Gcm.NonceBytes), own,
            Bound(caseId, key.Gallery)) ? own : throw Changed();
    }

    private SealedProbe Parse(byte[] bytes)
    {
        FrameReader reader = new(bytes, 1);
        SealedProbe probe = new(
            reader.Text("gallery", 0, Limits.IdBytes), reader.Guid("key id"),
            reader.Raw("wrapped key", WrappedBytes).ToArray(),
            reader.Bytes("sealed probe", Gcm.TagBytes, MostBytes));
        reader.End();
        return reader.Rejection is { } wrong
            ? throw new StoreException($"{where}: a probe cannot be read: {wrong}") : probe;
    }

    private List<Sample> Decode(byte[] bytes)
    {
        FrameReader reader = new(bytes, 0);
        byte version = reader.Byte("version");
        if (version != PlainVersion)
        {
            throw new StoreException(
                $"{where}: found a probe of version {version}, wanted {PlainVersion} or {SealedVersion}");
        }

        List<Sample> samples = SampleCodec.ReadAll(ref reader);
        reader.End();
        return reader.Rejection is null ? samples
            : throw new StoreException($"{where}: a probe cannot be read: {reader.Rejection}");
    }

    private StoreException Changed() =>
        new($"{where}: found a sealed probe that was changed or moved, wanted it as it was sealed");

    private sealed record SealedProbe(string Gallery, Guid KeyId, byte[] Wrapped, byte[] Content);
}

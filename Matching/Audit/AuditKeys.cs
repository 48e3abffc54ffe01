using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The installation's secrets of its audit log: one that persons and samples are hashed with, and one that checkpoints
/// are signed with. They are made at the first start with an audit log and lie beside it.
/// </summary>
public sealed class AuditKeys : IDisposable
{
    private const string HashKeyName = "audit.key";
    private const string SigningName = "audit.signing.pem";

    /// <summary>Name of the file with the public key, for those who keep checkpoints.</summary>
    public const string PublicName = "audit.public.pem";

    private const int HashKeyBytes = 32;

    private readonly byte[] hashKey;

    private AuditKeys(byte[] hashKey, ECDsa signing)
    {
        this.hashKey = hashKey;
        Signing = signing;
    }

    /// <summary>Signs checkpoints.</summary>
    public ECDsa Signing { get; }

    /// <summary>Reads the keys of a data directory, or makes them.</summary>
    /// <exception cref="StoreException">A key file is damaged or cannot be read or written.</exception>
    public static AuditKeys Open(string directory)
    {
        try
        {
            string secret = Path.Combine(directory, HashKeyName);
            if (!File.Exists(secret))
            {
                PrivateFiles.WriteWhole(secret, RandomNumberGenerator.GetBytes(HashKeyBytes));
            }

            byte[] hashKey = File.ReadAllBytes(secret);
            if (hashKey.Length != HashKeyBytes)
            {
                throw new StoreException($"{secret}: found {hashKey.Length} bytes, wanted {HashKeyBytes}");
            }

            return new AuditKeys(hashKey, OpenSigning(directory));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            throw new StoreException($"{directory}: the keys of the audit log cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>The public key of a file in PEM.</summary>
    /// <exception cref="StoreException">It is no such file.</exception>
    public static ECDsa ReadPublic(string path)
    {
        try
        {
            return Imported(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            throw new StoreException($"{path}: is no public key that can be read: {fault.Message}", fault);
        }
    }

    /// <summary>The keyed hash of a person's id: HMAC-SHA-256, in hexadecimal digits.</summary>
    public string OfPerson(string personId) =>
        Hashed("person", [(ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(personId)]);

    /// <summary>The keyed hash of what a caller named as a gallery.</summary>
    public string OfGallery(string gallery) =>
        Hashed("gallery", [(ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(gallery)]);

    /// <summary>The keyed hash of some samples, in their order.</summary>
    public string OfSamples(IEnumerable<Sample> samples) =>
        Hashed("samples", samples.Select(sample => sample.Template));

    public void Dispose()
    {
        Signing.Dispose();
        CryptographicOperations.ZeroMemory(hashKey);
    }

    /// <summary>
    /// What is hashed stands before, so that no two kinds share a hash, and its length before each part.
    /// </summary>
    private string Hashed(string kind, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, hashKey);
        hash.AppendData(Encoding.ASCII.GetBytes(kind));
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            hash.AppendData(BitConverter.GetBytes((long)part.Length));
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ECDsa OpenSigning(string directory)
    {
        string path = Path.Combine(directory, SigningName);
        if (!File.Exists(path))
        {
            using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PrivateFiles.WriteWhole(path, Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem()));
        }

        ECDsa key = Imported(File.ReadAllText(path));
        string shown = Path.Combine(directory, PublicName);
        if (!File.Exists(shown))
        {
            PrivateFiles.WriteWhole(shown, Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()));
        }

        return key;
    }

    private static ECDsa Imported(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

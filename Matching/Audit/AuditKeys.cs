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
        Ids = new AuditKeyIds(Hashed("id", []), SigningKeyFile.IdOf(signing));
    }

    /// <summary>Signs checkpoints.</summary>
    public ECDsa Signing { get; }

    /// <summary>What tells these keys from others, and nothing else of them.</summary>
    public AuditKeyIds Ids { get; }

    /// <summary>Where the keys lie that belong to a data directory.</summary>
    public static AuditKeyFiles FilesOf(string directory) => new(
        Path.Combine(directory, HashKeyName), Path.Combine(directory, SigningName),
        Path.Combine(directory, PublicName));

    /// <summary>Reads the keys.</summary>
    /// <param name="files">Where they lie.</param>
    /// <param name="mayMake">
    /// Makes those that are missing. A log that others write to has keys already: they are copied.
    /// </param>
    /// <exception cref="StoreException">
    /// A key file is missing, is damaged or cannot be read or written.
    /// </exception>
    public static AuditKeys Open(AuditKeyFiles files, bool mayMake)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (string file in new[] { files.HashKey, files.Signing })
        {
            if (!mayMake && !File.Exists(file))
            {
                throw new StoreException(
                    $"{file}: is missing; copy it from a front end that writes to this audit log already");
            }
        }

        return new AuditKeys(
            SecretFile.ReadOrMake(files.HashKey, HashKeyBytes),
            SigningKeyFile.ReadOrMake(files.Signing, files.Public));
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
}

/// <summary>Where the keys of an audit log lie.</summary>
/// <param name="HashKey">32 random bytes.</param>
/// <param name="Signing">The private key of checkpoints in PEM.</param>
/// <param name="Public">The public key of checkpoints in PEM, for those who keep them.</param>
public sealed record AuditKeyFiles(string HashKey, string Signing, string Public)
{
    /// <summary>Keys that lie in files of any name; the public key lies beside the private one.</summary>
    public static AuditKeyFiles Named(string hashKey, string signing) =>
        new(hashKey, signing, SigningKeyFile.PublicOf(signing));
}

/// <summary>Ids of the keys of an audit log, in hexadecimal digits.</summary>
/// <param name="Hash">A keyed hash of nothing, by which two keys are told apart.</param>
/// <param name="Signing">SHA-256 of the public key (SubjectPublicKeyInfo).</param>
public sealed record AuditKeyIds(string Hash, string Signing);

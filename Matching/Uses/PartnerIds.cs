using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Uses;

/// <summary>
/// The ids under which partners know persons: HMAC-SHA-256 of the person's id under a key of the partner, which HKDF
/// (RFC 5869) derives from a secret of the installation. A partner always sees the same id of a person; ids of two
/// partners have no relation that anybody without the secret could see or compute.
/// </summary>
/// <param name="secret">Gets the secret, 32 bytes; it is asked for when the first id is.</param>
public sealed class PartnerIds(Func<byte[]> secret)
{
    /// <summary>Bytes of the installation's secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>
    /// Hexadecimal digits of an id: 128 bits. Two of a billion people have the same id with a chance of 1e-21.
    /// </summary>
    private const int Digits = 32;

    private const string Persons = "matchcluster person id 1 ";
    private readonly Lazy<byte[]> secret = new(secret, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Reads the secret now, so that what is wrong with it is said at the start.</summary>
    public void Open() => _ = secret.Value;

    /// <summary>The id of a person for a partner.</summary>
    public string OfPerson(string partner, string personId)
    {
        ArgumentNullException.ThrowIfNull(partner);
        ArgumentNullException.ThrowIfNull(personId);
        byte[] key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret.Value, SecretBytes, info: Encoding.UTF8.GetBytes(Persons + partner));
        byte[] hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(personId));
        CryptographicOperations.ZeroMemory(key);
        return "p-" + Convert.ToHexStringLower(hash)[..Digits];
    }

    /// <summary>A reference to one answer, which says nothing of whom it is about and is never given twice.</summary>
    public static string NewReference() => "h-" + RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}

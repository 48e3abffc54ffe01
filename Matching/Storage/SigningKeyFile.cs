using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A private key (ECDSA, P-256) in PEM that its owner alone can read, with its public key in a file beside it for those
/// who verify.
/// </summary>
public static class SigningKeyFile
{
    private const int Bits = 256;

    /// <summary>Where the public key of a private key lies that was named.</summary>
    public static string PublicOf(string path) => Path.ChangeExtension(path, ".public.pem");

    /// <summary>The key of a file, or a new one where there is no file yet; writes its public key if missing.</summary>
    /// <param name="path">The private key.</param>
    /// <param name="publicPath">The public key.</param>
    /// <exception cref="StoreException">It is no such key, or cannot be read or written.</exception>
    public static ECDsa ReadOrMake(string path, string publicPath)
    {
        try
        {
            PrivateFiles.MakeOnce(path, () =>
            {
                using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                return Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
            });
            ECDsa key = Imported(File.ReadAllText(path));
            PrivateFiles.MakeOnce(publicPath, () => Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()));
            return key;
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            throw new StoreException($"{path}: the signing key cannot be used: {fault.Message}", fault);
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
        catch (Exception fault) when (IsExpected(fault))
        {
            throw new StoreException($"{path}: is no public key that can be read: {fault.Message}", fault);
        }
    }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), in hexadecimal digits.</summary>
    public static string IdOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    private static bool IsExpected(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static ECDsa Imported(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == Bits ? key
                : throw new CryptographicException($"found a key of {key.KeySize} bits, wanted one of P-256");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

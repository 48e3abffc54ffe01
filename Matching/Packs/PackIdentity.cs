using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// Who a pack is for: a key pair that packs are encrypted to and another one that reports of hits are signed with, both
/// of P-256, in one PEM file. The public file has the two public keys in the same order.
/// </summary>
public sealed class PackIdentity : IDisposable
{
    private PackIdentity(ECDiffieHellman agreement, ECDsa signing)
    {
        Agreement = agreement;
        Signing = signing;
    }

    /// <summary>Its key of key agreement.</summary>
    internal ECDiffieHellman Agreement { get; }

    /// <summary>Its key of signatures.</summary>
    internal ECDsa Signing { get; }

    /// <summary>SHA-256 of the public key that packs are encrypted to (SubjectPublicKeyInfo), in hexadecimal.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Agreement.ExportSubjectPublicKeyInfo()));

    /// <summary>Both public keys in PEM.</summary>
    public string PublicPem => string.Join(
        '\n', Agreement.ExportSubjectPublicKeyInfoPem(), Signing.ExportSubjectPublicKeyInfoPem(), "");

    /// <summary>A new one.</summary>
    public static PackIdentity Make() => new(
        ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Makes a file with a new one, and the public file beside it.</summary>
    /// <exception cref="PackException">There is such a file already, or it cannot be written.</exception>
    public static void MakeFile(string path)
    {
        if (File.Exists(path))
        {
            throw new PackException($"{path}: is there already, and packs that were made for it would be lost with it");
        }

        using PackIdentity made = Make();
        string text = string.Join(
            '\n', made.Agreement.ExportPkcs8PrivateKeyPem(), made.Signing.ExportPkcs8PrivateKeyPem(), "");
        try
        {
            PrivateFiles.WriteWhole(path, Encoding.ASCII.GetBytes(text));
            PrivateFiles.WriteWhole(SigningKeyFile.PublicOf(path), Encoding.ASCII.GetBytes(made.PublicPem));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>The identity of a file, private or public.</summary>
    /// <exception cref="PackException">It is none.</exception>
    public static PackIdentity ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: cannot be read: {fault.Message}", fault);
        }
        catch (PackException wrong)
        {
            throw new PackException($"{path}: {wrong.Message}", wrong);
        }
    }

    /// <summary>The identity of a text in PEM: two keys of P-256.</summary>
    /// <exception cref="PackException">It is none.</exception>
    public static PackIdentity Read(string pem)
    {
        List<string> keys = [];
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields found))
        {
            keys.Add(rest[found.Location].ToString());
            rest = rest[found.Location.End..];
        }

        if (keys.Count != 2)
        {
            throw new PackException($"found {keys.Count} keys in PEM, wanted two: to encrypt to, and to sign with");
        }

        ECDiffieHellman agreement = ECDiffieHellman.Create();
        ECDsa signing = ECDsa.Create();
        try
        {
            agreement.ImportFromPem(keys[0]);
            signing.ImportFromPem(keys[1]);
            if (!IsP256(agreement.ExportParameters(false)) || !IsP256(signing.ExportParameters(false)))
            {
                throw new PackException("found keys of another curve, wanted P-256");
            }

            return new PackIdentity(agreement, signing);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            agreement.Dispose();
            signing.Dispose();
            throw new PackException($"found no keys that can be read: {wrong.Message}", wrong);
        }
        catch
        {
            agreement.Dispose();
            signing.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Agreement.Dispose();
        Signing.Dispose();
    }

    private static bool IsP256(ECParameters key) =>
        key.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
        || key.Curve.Oid.FriendlyName == ECCurve.NamedCurves.nistP256.Oid.FriendlyName;
}

using System.Security.Cryptography;

namespace MatchCluster.Matching.Storage;

/// <summary>A file of a data directory that holds a secret and that its owner alone can read.</summary>
public static class SecretFile
{
    /// <summary>Name of the secret that ids for partners are made with.</summary>
    public const string ReferenceKeyName = "reference.key";

    /// <summary>The secret of a file, or a new one where there is no file yet.</summary>
    /// <exception cref="StoreException">It is of another length, or cannot be read or written.</exception>
    public static byte[] ReadOrMake(string path, int bytes)
    {
        try
        {
            PrivateFiles.MakeOnce(path, () => RandomNumberGenerator.GetBytes(bytes));
            return Read(path, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: the secret cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>The secret of a file that is there.</summary>
    /// <exception cref="StoreException">It is of another length, or cannot be read.</exception>
    public static byte[] Read(string path, int bytes)
    {
        try
        {
            byte[] secret = File.ReadAllBytes(path);
            return secret.Length == bytes ? secret
                : throw new StoreException($"{path}: found {secret.Length} bytes, wanted {bytes}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: the secret cannot be read: {fault.Message}", fault);
        }
    }
}

using System.Text.Json;
using MatchCluster.Api.Http.Access;
using Microsoft.IdentityModel.Tokens;
using JsonWebKey = Microsoft.IdentityModel.Tokens.JsonWebKey;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// The server's own private keys: a JWKS file. Several keys of one use are for changing them: all of them open what is
/// sent, and the first one that signs is the one that signs.
/// </summary>
internal sealed class OwnKeys
{
    private const int MostKeys = 16;

    private OwnKeys(IReadOnlyList<PayloadKey> keys)
    {
        Opening = [.. keys.Where(key => key.Use == KeyUse.Encryption)];
        Signing = keys.FirstOrDefault(key => key.Use == KeyUse.Signature);
    }

    /// <summary>Those that open what is sent.</summary>
    public IReadOnlyList<PayloadKey> Opening { get; }

    /// <summary>The one that signs answers; null where there is none.</summary>
    public PayloadKey? Signing { get; }

    /// <param name="json">The file's text.</param>
    /// <exception cref="InvalidDataException">It is no JWKS of private keys; the message says why.</exception>
    public static OwnKeys Read(string json)
    {
        IReadOnlyList<PayloadKey> keys = PayloadKeys.Of(SetOf(json), isPrivate: true);
        return keys.Count is 0 or > MostKeys
            ? throw new InvalidDataException($"JWKS: found {keys.Count} keys, wanted 1..{MostKeys}")
            : new OwnKeys(keys);
    }

    /// <summary>The keys of a file that only its owner can read.</summary>
    /// <exception cref="InvalidDataException">They cannot be used; the message says why.</exception>
    public static WatchedFile<OwnKeys> Watch(string file) => new(file, text =>
    {
        OwnerOnly.Check(file);
        return Read(text);
    });

    private static IEnumerable<JsonWebKey> SetOf(string json)
    {
        try
        {
            return JsonWebKeySet.Create(json).Keys;
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            throw new InvalidDataException("JWKS: found no JSON object with an array keys, wanted one", wrong);
        }
    }
}

/// <summary>Reads the keys of a set.</summary>
internal static class PayloadKeys
{
    /// <exception cref="InvalidDataException">One cannot be used, or two have one id.</exception>
    public static IReadOnlyList<PayloadKey> Of(IEnumerable<JsonWebKey> keys, bool isPrivate)
    {
        PayloadKey[] read = [.. keys.Select(key => PayloadKey.Read(key, isPrivate))];
        return read.DistinctBy(key => key.Kid, StringComparer.Ordinal).Count() == read.Length ? read
            : throw new InvalidDataException("JWKS: found two keys of one kid, wanted one");
    }
}

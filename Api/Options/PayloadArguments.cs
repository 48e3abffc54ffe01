using System.CommandLine;
using System.Security.Cryptography;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Osia.Protection;

namespace MatchCluster.Api.Options;

/// <summary>The options about data that is encrypted and signed inside of messages.</summary>
internal sealed class PayloadArguments
{
    private readonly Option<string?> keys = new("--payload-keys")
    {
        HelpName = "FILE",
        Description = "The server's private keys (JWKS, mode 600), as 'payload-keys' makes them: OSIA's encryption and "
            + "integrity are then read. Read again when it changes. Default: protected data is refused",
    };

    private readonly Option<string?> partners = new("--payload-partners")
    {
        HelpName = "FILE",
        Description = "The partners' public keys, and what their data must have (JSON, docs/security.md). Read again "
            + "when it changes. Needs credentials: signatures are the caller's",
    };

    public IEnumerable<Option> All => [keys, partners];

    /// <summary>The settings that the options give; null where there are none.</summary>
    /// <param name="said">The command line.</param>
    /// <param name="hasCallers">Whether the server knows who calls.</param>
    /// <exception cref="InvalidDataException">They do not go together or name files that cannot be used.</exception>
    public PayloadSettings? Read(ParseResult said, bool hasCallers)
    {
        string? own = said.GetValue(keys);
        string? others = said.GetValue(partners);
        if (others is not null && (own is null || !hasCallers))
        {
            throw new InvalidDataException(
                $"{partners.Name}: wanted " + (own is null ? $"{keys.Name} too" : "--jwks or --partners too: without "
                    + "credentials nobody knows whose a signature must be"));
        }

        return own is null ? null
            : new PayloadSettings(
                Named(keys, () => OwnKeys.Watch(own)),
                others is null ? null
                    : Named(partners, () => new WatchedFile<PartnerKeys>(others, PartnerKeys.Read)));
    }

    private static T Named<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException
            or CryptographicException)
        {
            throw new InvalidDataException($"{option.Name}: {wrong.Message}", wrong);
        }
    }
}

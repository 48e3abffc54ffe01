using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatchCluster.Api.Http.Access;

namespace MatchCluster.Api.Options;

/// <summary>The options about callers: tokens, clients' certificates, https.</summary>
internal sealed class AccessArguments
{
    private readonly Option<string?> issuer = Text("--jwt-issuer", "TEXT",
        "Who must have made an access token (its iss). With --jwt-audience and --jwks, callers need a token");

    private readonly Option<string?> audience = Text("--jwt-audience", "TEXT", "For whom it must be made (its aud)");

    private readonly Option<string?> keys = Text("--jwks", "FILE|URL",
        "The issuer's public keys (JWKS): a file, read again when it changes, or an https address, fetched every ten "
            + "minutes and for a key that is new");

    private readonly Option<string?> development = Text("--development-key", "FILE",
        "Take the tokens that 'token --key FILE' prints, in place of the three --jwt options; the key is made where "
            + "there is none. For development, and for --demo with tokens");

    private readonly Option<string?> partners = Text("--partners", "FILE",
        "Clients' certificates: a JSON file that says which is whose and what it may do. Needs https");

    private readonly Option<string?> authorities = Text("--client-ca", "FILE",
        "Who must have issued clients' certificates (PEM). Without it partners are named by thumbprints alone");

    private readonly Option<string?> revoked = Text("--client-revoked", "FILE",
        "Clients' certificates that are taken no more: a serial number or a SHA-256 thumbprint in each line");

    private readonly Option<string?> certificate = Text("--tls-cert", "FILE",
        "The server's certificate and those of its issuers (PEM), for https addresses");

    private readonly Option<string?> key = Text("--tls-key", "FILE", "The certificate's private key (PEM)");

    private readonly Option<bool> insecure = new("--insecure-http")
    {
        HelpName = "true",
        Description = "Listen beyond this machine without TLS: a proxy in front of the server ends it",
    };

    public IEnumerable<Option> All =>
        [issuer, audience, keys, development, partners, authorities, revoked, certificate, key, insecure];

    /// <summary>The settings that the options give.</summary>
    /// <exception cref="InvalidDataException">They do not go together or name files that cannot be used.</exception>
    public AccessSettings Read(ParseResult said, TimeProvider time)
    {
        if (NotTogether(said) is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        return new AccessSettings
        {
            DevelopmentKey = said.GetValue(development),
            Tokens = said.GetValue(development) is { } local ? Named(development, () => TokensOf(local, time))
                : said.GetValue(keys) is { } source
                ? new TokenSettings(
                    said.GetValue(issuer)!, said.GetValue(audience)!, Named(keys, () => KeySource.Of(source, time)))
                : null,
            Certificates = said.GetValue(partners) is { } list ? CertificatesOf(said, list) : null,
            Tls = said.GetValue(certificate) is { } file
                ? Named(certificate, () => ReadTls(file, said.GetValue(key)!)) : null,
            AllowsInsecureHttp = said.GetValue(insecure),
        };
    }

    private static TokenSettings TokensOf(string file, TimeProvider time)
    {
        using DevelopmentKey key = DevelopmentKey.Open(file);
        return new TokenSettings(
            DevelopmentKey.Issuer, DevelopmentKey.Audience, KeySource.Of(file + DevelopmentKey.PublicSuffix, time));
    }

    private CertificateSettings CertificatesOf(ParseResult said, string list)
    {
        X509Certificate2Collection? trusted =
            said.GetValue(authorities) is { } ca ? Named(authorities, () => ReadAll(ca)) : null;
        return new CertificateSettings(
            Named(partners, () => new WatchedFile<PartnerList>(
                list, text => PartnerList.Read(text, hasAuthority: trusted is not null))),
            trusted,
            said.GetValue(revoked) is { } withdrawn
                ? Named(revoked, () => new WatchedFile<RevocationList>(withdrawn, RevocationList.Read)) : null);
    }

    private string? NotTogether(ParseResult said)
    {
        Option<string?>[] token = [issuer, audience, keys];
        int given = token.Count(option => said.GetValue(option) is { Length: > 0 });
        bool hasPartners = said.GetValue(partners) is not null;
        bool hasCertificate = said.GetValue(certificate) is not null;
        return given is not 0 and not 3
            ? $"{token.First(option => said.GetValue(option) is not { Length: > 0 }).Name}: found nothing, wanted it "
                + "beside the other two of --jwt-issuer, --jwt-audience, --jwks"
        : given > 0 && said.GetValue(development) is not null
            ? "--development-key stands in place of --jwt-issuer, --jwt-audience and --jwks; leave them out"
        : hasCertificate != (said.GetValue(key) is not null)
            ? "--tls-cert and --tls-key: found one of them, wanted both"
        : hasPartners && !hasCertificate
            ? "--partners: wanted --tls-cert and --tls-key too; certificates of clients come over TLS"
        : !hasPartners && (said.GetValue(authorities) ?? said.GetValue(revoked)) is not null
            ? "--client-ca and --client-revoked are for the certificates of --partners"
        : null;
    }

    private static X509Certificate2Collection ReadAll(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all.Count > 0 ? all : throw new InvalidDataException($"{file}: found no certificate in PEM");
    }

    private static ServerCertificate ReadTls(string file, string keyFile)
    {
        X509Certificate2Collection all = ReadAll(file);
        X509Certificate2 own = X509Certificate2.CreateFromPemFile(file, keyFile);
        all.RemoveAt(0);
        return new ServerCertificate(own, all);
    }

    /// <summary>Reads a file of an option; what is wrong with it is said with the option's name.</summary>
    private static T Named<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException
            or CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{option.Name}: {wrong.Message}", wrong);
        }
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { HelpName = help, Description = description };
}

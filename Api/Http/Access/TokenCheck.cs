using System.Globalization;
using System.Security.Claims;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// Reads the access token of a request (RFC 6750) and says whose it is (RFC 9068's claims). The framework's handler
/// checks it; what it is not told of (two headers, an unknown key, the reason of a refusal) is done here.
/// </summary>
internal sealed class TokenCheck(TokenSettings settings)
{
    private const string Scheme = "Bearer ";
    private const string ClientClaim = "client_id";
    private const string PartyClaim = "azp";
    private const string SubjectClaim = "sub";
    private const string ScopeClaim = "scope";

    /// <summary>When a person logged in; a token of a client alone has none.</summary>
    private const string LoginClaim = "auth_time";

    /// <summary>Scopes of a token at most.</summary>
    private const int MostScopes = 256;

    /// <summary>Whose the token of the request is.</summary>
    public async Task<Parsed<Caller>> CheckAsync(HttpContext http)
    {
        Parsed<JsonWebToken> token = Read(http.Request.Headers[HeaderNames.Authorization]);
        if (token.IsFailed)
        {
            return token.Failure;
        }

        await settings.Keys.PrepareAsync(token.Value.Kid, http.RequestAborted);
        if (settings.Keys.Current is null)
        {
            return new Failure(
                FailureCode.KeysUnavailable, "the keys of the tokens' issuer cannot be had now", UrlKeys.AttemptEvery);
        }

        AuthenticateResult result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return result.Principal is { } principal ? CallerOf(principal) : FailureOf(result.Failure);
    }

    /// <summary>What the framework's handler must hold a token to.</summary>
    public static void Configure(JwtBearerOptions options, TokenSettings settings)
    {
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience,
            ValidAlgorithms = [.. SigningKeys.Algorithms],
            ClockSkew = TokenSettings.ClockSkew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, kid, _) => settings.Keys.Find(kid) is { } key ? [key] : [],
        };
    }

    private static Parsed<JsonWebToken> Read(StringValues headers)
    {
        if (headers.Count != 1)
        {
            return Malformed($"found {headers.Count} Authorization headers, wanted one");
        }

        string header = headers.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Malformed("found another scheme, wanted Authorization: Bearer TOKEN");
        }

        string text = header[Scheme.Length..].Trim();
        if (text.Length > TokenSettings.MostCharacters)
        {
            return Malformed($"found {text.Length} characters, wanted at most {TokenSettings.MostCharacters}");
        }

        if (TokenOf(text) is not { } token)
        {
            return Malformed("found no JSON Web Token (three parts in base64url)");
        }

        return !SigningKeys.Algorithms.Contains(token.Alg)
            ? new Failure(FailureCode.TokenSignature,
                $"token: found alg '{Failure.Shown(token.Alg ?? "")}', wanted one of "
                    + string.Join(", ", SigningKeys.Algorithms))
            : token.TryGetHeaderValue("crit", out object? _) ? Malformed("found crit, wanted no extension")
            : string.IsNullOrEmpty(token.Kid) ? Malformed("found no kid, wanted the id of the issuer's key")
            : token;
    }

    private static JsonWebToken? TokenOf(string text)
    {
        try
        {
            return text.Count(c => c == '.') == 2 ? new JsonWebToken(text) : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private static Parsed<Caller> CallerOf(ClaimsPrincipal principal)
    {
        string? subject = principal.FindFirstValue(SubjectClaim);
        string? partner = principal.FindFirstValue(ClientClaim) ?? principal.FindFirstValue(PartyClaim) ?? subject;
        if (!Caller.IsName(partner) || !Caller.IsName(subject ?? partner))
        {
            return new Failure(
                FailureCode.TokenClaims,
                $"token: wanted client_id, azp or sub of 1..{Caller.LongestName} printable ASCII characters");
        }

        HashSet<string> scopes =
        [
            .. principal.FindAll(ScopeClaim)
                .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(MostScopes),
        ];
        bool isPerson = subject is not null && subject != partner
            && long.TryParse(
                principal.FindFirstValue(LoginClaim), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return new Caller(
            partner!, subject ?? partner!, isPerson ? CallerKind.Person : CallerKind.Client, scopes);
    }

    /// <summary>The reason of a refusal in our words: the framework's repeat what is in the token.</summary>
    private static Failure FailureOf(Exception? refused) => refused switch
    {
        SecurityTokenExpiredException => new(FailureCode.TokenExpired, "token: it has expired"),
        SecurityTokenNotYetValidException => new(FailureCode.TokenNotYetValid, "token: it is not valid yet"),
        SecurityTokenInvalidIssuerException => new(FailureCode.TokenIssuer, "token: it is of another issuer"),
        SecurityTokenInvalidAudienceException => new(FailureCode.TokenAudience, "token: it is for another server"),
        SecurityTokenNoExpirationException or SecurityTokenInvalidLifetimeException =>
            new(FailureCode.TokenClaims, "token: wanted exp, and nbf before it"),
        SecurityTokenSignatureKeyNotFoundException =>
            new(FailureCode.TokenSignature, "token: its kid is no key of the issuer"),
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException
            or SecurityTokenInvalidSigningKeyException =>
            new(FailureCode.TokenSignature, "token: its signature is not the issuer's"),
        _ => Malformed("found one that cannot be read"),
    };

    private static Failure Malformed(string found) => new(FailureCode.TokenMalformed, $"token: {found}");
}

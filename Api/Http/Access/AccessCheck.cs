using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// Lets a request through to its route where the route's <see cref="AccessRule"/> allows its caller. It stands after
/// routing and before anything of the request is read.
/// </summary>
internal sealed class AccessCheck
{
    private readonly RequestDelegate next;
    private readonly ILogger<AccessCheck> log;
    private readonly bool isOn;
    private readonly TokenCheck? tokens;
    private readonly CertificateCheck? certificates;

    public AccessCheck(RequestDelegate next, AccessSettings settings, TimeProvider time, ILogger<AccessCheck> log)
    {
        this.next = next;
        this.log = log;
        isOn = settings.IsConfigured;
        if (settings.Tokens is { } byToken)
        {
            byToken.Keys.OnRefused = log.AccessFileRefused;
            tokens = new TokenCheck(byToken);
        }

        if (settings.Certificates is { } byCertificate)
        {
            byCertificate.Partners.OnRefused = log.AccessFileRefused;
            if (byCertificate.Revoked is { } revoked)
            {
                revoked.OnRefused = log.AccessFileRefused;
            }

            certificates = new CertificateCheck(byCertificate, time);
        }
    }

    public async Task InvokeAsync(HttpContext http)
    {
        // What routing itself answers (no such path, another method) gives nothing away and is no RouteEndpoint.
        if (!isOn || http.GetEndpoint() is not RouteEndpoint route)
        {
            await next(http);
            return;
        }

        AccessRule? rule = route.Metadata.GetMetadata<AccessRule>();
        if (rule is { Scope: null })
        {
            await next(http);
            return;
        }

        Parsed<Caller> caller = await IdentifyAsync(http);
        if (!caller.IsFailed)
        {
            // Whoever may not do this is known all the same: the audit log names the caller.
            http.Features.Set(caller.Value);
        }

        Failure? failure = caller.Failure
            ?? (rule is null ? new Failure(FailureCode.NoRule, "this route has no rule who may call it") : null)
            ?? (caller.Value!.Scopes.Contains(rule!.Scope!) ? null : new Failure(
                FailureCode.ScopeMissing, $"scope: the credentials do not have '{rule.Scope}', which this needs"))
            ?? (caller.Value!.Kind == CallerKind.Person || route.Metadata.GetMetadata<PersonRule>() is null ? null
                : new Failure(FailureCode.PersonRequired,
                    "found a program, wanted a natural person: a token with a sub of its own and auth_time"));
        if (failure is not null)
        {
            Challenge(http.Response, failure, rule?.Scope);
            await HttpAnswers.WriteAsync(http, failure);
            return;
        }

        using IDisposable? scope = log.BeginPartner(caller.Value!.Partner);
        await next(http);
    }

    private async Task<Parsed<Caller>> IdentifyAsync(HttpContext http)
    {
        Caller? partner = null;
        if (certificates is not null && http.Connection.ClientCertificate is { } shown)
        {
            Parsed<Caller> byCertificate = certificates.Check(http, shown);
            if (byCertificate.IsFailed)
            {
                return byCertificate;
            }

            partner = byCertificate.Value;
        }

        if (tokens is null || http.Request.Headers.Authorization.Count == 0)
        {
            return partner is not null ? partner : new Failure(FailureCode.CredentialsMissing, "wanted " + (
                tokens is null ? "a client certificate of a partner"
                : certificates is null ? "Authorization: Bearer TOKEN"
                : "Authorization: Bearer TOKEN or a client certificate of a partner"));
        }

        Parsed<Caller> byToken = await tokens.CheckAsync(http);
        return byToken.IsFailed || partner is null || partner.Partner == byToken.Value.Partner
            ? byToken
            : new Failure(FailureCode.CredentialsDisagree, "the token is of another partner than the certificate");
    }

    /// <summary>How to ask again (RFC 6750, section 3), for what other credentials would mend.</summary>
    private void Challenge(HttpResponse response, Failure failure, string? scope)
    {
        // HTTP has no word for certificates, and a 401 must have a challenge (RFC 9110).
        string realm = $"{(tokens is null ? "Certificate" : "Bearer")} realm=\"matchcluster\"";
        response.Headers.WWWAuthenticate = failure.Code switch
        {
            FailureCode.KeysUnavailable or FailureCode.NoRule => default,
            FailureCode.CredentialsMissing or FailureCode.PersonRequired => realm,
            FailureCode.ScopeMissing => $"{realm}, error=\"insufficient_scope\", scope=\"{scope}\"",
            _ => $"{realm}, error=\"invalid_token\"",
        };
    }
}

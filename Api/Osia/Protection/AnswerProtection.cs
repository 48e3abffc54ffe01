using System.Text;
using System.Text.Json;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Encrypts and signs answers that hold biometric data, where the caller asks for it or its partner's entry says so.
/// Encounters have OSIA's objects for it; any other answer is one JWE, JWS, or JWS in a JWE, of the whole.
/// </summary>
internal static class AnswerProtection
{
    /// <summary>What a call asks for.</summary>
    public const string Asked = "MatchCluster-Protect";

    /// <summary>What an answer has.</summary>
    public const string Said = "MatchCluster-Protected";

    /// <summary>Content type of an answer that is one message of JOSE.</summary>
    public const string Jose = "application/jose";

    public static TBuilder ProtectsAnswer<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.AddEndpointFilter(ApplyAsync);

    private static async ValueTask<object?> ApplyAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        PayloadSettings? settings = http.RequestServices.GetService<PayloadSettings>();
        string? words = http.Request.Headers.TryGetValue(Asked, out StringValues said) ? said.ToString() : null;
        if (settings is null)
        {
            return words is null ? await next(context)
                : new AnswerFailed(new Failure(
                    FailureCode.AnswerUnprotected, $"{Asked}: this server has no keys to protect answers with"));
        }

        PayloadPartner partner = settings.PartnerOf(http.Caller());
        Protections? asked = words is null ? Protections.None
            : ProtectionWords.Read(words.Split(',', StringSplitOptions.TrimEntries));
        if (asked is null)
        {
            return new AnswerFailed(Failure.Invalid(Asked, words, $"some of {ProtectionWords.All}"));
        }

        Protections wanted = asked.Value | partner.Answers;
        if (wanted == Protections.None)
        {
            return await next(context);
        }

        Parsed<AnswerKeys> keys = AnswerKeys.Of(wanted, settings.Own.Value, partner);
        return keys.IsFailed ? new AnswerFailed(keys.Failure)
            : Protect(await next(context), keys.Value, wanted, http);
    }

    private static object? Protect(object? result, AnswerKeys keys, Protections wanted, HttpContext http)
    {
        object? answer = result is INestedHttpResult nested ? nested.Result : result;
        if (answer is not IValueHttpResult { Value: { } value })
        {
            return result; // A failure: it holds nothing of anybody.
        }

        JsonSerializerOptions options =
            http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(value, options.GetTypeInfo(value.GetType()));
        http.Response.Headers[Said] = ProtectionWords.Of(wanted);
        return ProtectedEncounters.TryProtect(value, plain, keys) is { } encounters
            ? Results.Bytes(encounters, "application/json")
            : Results.Bytes(Whole(plain, keys), Jose);
    }

    private static byte[] Whole(byte[] plain, AnswerKeys keys)
    {
        string? signed = keys.Signing is { } signing
            ? Jws.Sign(plain, signing, isDetached: false, OpenedContent.Json) : null;
        string written = keys.Encryption is not { } encryption ? signed!
            : signed is null ? Jwe.Seal(plain, encryption, OpenedContent.Json)
            : Jwe.Seal(Encoding.ASCII.GetBytes(signed), encryption, "jose");
        return Encoding.ASCII.GetBytes(written);
    }
}

/// <summary>What one answer is protected with.</summary>
/// <param name="Encryption">The partner's key that it is encrypted for; null where it is not.</param>
/// <param name="Signing">Ours that it is signed with; null where it is not.</param>
internal sealed record AnswerKeys(PayloadKey? Encryption, PayloadKey? Signing)
{
    /// <summary>The keys for what is wanted; the failure names the one that is missing.</summary>
    public static Parsed<AnswerKeys> Of(Protections wanted, OwnKeys own, PayloadPartner partner)
    {
        bool encrypts = wanted.HasFlag(Protections.Encryption);
        bool signs = wanted.HasFlag(Protections.Signature);
        return encrypts && partner.Encryption is null
            ? new Failure(
                FailureCode.AnswerUnprotected, "encryption: no key is known that answers to this caller go to")
            : signs && own.Signing is null
            ? new Failure(FailureCode.AnswerUnprotected, "signature: this server has no key that signs")
            : new AnswerKeys(encrypts ? partner.Encryption : null, signs ? own.Signing : null);
    }
}

/// <summary>A failure in the form of whichever door it is met at.</summary>
internal sealed class AnswerFailed(Failure failure) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => HttpAnswers.WriteAsync(httpContext, failure);
}

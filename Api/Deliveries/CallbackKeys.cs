using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using Base64Url = System.Buffers.Text.Base64Url;

namespace MatchCluster.Api.Deliveries;

/// <summary>The public key of what is sent to callback addresses, as a JWKS (RFC 7517).</summary>
internal static class CallbackKeys
{
    public static void Map(RouteGroupBuilder mc) =>
        mc.MapGet("/callback-keys", Read).WithName("readCallbackKeys")
            .IsOpen("public keys are for everybody who gets a result")
            .WithMetadata(AuditRule.Exempt("it holds public keys alone"));

    private static CallbackKeysAnswer Read(CallbackSettings settings) =>
        new(settings.Signer is not { } signer ? [] :
        [
            new CallbackKey(
                "EC", "P-256", Base64Url.EncodeToString(signer.PublicKey.Q.X),
                Base64Url.EncodeToString(signer.PublicKey.Q.Y), signer.KeyId, "sig", "ES256"),
        ]);
}

/// <param name="Keys">One key; none where this server sends nothing.</param>
internal sealed record CallbackKeysAnswer(CallbackKey[] Keys);

/// <summary>A public key on the curve P-256.</summary>
/// <param name="Kty">EC.</param>
/// <param name="Crv">P-256.</param>
/// <param name="X">Its first coordinate, base64url.</param>
/// <param name="Y">Its second coordinate, base64url.</param>
/// <param name="Kid">The keyid of signatures: SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal.</param>
/// <param name="Use">sig.</param>
/// <param name="Alg">ES256, which HTTP Message Signatures call ecdsa-p256-sha256.</param>
internal sealed record CallbackKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

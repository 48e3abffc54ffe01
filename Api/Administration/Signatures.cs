using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using Signature = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<MatchCluster.Api.Administration.SignatureAnswer>,
    MatchCluster.Api.Http.Failures.ProblemFailed>;

namespace MatchCluster.Api.Administration;

/// <summary>Proposals and approvals of signed documents, whichever they are.</summary>
internal static class Signatures
{
    private const int DigestLength = 64;

    /// <summary>Proposes what a document should say.</summary>
    /// <param name="documents">Where.</param>
    /// <param name="id">The name that the path has.</param>
    /// <param name="stated">The name that the document has.</param>
    /// <param name="read">What it says.</param>
    /// <param name="basis">The version that it changes, where it says so.</param>
    /// <param name="http">The call.</param>
    public static async Task<Signature> ProposeAsync<T>(
        SignedDocuments<T> documents, string id, string stated, Parsed<T> read, long? basis, HttpContext http)
        where T : class
    {
        if (stated != id)
        {
            return new ProblemFailed(new Failure(
                FailureCode.InvalidDocument, $"id: found '{Failure.Shown(stated)}', wanted '{id}' as in the path"));
        }

        return read.IsFailed ? new ProblemFailed(read.Failure)
            : await ProposedAsync(
                documents, id,
                await documents.ProposeAsync(read.Value, basis, Signer(http), http.RequestAborted), http);
    }

    /// <summary>The answer to a proposal, with the digest that an approval has to name.</summary>
    public static async Task<Signature> ProposedAsync<T>(
        SignedDocuments<T> documents, string id, SignedResult proposed, HttpContext http)
        where T : class
    {
        if (proposed.Refusal is { } refusal)
        {
            return new ProblemFailed(Answers.Of(refusal));
        }

        // Somebody else may have taken its place meanwhile: then there is no digest to pass on.
        Signed<T>? open = await documents.ReadProposalAsync(id, http.RequestAborted);
        return TypedResults.Ok(new SignatureAnswer(
            proposed.Version, Holds: false,
            open is { } one && one.Version == proposed.Version && one.ProposedBy == Signer(http)
                ? documents.DigestOf(one) : null));
    }

    /// <summary>Approves the open proposal of a document, as it was read.</summary>
    public static async Task<Signature> ApproveAsync<T>(
        SignedDocuments<T> documents, string id, ApprovalBody body, HttpContext http)
        where T : class
    {
        if (body.Sha256.Length != DigestLength || !body.Sha256.All(char.IsAsciiHexDigit))
        {
            return new ProblemFailed(new Failure(
                FailureCode.InvalidDocument,
                $"sha256: found '{Failure.Shown(body.Sha256)}', wanted {DigestLength} hexadecimal digits"));
        }

        SignedResult approved = await documents.ApproveAsync(
            id, body.Version, body.Sha256, Signer(http), http.RequestAborted);
        return Held(approved);
    }

    /// <summary>The answer to what holds at once.</summary>
    public static Signature Held(SignedResult signed) => signed.Refusal is { } refusal
        ? new ProblemFailed(Answers.Of(refusal))
        : TypedResults.Ok(new SignatureAnswer(signed.Version, Holds: true, null));

    /// <summary>Who signs: the natural person of the token. Routes of signatures let nobody else through.</summary>
    public static string Signer(HttpContext http) =>
        http.Caller() is { Kind: CallerKind.Person } person ? person.Subject : "";
}

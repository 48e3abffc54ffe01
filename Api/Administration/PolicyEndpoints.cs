using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Signature = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<MatchCluster.Api.Administration.SignatureAnswer>,
    MatchCluster.Api.Http.Failures.ProblemFailed>;

namespace MatchCluster.Api.Administration;

/// <summary>Policies of galleries: whose data they hold and how long.</summary>
internal static class PolicyEndpoints
{
    public static async Task<Results<Ok<PolicyList>, ProblemFailed>> ListAsync(
        HttpContext http, CancellationToken cancel)
    {
        Agreements kept = http.Kept();
        return TypedResults.Ok(new PolicyList(
            [.. (await kept.Galleries.ReadAllAsync(cancel)).Select(one => Answers.Of(kept, one))]));
    }

    public static async Task<Results<Ok<PolicyHistory>, ProblemFailed>> ReadAsync(string galleryId, HttpContext http)
    {
        Agreements kept = http.Kept();
        IReadOnlyList<Signed<GalleryPolicy>> versions =
            await kept.Galleries.ReadVersionsAsync(galleryId, http.RequestAborted);
        Signed<GalleryPolicy>? proposal = await kept.Galleries.ReadProposalAsync(galleryId, http.RequestAborted);
        return versions.Count == 0 && proposal is null
            ? new ProblemFailed(new Failure(FailureCode.Unknown, "no policy of a gallery of that name"))
            : TypedResults.Ok(new PolicyHistory(
                galleryId, [.. versions.Select(one => Answers.Of(kept, one))],
                proposal is null ? null : Answers.Of(kept, proposal)));
    }

    /// <summary>Pictures are kept only where they can be encrypted; no other policy is signed.</summary>
    public static async Task<Signature> ProposeAsync(string galleryId, GalleryPolicyBody body, HttpContext http) =>
        body.KeepsPictures == true && !http.RequestServices.GetRequiredService<IPicturePolicy>().MayKeep
            ? new ProblemFailed(new Failure(
                FailureCode.Refused,
                "keepsPictures: found a server without a master key, wanted one: pictures are kept only where records "
                + "are encrypted"))
            : await Signatures.ProposeAsync(http.Kept().Galleries, galleryId, body.Id, body.Read(), body.Version, http);

    public static Task<Signature> ApproveAsync(string galleryId, ApprovalBody body, HttpContext http) =>
        Signatures.ApproveAsync(http.Kept().Galleries, galleryId, body, http);
}

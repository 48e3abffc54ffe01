using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Signature = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<MatchCluster.Api.Administration.SignatureAnswer>,
    MatchCluster.Api.Http.Failures.ProblemFailed>;

namespace MatchCluster.Api.Administration;

/// <summary>Agreements with partners, their suspensions, and what waits for a second signature.</summary>
internal static class AgreementEndpoints
{
    /// <summary>What a path has in the place of an id for the caller's own agreements.</summary>
    private const string Mine = "mine";

    public static async Task<Results<Ok<AgreementList>, ProblemFailed>> ListAsync(
        HttpContext http, CancellationToken cancel)
    {
        Agreements kept = http.Kept();
        Dictionary<string, Signed<Suspension>> suspensions =
            (await kept.Suspensions.ReadAllAsync(cancel))
            .ToDictionary(one => one.Content.Id, StringComparer.Ordinal);
        return TypedResults.Ok(new AgreementList(
        [
            .. (await kept.Partners.ReadAllAsync(cancel)).Select(one => new AgreementState(
                Answers.Of(kept, one),
                suspensions.TryGetValue(one.Content.Id, out Signed<Suspension>? last)
                    ? Answers.Of(kept, last) : null)),
        ]));
    }

    public static async Task<Results<Ok<AgreementHistory>, ProblemFailed>> ReadAsync(string id, HttpContext http)
    {
        Agreements kept = http.Kept();
        AuditNotes.Of(http)?.Agreement(id, 0);
        IReadOnlyList<Signed<Agreement>> versions = await kept.Partners.ReadVersionsAsync(id, http.RequestAborted);
        Signed<Agreement>? proposal = await kept.Partners.ReadProposalAsync(id, http.RequestAborted);
        if (versions.Count == 0 && proposal is null)
        {
            return new ProblemFailed(new Failure(FailureCode.Unknown, "no agreement of that name"));
        }

        return TypedResults.Ok(new AgreementHistory(
            id, [.. versions.Select(one => Answers.Of(kept, one))],
            [
                .. (await kept.Suspensions.ReadVersionsAsync(id, http.RequestAborted))
                    .Select(one => Answers.Of(kept, one)),
            ],
            proposal is null ? null : Answers.Of(kept, proposal)));
    }

    /// <summary>The agreements of the caller's partner, for the partner itself.</summary>
    public static async Task<Results<Ok<OwnAgreements>, ProblemFailed>> ReadOwnAsync(
        HttpContext http, CancellationToken cancel)
    {
        string partner = http.Caller().Partner;
        AgreementBook book = await http.Kept().BookAsync(cancel);
        return TypedResults.Ok(new OwnAgreements(
            partner,
            [.. book.Of(partner).Select(one => new OwnAgreement(AgreementBody.Of(one), book.IsSuspended(one)))]));
    }

    public static Task<Signature> ProposeAsync(string id, AgreementBody body, HttpContext http) => NotedAsync(
        id, 0, http, async () => id == Mine
            ? new ProblemFailed(new Failure(
                FailureCode.InvalidDocument,
                $"id: found '{Mine}', wanted another name: paths use this one for the caller's own agreements"))
            : body.KeepsOpaque is not null && !http.RequestServices.GetRequiredService<IPicturePolicy>().MayKeep
            ? new ProblemFailed(new Failure(
                FailureCode.Refused,
                "keepsOpaque: found a server without a master key, wanted one: such items are kept only where records "
                + "are encrypted"))
            : await Signatures.ProposeAsync(http.Kept().Partners, id, body.Id, body.Read(), body.Version, http));

    public static Task<Signature> ApproveAsync(string id, ApprovalBody body, HttpContext http) => NotedAsync(
        id, body.Version, http, () => Signatures.ApproveAsync(http.Kept().Partners, id, body, http));

    public static Task<Signature> SuspendAsync(string id, ReasonBody body, HttpContext http) => NotedAsync(
        id, 0, http, async () => Signatures.Held(await http.Kept().SuspendAsync(
            id, body.Reason, Signatures.Signer(http), http.RequestAborted)));

    public static Task<Signature> ProposeResumptionAsync(string id, ReasonBody body, HttpContext http)
    {
        Agreements kept = http.Kept();
        return NotedAsync(id, 0, http, async () => await Signatures.ProposedAsync(
            kept.Suspensions, id,
            await kept.ProposeResumptionAsync(id, body.Reason, Signatures.Signer(http), http.RequestAborted), http));
    }

    public static Task<Signature> ApproveResumptionAsync(string id, ApprovalBody body, HttpContext http) => NotedAsync(
        id, body.Version, http, () => Signatures.ApproveAsync(http.Kept().Suspensions, id, body, http));

    /// <summary>The row of a signature names what was signed, whatever becomes of it.</summary>
    private static async Task<Signature> NotedAsync(
        string id, long version, HttpContext http, Func<Task<Signature>> sign)
    {
        AuditNotes? notes = AuditNotes.Of(http);
        notes?.Agreement(id, version);
        Signature answer = await sign();
        if (answer.Result is Ok<SignatureAnswer> { Value: { } signed })
        {
            notes?.Agreement(id, signed.Version);
        }

        return answer;
    }

    public static async Task<Results<Ok<ProposalList>, ProblemFailed>> ListProposalsAsync(
        HttpContext http, CancellationToken cancel)
    {
        Agreements kept = http.Kept();
        return TypedResults.Ok(new ProposalList(
            [.. (await kept.Partners.ReadProposalsAsync(cancel)).Select(one => Answers.Of(kept, one))],
            [.. (await kept.Galleries.ReadProposalsAsync(cancel)).Select(one => Answers.Of(kept, one))],
            [.. (await kept.Suspensions.ReadProposalsAsync(cancel)).Select(one => Answers.Of(kept, one))]));
    }
}

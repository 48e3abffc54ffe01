using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Administration;

/// <summary>What the store has, as answers.</summary>
internal static class Answers
{
    public static SignedAgreement Of(Agreements kept, Signed<Agreement> one) => new(
        one.Version, kept.Partners.DigestOf(one), one.ProposedBy, one.ProposedAt, one.ApprovedBy, one.ApprovedAt,
        AgreementBody.Of(one.Content));

    public static SignedPolicy Of(Agreements kept, Signed<GalleryPolicy> one) => new(
        one.Version, kept.Galleries.DigestOf(one), one.ProposedBy, one.ProposedAt, one.ApprovedBy, one.ApprovedAt,
        GalleryPolicyBody.Of(one.Content));

    public static SignedSuspension Of(Agreements kept, Signed<Suspension> one) => new(
        one.Version, kept.Suspensions.DigestOf(one), one.ProposedBy, one.ProposedAt, one.ApprovedBy, one.ApprovedAt,
        one.Content.Id, one.Content.IsSuspended, one.Content.Reason);

    /// <summary>Why a signature was refused: a document that is not one says which field is wrong.</summary>
    public static Failure Of(Refusal refusal) => refusal.Kind == RefusalKind.Invalid
        ? new Failure(FailureCode.InvalidDocument, refusal.Reason) : Failure.Of(refusal);
}

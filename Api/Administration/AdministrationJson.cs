using System.Text.Json.Serialization;

namespace MatchCluster.Api.Administration;

/// <summary>A version of an agreement and who signed it.</summary>
/// <param name="Version">Counts the versions of this agreement, from 1.</param>
/// <param name="Sha256">What an approval names, so that it approves what was read.</param>
/// <param name="ProposedBy">The first administrator.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ApprovedBy">The second administrator; left out while nobody approved it.</param>
/// <param name="ApprovedAt">When.</param>
/// <param name="Agreement">What it says.</param>
internal sealed record SignedAgreement(
    long Version, string Sha256, string ProposedBy, DateTimeOffset ProposedAt, string? ApprovedBy,
    DateTimeOffset? ApprovedAt, AgreementBody Agreement);

/// <summary>A version of a gallery's policy and who signed it.</summary>
/// <inheritdoc cref="SignedAgreement"/>
internal sealed record SignedPolicy(
    long Version, string Sha256, string ProposedBy, DateTimeOffset ProposedAt, string? ApprovedBy,
    DateTimeOffset? ApprovedAt, GalleryPolicyBody Policy);

/// <summary>A suspension, or its end, and who signed it.</summary>
/// <param name="Version">Counts the suspensions and their ends of this agreement, from 1.</param>
/// <param name="Sha256">What an approval names.</param>
/// <param name="ProposedBy">Who suspended it, or proposed to end it.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ApprovedBy">Who approved the end; a suspension needs nobody.</param>
/// <param name="ApprovedAt">When.</param>
/// <param name="Agreement">The agreement's id.</param>
/// <param name="IsSuspended">Whether it suspends the agreement or ends that.</param>
/// <param name="Reason">Why.</param>
internal sealed record SignedSuspension(
    long Version, string Sha256, string ProposedBy, DateTimeOffset ProposedAt, string? ApprovedBy,
    DateTimeOffset? ApprovedAt, string Agreement, bool IsSuspended, string Reason);

/// <summary>An agreement that holds.</summary>
/// <param name="Holds">The version that holds now.</param>
/// <param name="Suspension">The last suspension or its end; left out where there was none.</param>
internal sealed record AgreementState(SignedAgreement Holds, SignedSuspension? Suspension);

/// <summary>The agreements that hold, ordered by id.</summary>
internal sealed record AgreementList(IReadOnlyList<AgreementState> Agreements);

/// <summary>One agreement with its history.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Versions">Every version that held, the oldest first.</param>
/// <param name="Suspensions">Every suspension and end of one, the oldest first.</param>
/// <param name="Proposal">The version that waits for a second administrator.</param>
internal sealed record AgreementHistory(
    string Id, IReadOnlyList<SignedAgreement> Versions, IReadOnlyList<SignedSuspension> Suspensions,
    SignedAgreement? Proposal);

/// <summary>The galleries' policies that hold, ordered by gallery.</summary>
internal sealed record PolicyList(IReadOnlyList<SignedPolicy> Policies);

/// <summary>One gallery's policy with its history.</summary>
/// <param name="Id">The gallery.</param>
/// <param name="Versions">Every version that held, the oldest first.</param>
/// <param name="Proposal">The version that waits for a second administrator.</param>
internal sealed record PolicyHistory(string Id, IReadOnlyList<SignedPolicy> Versions, SignedPolicy? Proposal);

/// <summary>What waits for a second administrator.</summary>
internal sealed record ProposalList(
    IReadOnlyList<SignedAgreement> Agreements, IReadOnlyList<SignedPolicy> Policies,
    IReadOnlyList<SignedSuspension> Resumptions);

/// <summary>An agreement as its partner reads it: without the names of those who signed it.</summary>
/// <param name="Agreement">The version that holds.</param>
/// <param name="IsSuspended">Whether every use of it is refused at present.</param>
internal sealed record OwnAgreement(AgreementBody Agreement, bool IsSuspended);

/// <summary>The agreements of the partner that asks, ordered by id.</summary>
internal sealed record OwnAgreements(string Partner, IReadOnlyList<OwnAgreement> Agreements);

/// <summary>An approval.</summary>
internal sealed record ApprovalBody
{
    /// <summary>The version that was read.</summary>
    public required long Version { get; init; }

    /// <summary>Its digest as it was read.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A suspension, or a proposal to end one.</summary>
internal sealed record ReasonBody
{
    /// <summary>Why, for people to read.</summary>
    public required string Reason { get; init; }
}

/// <summary>The outcome of a signature.</summary>
/// <param name="Version">The version that it has, or would have.</param>
/// <param name="Holds">Whether it holds now; otherwise it waits for a second administrator.</param>
/// <param name="Sha256">The digest of a proposal, which an approval names.</param>
internal sealed record SignatureAnswer(long Version, bool Holds, string? Sha256);

/// <summary>The JSON of administrators, read as strictly as OSIA's.</summary>
[JsonSerializable(typeof(AgreementBody))]
[JsonSerializable(typeof(GalleryPolicyBody))]
[JsonSerializable(typeof(ApprovalBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(AgreementList))]
[JsonSerializable(typeof(AgreementHistory))]
[JsonSerializable(typeof(PolicyList))]
[JsonSerializable(typeof(PolicyHistory))]
[JsonSerializable(typeof(ProposalList))]
[JsonSerializable(typeof(OwnAgreements))]
[JsonSerializable(typeof(SignatureAnswer))]
internal sealed partial class AdministrationJson : JsonSerializerContext;

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// The agreements and galleries' policies that hold at one version of the store. It decides alone by what it holds and
/// the time that it is given.
/// </summary>
public sealed class AgreementBook
{
    /// <summary>The name that stands for every gallery.</summary>
    public const string AllGalleries = "ALL";

    private readonly ILookup<string, Agreement> byPartner;
    private readonly Dictionary<string, GalleryPolicy> policies;
    private readonly ILookup<string, string> owned;
    private readonly HashSet<string> suspended;

    /// <param name="agreements">The agreements that hold, each id once.</param>
    /// <param name="policies">The galleries' policies, each gallery once.</param>
    /// <param name="suspended">Agreements that are suspended, whatever their phase; null for none.</param>
    public AgreementBook(
        IEnumerable<Agreement> agreements, IEnumerable<GalleryPolicy> policies, IEnumerable<string>? suspended = null)
    {
        ArgumentNullException.ThrowIfNull(agreements);
        ArgumentNullException.ThrowIfNull(policies);
        byPartner = agreements.OrderBy(one => one.Id, StringComparer.Ordinal).ToLookup(one => one.Partner);
        this.policies = policies.ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        owned = this.policies.Values.ToLookup(policy => policy.Owner, policy => policy.Id);
        this.suspended = new HashSet<string>(suspended ?? [], StringComparer.Ordinal);
    }

    public static AgreementBook Empty { get; } = new([], []);

    /// <summary>The agreements of a partner, ordered by id.</summary>
    public IEnumerable<Agreement> Of(string partner) => byPartner[partner];

    /// <summary>Whether every use of an agreement is refused, by its phase or by an administrator.</summary>
    public bool IsSuspended(Agreement one) =>
        one.Phase == AgreementPhase.Suspended || suspended.Contains(one.Id);

    /// <summary>
    /// Whether a partner may hear at that time of what happens in a gallery: it is its own, or an agreement that holds
    /// names it.
    /// </summary>
    public bool MayHearOf(string partner, string gallery, DateTimeOffset now) =>
        PolicyOf(gallery)?.Owner == partner || Of(partner).Any(one =>
            now >= one.ValidFrom && now < one.ValidTo && !IsSuspended(one)
            && (one.Search.Contains(gallery, StringComparer.Ordinal)
                || one.Search.Contains(AllGalleries, StringComparer.Ordinal)
                || one.Administer.Contains(gallery, StringComparer.Ordinal)));

    /// <summary>What is agreed about a gallery; null where nothing is.</summary>
    public GalleryPolicy? PolicyOf(string gallery) => policies.GetValueOrDefault(gallery);

    /// <summary>
    /// Whether a use may do this at that time: by the first of the partner's agreements that allows it. If none does,
    /// the reason is that of the agreement that came nearest to it.
    /// </summary>
    public UseDecision Decide(Use use, UseRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (use.IsInternal)
        {
            return UseDecision.Unlimited;
        }

        if (use.Partner.Length == 0)
        {
            return UseDecision.Refused(UseRule.CallerNotStated, "the call does not say on whose behalf it is made");
        }

        (Check At, UseDecision Decision)? nearest = null;
        foreach (Agreement agreement in byPartner[use.Partner])
        {
            if (use.Agreement is { } named && named != agreement.Id)
            {
                continue;
            }

            (Check at, UseDecision decision) = By(agreement, use, request, now);
            decision = decision with { Agreement = new AgreementRef(agreement.Id, agreement.Version) };
            if (decision.Refusal is null)
            {
                return decision;
            }

            nearest = nearest is { } other && other.At >= at ? other : (at, decision);
        }

        return nearest?.Decision ?? UseDecision.Refused(
            UseRule.NoAgreement,
            use.Agreement is null ? "the partner has no agreement" : "the partner has no agreement of that name");
    }

    /// <summary>The order of the checks: who passes more of them is nearer to what is wanted.</summary>
    private enum Check
    {
        Time,
        Phase,
        Purpose,
        Gallery,
        Modality,
        Threshold,
        Priority,
        Release,
        Passed,
    }

    private (Check At, UseDecision Decision) By(Agreement one, Use use, UseRequest request, DateTimeOffset now)
    {
        if (now < one.ValidFrom || now >= one.ValidTo)
        {
            return (Check.Time, now < one.ValidFrom
                ? No(UseRule.AgreementNotYetValid, $"agreement {one.Id} is valid from {one.ValidFrom:O}")
                : No(UseRule.AgreementExpired, $"agreement {one.Id} was valid to {one.ValidTo:O}"));
        }

        if (IsSuspended(one))
        {
            return (Check.Phase, No(UseRule.AgreementSuspended, $"agreement {one.Id} is suspended"));
        }

        string? purpose = use.Purpose ?? (one.Purposes.Count == 1 ? one.Purposes[0] : null);
        if (PurposeRefusal(one, purpose) is { } byPurpose)
        {
            return (Check.Purpose, byPurpose);
        }

        if (GalleryRefusal(one, request) is { } byGallery)
        {
            return (Check.Gallery, byGallery);
        }

        Modality[] others = [.. request.Modalities.Except(one.Modalities)];
        if (others.Length > 0)
        {
            return (Check.Modality, No(
                UseRule.ModalityNotGranted, $"agreement {one.Id} does not name {string.Join(", ", others)}"));
        }

        if (request.Threshold is { } threshold && threshold < one.MinThreshold)
        {
            return (Check.Threshold, No(UseRule.ThresholdTooLow, FormattableString.Invariant(
                $"threshold: found {threshold}, wanted at least {one.MinThreshold} by agreement {one.Id}")));
        }

        if (use.Priority is { } priority && priority > one.PriorityCap)
        {
            return (Check.Priority, No(
                UseRule.PriorityTooHigh,
                $"priority: found {priority}, wanted at most {one.PriorityCap} by agreement {one.Id}"));
        }

        ReleaseProfile release = (ReleaseProfile)Math.Min((int)one.Release, (int)(use.AtMost ?? one.Release));
        if (request.Operation == Operation.Explain && release < ReleaseProfile.Full)
        {
            return (Check.Release, No(
                UseRule.ReleaseTooSmall,
                $"agreement {one.Id} releases {ReleaseWords.Of(release)}, wanted full to explain"));
        }

        return (Check.Passed, new UseDecision
        {
            Purpose = purpose,
            MinThreshold = IsExplainedToOwner(one, request) ? 0 : one.MinThreshold,
            MaxCandidates = one.MaxCandidates,
            PriorityCap = one.PriorityCap,
            Release = release,
            NoRetain = one.NoRetain || use.NoRetain,
            RetentionDays = RetentionOf(one, request),
            Opaque = request.Galleries.Any(gallery => PolicyOf(gallery) is { ForbidsOpaque: true })
                ? null : one.KeepsOpaque,
            Galleries = VisibleTo(one, request.Operation),
            Known = KnownTo(one, request.Operation),
        });
    }

    private static UseDecision? PurposeRefusal(Agreement one, string? purpose) =>
        purpose is null ? No(
            UseRule.PurposeMissing, $"found no purpose, wanted one of {string.Join(", ", one.Purposes)}")
        : !Purposes.IsOne(purpose) ? No(
            UseRule.PurposeUnknown, $"found an unknown purpose, wanted one of {string.Join(", ", one.Purposes)}")
        : !one.Purposes.Contains(purpose, StringComparer.Ordinal) ? No(
            UseRule.PurposeNotGranted, $"agreement {one.Id} does not name the purpose {purpose}")
        : one.Phase == AgreementPhase.Pilot && purpose != Purposes.Test ? No(
            UseRule.AgreementInPilot,
            $"agreement {one.Id} is in its pilot phase: found the purpose {purpose}, wanted {Purposes.Test}")
        : null;

    private UseDecision? GalleryRefusal(Agreement one, UseRequest request)
    {
        foreach (string gallery in request.Galleries)
        {
            if (IsGranted(one, request.Operation, gallery))
            {
                continue;
            }

            return request.Operation switch
            {
                Operation.Enrol or Operation.Change when PolicyOf(gallery) is { } policy
                    && policy.Owner != one.Partner => No(
                    UseRule.GalleryOfAnotherOwner,
                    $"gallery {gallery} belongs to another partner, and agreement {one.Id} does not name it"),
                Operation.Delete => No(UseRule.NotOwner, $"gallery {gallery} belongs to another partner"),
                _ => No(
                    UseRule.GalleryNotGranted,
                    $"agreement {one.Id} does not name the gallery {gallery} for this"),
            };
        }

        return null;
    }

    private bool IsGranted(Agreement one, Operation operation, string gallery) =>
        Administers(one, gallery) || operation switch
        {
            Operation.Identify or Operation.Verify or Operation.Explain =>
                one.Search.Contains(gallery, StringComparer.Ordinal),
            Operation.Enrol => one.Enrol.Contains(gallery, StringComparer.Ordinal),
            _ => false,
        };

    /// <summary>Whoever may read the samples of a gallery may have any of them explained.</summary>
    private bool IsExplainedToOwner(Agreement one, UseRequest request) =>
        request.Operation == Operation.Explain && request.Galleries.All(gallery => Administers(one, gallery));

    private bool Administers(Agreement one, string gallery) =>
        one.Administer.Contains(gallery, StringComparer.Ordinal) || PolicyOf(gallery)?.Owner == one.Partner;

    /// <summary>The galleries whose encounters exist for an operation.</summary>
    private HashSet<string>? VisibleTo(Agreement one, Operation operation)
    {
        IEnumerable<string> own = one.Administer.Concat(owned[one.Partner]);
        return operation switch
        {
            Operation.Compare => null,
            Operation.Identify or Operation.Verify or Operation.Explain =>
                one.Search.Contains(AllGalleries, StringComparer.Ordinal)
                    ? null : [.. own.Concat(one.Search)],
            Operation.ListGalleries => [.. own.Concat(one.Search).Concat(one.Enrol)],
            _ => [.. own],
        };
    }

    /// <summary>The galleries that the agreement names, for operations that refuse what is another's.</summary>
    private HashSet<string>? KnownTo(Agreement one, Operation operation) =>
        operation is not (Operation.Change or Operation.Delete)
            || one.Search.Contains(AllGalleries, StringComparer.Ordinal)
            ? null : [.. one.Administer, .. owned[one.Partner], .. one.Search, .. one.Enrol];

    /// <summary>The shortest of what the agreement and the galleries say.</summary>
    private int? RetentionOf(Agreement one, UseRequest request) => request.Galleries
        .Select(gallery => PolicyOf(gallery)?.RetentionDays).Append(one.RetentionDays).Min();

    private static UseDecision No(UseRule rule, string reason) => UseDecision.Refused(rule, reason);
}

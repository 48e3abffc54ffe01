using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// What a partner may see of cases and decide, by what is agreed at the time. The owner of a gallery sees its own
/// candidates; the partner that searched sees that there is a case, and a candidate's details where its agreement
/// released them with the search, or after people have confirmed it. Whoever may see the details before may decide.
/// </summary>
public sealed class CaseAccess(AgreementBook book, DateTimeOffset now)
{
    /// <summary>Whether the case exists for a partner.</summary>
    public bool Sees(string partner, Case one) =>
        one.Partner == partner || one.Candidates.Any(candidate => IsOwner(partner, candidate));

    /// <summary>The candidates that exist for a partner.</summary>
    public IEnumerable<CaseCandidate> Listed(string partner, Case one) => one.Candidates.Where(candidate =>
        IsOwner(partner, candidate)
        || (MayStillSee(partner, one)
            && (one.Release >= ReleaseProfile.Candidates || CaseStates.Of(candidate) == CandidateState.Confirmed)));

    /// <summary>Whether a partner sees who the candidate is, its score and its comparison with the probe.</summary>
    public bool SeesDetails(string partner, Case one, CaseCandidate candidate) =>
        MayDecide(partner, one, candidate)
        || (MayStillSee(partner, one)
            && (one.Release == ReleaseProfile.Full || CaseStates.Of(candidate) == CandidateState.Confirmed));

    /// <summary>Whether persons of a partner may decide about a candidate.</summary>
    public bool MayDecide(string partner, Case one, CaseCandidate candidate) =>
        IsOwner(partner, candidate)
        || (one.Partner == partner && one.Release == ReleaseProfile.Full
            && book.Of(partner).Any(agreement => agreement.Id == one.Agreement.Id && Holds(agreement)));

    /// <summary>
    /// The encounters of a candidate that exist for a partner which sees its details: all of them for the one that
    /// searched, and for an owner those of its own galleries.
    /// </summary>
    public IReadOnlyList<CaseEncounter> EncountersOf(string partner, Case one, CaseCandidate candidate) =>
        one.Partner == partner ? candidate.Encounters
            : [.. candidate.Encounters.Where(encounter => IsOwner(partner, encounter))];

    /// <summary>
    /// Whether the partner that searched may go on seeing what it found: nobody has stopped the agreement of the
    /// search, and the partner has one that holds, which may be a later one.
    /// </summary>
    public bool MayStillSee(string partner, Case one) => one.Partner == partner
        && book.Of(partner).Any(agreement => agreement.Id == one.Agreement.Id && !book.IsSuspended(agreement))
        && book.Of(partner).Any(Holds);

    private bool IsOwner(string partner, CaseCandidate candidate) =>
        candidate.Encounters.Any(encounter => IsOwner(partner, encounter));

    private bool IsOwner(string partner, CaseEncounter encounter) =>
        encounter.Galleries.Any(gallery => IsOwner(partner, gallery));

    /// <summary>The gallery's policy says whose it is; an agreement may let others administer it.</summary>
    private bool IsOwner(string partner, string gallery) =>
        book.PolicyOf(gallery)?.Owner == partner
        || book.Of(partner).Any(agreement =>
            Holds(agreement) && agreement.Administer.Contains(gallery, StringComparer.Ordinal));

    /// <summary>By its time and phase, and unless an administrator has suspended it.</summary>
    private bool Holds(Agreement agreement) =>
        now >= agreement.ValidFrom && now < agreement.ValidTo && !book.IsSuspended(agreement);
}

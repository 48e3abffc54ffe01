using MatchCluster.Api.Http.Access;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// The keys that data inside of messages is protected with; both files are read again when they change.
/// </summary>
/// <param name="Own">Ours.</param>
/// <param name="Partners">
/// The partners'; null where their signatures cannot be checked and nothing is encrypted for them.
/// </param>
internal sealed record PayloadSettings(WatchedFile<OwnKeys> Own, WatchedFile<PartnerKeys>? Partners)
{
    /// <summary>What is known of the partner who calls.</summary>
    public PayloadPartner PartnerOf(Caller caller) =>
        Partners is not null && caller.Kind != CallerKind.Unchecked ? Partners.Value.Find(caller.Partner)
            : PayloadPartner.Unknown;
}

using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Catalogue;

/// <summary>
/// The catalogue's decisions as plain functions of a record and a membership. A record that needs no change comes
/// back as the object that was given.
/// </summary>
internal static class CatalogueRules
{
    /// <summary>Galleries that are remembered; a caller that makes up names must not fill the storage.</summary>
    public const int MostGalleries = 100_000;

    public static bool IsActive(ClusterMembershipSnapshot members, SiloAddress silo) =>
        members.GetSiloStatus(silo) == SiloStatus.Active;

    public static PartitionOwners OwnersOf(CatalogueRecord record, ClusterMembershipSnapshot members) =>
        record.OwnersVersion == 0 ? PartitionOwners.None
            : new PartitionOwners(record.OwnersVersion, [.. record.Owners], Hosts(record, members));

    /// <summary>Why a member cannot join, or null where it can.</summary>
    public static JoinRefusal? RefusalOf(MemberCard card, CatalogueRecord record, ClusterMembershipSnapshot members)
    {
        if (card.Partitions is { } partitions && record.Partitions != 0 && partitions != record.Partitions)
        {
            return new JoinRefusal(
                $"{card.Name} has a store of {partitions} partitions, the cluster has {record.Partitions}", false);
        }

        ClusterMember? namesake = members.Members.Values.FirstOrDefault(
            member => member.Name == card.Name && member.SiloAddress != card.Address
                && member.Status == SiloStatus.Active);
        if (namesake is not null)
        {
            return new JoinRefusal(
                $"a silo named {card.Name} is active at {namesake.SiloAddress.Endpoint}; "
                + "give each silo a name of its own", true);
        }

        MemberCard? other = record.Members.Select(member => member.Card).FirstOrDefault(
            member => IsActive(members, member.Address) && member.Address != card.Address
                && (member.Wire != card.Wire || member.Scoring != card.Scoring));
        if (other is not null)
        {
            return new JoinRefusal(
                $"{card.Name} has wire version {card.Wire} and scoring version {card.Scoring}, the cluster's "
                + $"{other.Name} has {other.Wire} and {other.Scoring}; run one version at a time", false);
        }

        MemberCard? unlike = record.Members.Select(member => member.Card).FirstOrDefault(
            member => IsActive(members, member.Address) && member.Address != card.Address
                && CalibrationOf(member) != CalibrationOf(card));
        return unlike is null ? null : new JoinRefusal(
            $"{card.Name} scores by calibration {CalibrationOf(card)}, the cluster's {unlike.Name} by "
            + $"{CalibrationOf(unlike)}; start every member with the same --calibration and --calibration-margin",
            false);
    }

    private static string CalibrationOf(MemberCard card) => card.Calibration ?? ScoreCalibration.Default.Id;

    /// <summary>The record with a member in it, and without those that are gone.</summary>
    public static CatalogueRecord WithMember(
        CatalogueRecord record, MemberCard card, ClusterMembershipSnapshot members) => record with
        {
            Partitions = record.Partitions == 0 ? card.Partitions ?? 0 : record.Partitions,
            Members =
            [
                .. record.Members.Where(
                    member => member.Card.Address != card.Address && IsActive(members, member.Card.Address)),
                new RecordedMember(card),
            ],
        };

    public static CatalogueRecord Leaving(CatalogueRecord record, SiloAddress silo) =>
        !record.Members.Any(member => member.Card.Address == silo && !member.IsLeaving)
            ? record
            : record with
            {
                Members =
                [
                    .. record.Members.Select(member => member.Card.Address == silo
                        ? member with { IsLeaving = true } : member),
                ],
            };

    /// <summary>
    /// The record with owners for the silos that are there now. Where none is, nothing is decided: the partitions
    /// stay with the silos that had them, which may come back.
    /// </summary>
    public static CatalogueRecord Decide(CatalogueRecord record, ClusterMembershipSnapshot members)
    {
        string[] hosts = Hosts(record, members);
        if (hosts.Length == 0 || record.Partitions == 0)
        {
            return record;
        }

        string?[] current = record.Owners.Count == record.Partitions
            ? [.. record.Owners] : new string?[record.Partitions];
        string[] owners = Rendezvous.Assign(current, hosts);
        return owners.SequenceEqual(record.Owners)
            ? record
            : record with { Owners = owners, OwnersVersion = record.OwnersVersion + 1 };
    }

    private static string[] Hosts(CatalogueRecord record, ClusterMembershipSnapshot members) =>
    [
        .. record.Members
            .Where(member => member is { IsLeaving: false, Card.Partitions: not null }
                && IsActive(members, member.Card.Address))
            .Select(member => member.Card.Name).Distinct(StringComparer.Ordinal),
    ];

    public static CatalogueRecord WithGalleries(
        CatalogueRecord record, IReadOnlyCollection<string> galleries, DateTimeOffset now)
    {
        string[] unknown =
        [
            .. galleries.Where(gallery => !record.Galleries.ContainsKey(gallery)).Distinct(StringComparer.Ordinal)
                .Take(MostGalleries - record.Galleries.Count),
        ];
        return unknown.Length == 0
            ? record
            : record with
            {
                Galleries = new SortedDictionary<string, DateTimeOffset>(
                    record.Galleries.Concat(unknown.Select(gallery => KeyValuePair.Create(gallery, now)))
                        .ToDictionary(), StringComparer.Ordinal),
            };
    }
}

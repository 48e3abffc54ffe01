using System.Collections.Immutable;
using System.Net;
using MatchCluster.Grains.Catalogue;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Tests.Catalogue;

public sealed class CatalogueRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Silos_that_join_share_the_partitions_and_each_change_is_a_version()
    {
        CatalogueRecord record = Joined(new CatalogueRecord(), Active("a", "b"), "a");
        Assert.Equal(1, record.OwnersVersion);
        Assert.All(record.Owners, owner => Assert.Equal("a", owner));

        record = Joined(record, Active("a", "b"), "b");
        Assert.Equal(2, record.OwnersVersion);
        Assert.Equal([6, 6], Loads(record, "a", "b"));
        Assert.Same(record, CatalogueRules.Decide(record, Active("a", "b")));
    }

    [Fact]
    public void The_partitions_of_a_silo_that_leaves_or_dies_go_to_the_others_and_the_last_one_keeps_them()
    {
        ClusterMembershipSnapshot three = Active("a", "b", "c");
        CatalogueRecord record = new();
        foreach (string name in (string[])["a", "b", "c"])
        {
            record = Joined(record, three, name);
        }

        CatalogueRecord left = CatalogueRules.Decide(CatalogueRules.Leaving(record, AddressOf("b")), three);
        Assert.Equal([6, 0, 6], Loads(left, "a", "b", "c"));
        Assert.Same(left, CatalogueRules.Leaving(left, AddressOf("b")));
        Assert.Equal(["a", "c"], CatalogueRules.OwnersOf(left, three).Hosts);

        CatalogueRecord died = CatalogueRules.Decide(left, Active("a"));
        Assert.Equal([12, 0, 0], Loads(died, "a", "b", "c"));
        Assert.Same(died, CatalogueRules.Decide(died, Active()));
    }

    [Fact]
    public void A_member_that_hosts_nothing_gets_nothing()
    {
        ClusterMembershipSnapshot two = Active("a", "front");
        CatalogueRecord record = Joined(new CatalogueRecord(), two, "a");
        record = CatalogueRules.Decide(
            CatalogueRules.WithMember(record, Card("front") with { Partitions = null }, two), two);
        Assert.Equal([12, 0], Loads(record, "a", "front"));
    }

    [Fact]
    public void A_member_that_does_not_fit_is_told_what_is_different()
    {
        CatalogueRecord record = Joined(new CatalogueRecord(), Active("a"), "a");
        ClusterMembershipSnapshot members = Active("a", "b");

        Assert.Null(CatalogueRules.RefusalOf(Card("b"), record, members));
        Assert.Equal(
            "b has a store of 16 partitions, the cluster has 12",
            CatalogueRules.RefusalOf(Card("b") with { Partitions = 16 }, record, members)?.Reason);
        Assert.Equal(
            "b has wire version 9 and scoring version 1, the cluster's a has 1 and 1; run one version at a time",
            CatalogueRules.RefusalOf(Card("b") with { Wire = 9 }, record, members)?.Reason);
        Assert.Contains(
            "scoring version 4", CatalogueRules.RefusalOf(Card("b") with { Scoring = 4 }, record, members)?.Reason);
        Assert.Equal(
            "b scores by calibration fingers-3+1se, the cluster's a by fingers-3; start every member with the same "
            + "--calibration and --calibration-margin",
            CatalogueRules.RefusalOf(Card("b") with { Calibration = "fingers-3+1se" }, record, members)?.Reason);
        Assert.Null(CatalogueRules.RefusalOf(
            Card("b") with { Calibration = ScoreCalibration.Default.Id }, record, members));
        Assert.Equal(
            new JoinRefusal("a silo named a is active at 127.0.0.1:97; give each silo a name of its own", true),
            CatalogueRules.RefusalOf(Card("a") with { Address = AddressOf("b") }, record, members));

        // An old version that is gone stands in nobody's way.
        Assert.Null(CatalogueRules.RefusalOf(Card("b") with { Wire = 9 }, record, Active("b")));
        Assert.Null(CatalogueRules.RefusalOf(Card("b") with { Calibration = "site-1" }, record, Active("b")));
    }

    [Fact]
    public void Galleries_are_remembered_with_the_time_they_were_first_named_and_only_so_many()
    {
        CatalogueRecord record = CatalogueRules.WithGalleries(new CatalogueRecord(), ["B", "A", "A"], Noon);
        CatalogueRecord more = CatalogueRules.WithGalleries(record, ["A", "C"], Noon.AddHours(1));
        Assert.Equal(["A", "B", "C"], more.Galleries.Keys);
        Assert.Equal([Noon, Noon, Noon.AddHours(1)], more.Galleries.Values);
        Assert.Same(more, CatalogueRules.WithGalleries(more, ["C"], Noon));

        string[] flood = [.. Enumerable.Range(0, CatalogueRules.MostGalleries + 5).Select(i => $"G{i}")];
        Assert.Equal(CatalogueRules.MostGalleries, CatalogueRules.WithGalleries(more, flood, Noon).Galleries.Count);
    }

    [Fact]
    public void The_stored_form_is_frozen()
    {
        CatalogueRecord record = CatalogueRules.WithGalleries(
            Joined(new CatalogueRecord(), Active("a"), "a", partitions: 2), ["CIVIL"], Noon);
        record = CatalogueRules.WithMember(
            record, Card("a") with { Partitions = 2, Calibration = "site-1234abcd" }, Active("a"));
        const string Golden =
            """
            {"version":2,"partitions":2,"members":[{"card":{"name":"a","address":"127.0.0.1:97@7","partitions":2,
            "wire":1,"scoring":1,"calibration":"site-1234abcd"},"isLeaving":false}],"ownersVersion":1,
            "owners":["a","a"],"galleries":{"CIVIL":"2026-11-25T12:00:00+00:00"}}
            """;
        Assert.Equal(Golden.ReplaceLineEndings(""), record.ToJson());
        Assert.Equal(record.ToJson(), CatalogueRecord.Of(record.ToJson()).ToJson());
    }

    [Fact]
    public void The_form_before_calibrations_were_said_still_reads()
    {
        const string Golden =
            """
            {"version":1,"partitions":2,"members":[{"card":{"name":"a","address":"127.0.0.1:97@7","partitions":2,
            "wire":1,"scoring":1},"isLeaving":false}],"ownersVersion":1,"owners":["a","a"],
            "galleries":{"CIVIL":"2026-11-25T12:00:00+00:00"}}
            """;
        CatalogueRecord read = CatalogueRecord.Of(Golden.ReplaceLineEndings(""));

        Assert.Equal(CatalogueRecord.Current, read.Version);
        Assert.Equal(["a", "a"], read.Owners);
        Assert.Null(read.Members.Single().Card.Calibration);
        Assert.Equal(["CIVIL"], read.Galleries.Keys);
    }

    [Theory]
    [InlineData("""{"version":3}""", "the stored catalogue has version 3, this program reads versions 1 and 2")]
    [InlineData("""{"version":1,"members":[{"card":{"name":"a","address":"nowhere"}}]}""", "'nowhere' is no address")]
    [InlineData("nonsense", "the stored catalogue cannot be read")]
    public void Another_version_or_no_record_at_all_is_refused_in_words(string json, string found) =>
        Assert.Contains(found, Assert.Throws<InvalidOperationException>(() => CatalogueRecord.Of(json)).Message);

    private static CatalogueRecord Joined(
        CatalogueRecord record, ClusterMembershipSnapshot members, string name, int partitions = 12) =>
        CatalogueRules.Decide(
            CatalogueRules.WithMember(record, Card(name) with { Partitions = partitions }, members), members);

    private static MemberCard Card(string name) =>
        new() { Name = name, Address = AddressOf(name), Partitions = 12, Wire = 1, Scoring = 1 };

    private static int[] Loads(CatalogueRecord record, params string[] names) =>
        [.. names.Select(name => record.Owners.Count(owner => owner == name))];

    private static ClusterMembershipSnapshot Active(params string[] names) => new(
        names.ToImmutableDictionary(AddressOf, name => new ClusterMember(AddressOf(name), SiloStatus.Active, name)),
        new MembershipVersion(names.Length));

    private static SiloAddress AddressOf(string name) =>
        SiloAddress.New(new IPEndPoint(IPAddress.Loopback, name[0]), 7);
}

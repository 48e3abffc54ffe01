using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Tests.Architecture;

namespace MatchCluster.Grains.Tests.Architecture;

/// <summary>The arrows between the folders of the cluster, read from its compiled assembly.</summary>
public sealed class FolderArrowTests
{
    /// <summary>The cluster, from what members say to each other to a process that takes part.</summary>
    private static readonly FolderTable Grains = new(
        "Grains",
        new FolderArrows("Contracts"),
        new FolderArrows("Redis"),
        new FolderArrows("Catalogue"),
        new FolderArrows("Placements", "Catalogue"),
        new FolderArrows("Clients", "Contracts", "Catalogue"),
        new FolderArrows("Silos", "Contracts", "Catalogue", "Placements", "Clients"),
        new FolderArrows("Members", "Catalogue", "Placements", "Silos"));

    [Fact]
    public void The_folders_of_the_cluster_use_only_what_the_table_allows()
    {
        IReadOnlyList<string> faults = Grains.FaultsOf(typeof(ISiloGrain).Assembly);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_table_has_no_circle() => Assert.Empty(Grains.Circles());
}

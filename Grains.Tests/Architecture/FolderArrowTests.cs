using System.Reflection;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Tests.Architecture;
using MatchCluster.Silo.Hosting;

namespace MatchCluster.Grains.Tests.Architecture;

/// <summary>
/// The arrows between the folders of the cluster and of its silo program, read from their compiled assemblies.
/// </summary>
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

    /// <summary>The program of a silo.</summary>
    private static readonly FolderTable Silo = new(
        "Silo",
        new FolderArrows("Options"),
        new FolderArrows("Health"),
        new FolderArrows("Hosting", "Options", "Health"));

    [Fact]
    public void The_folders_of_the_cluster_use_only_what_the_table_allows() =>
        AssertHolds(Grains, typeof(ISiloGrain).Assembly);

    [Fact]
    public void The_folders_of_the_silo_use_only_what_the_table_allows() =>
        AssertHolds(Silo, typeof(SiloServer).Assembly);

    [Fact]
    public void The_tables_have_no_circle() => Assert.Empty(Grains.Circles().Concat(Silo.Circles()));

    private static void AssertHolds(FolderTable table, Assembly assembly)
    {
        IReadOnlyList<string> faults = table.FaultsOf(assembly);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}

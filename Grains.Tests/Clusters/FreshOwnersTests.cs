using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Placements;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class FreshOwnersTests
{
    [Fact]
    public async Task A_front_end_knows_a_silo_that_joined_before_it_places_the_next_partition()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 3, partitions: 6, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:3 Silo_2:3");
        OwnersView owners = cluster.Silos.Single(silo => silo.Name == "Silo_0")
            .ServiceProvider.GetRequiredService<OwnersView>();
        Assert.DoesNotContain("Silo_3", (await owners.CurrentAsync()).Silos);

        await cluster.JoinAsync();
        await cluster.SettledAsync(directory, "Silo_1:2 Silo_2:2 Silo_3:2");

        Assert.Equal(2, (await owners.CurrentAsync()).Silos.Count(silo => silo == "Silo_3"));
    }
}

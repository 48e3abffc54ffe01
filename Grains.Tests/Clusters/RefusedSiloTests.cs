using MatchCluster.Grains.Clients;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>A silo that does not fit does not start, gets no partition, and the cluster goes on without it.</summary>
public sealed class RefusedSiloTests
{
    [Theory]
    [InlineData(9, 1, "Silo_1 has wire version 9 and scoring version 1, the cluster's Silo_0 has 1 and 1")]
    [InlineData(1, 9, "Silo_1 has wire version 1 and scoring version 9, the cluster's Silo_0 has 1 and 1")]
    public async Task One_of_another_version_is_refused_with_both_versions(int wire, int scoring, string reason)
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 1, partitions: 4, options: (name, part) =>
            {
                part.Wire = name == "Silo_0" ? 1 : wire;
                part.Scoring = name == "Silo_0" ? 1 : scoring;
            });
        await RefusedAsync(cluster, reason);
    }

    [Fact]
    public async Task One_of_another_calibration_is_refused_with_both()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 1, partitions: 4, options: (name, part) =>
                part.Calibration = ScoreCalibration.Default.WithMargin(name == "Silo_0" ? 0 : 1));
        await RefusedAsync(
            cluster, "Silo_1 scores by calibration fingers-3+1se, the cluster's Silo_0 by fingers-3;");
    }

    [Fact]
    public async Task One_with_another_number_of_partitions_is_refused_with_both_numbers()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 1, partitions: 4, partitionsOf: name => name == "Silo_0" ? null : 8);
        await RefusedAsync(cluster, "Silo_1 has a store of 8 partitions, the cluster has 4");
    }

    [Fact]
    public async Task One_with_options_out_of_range_does_not_begin_to_join_and_says_which()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 1, partitions: 4, options: (name, part) => part.Threads = name == "Silo_0" ? 1 : -1);
        await RefusedAsync(cluster, $"threads: found -1, wanted 0..{Limits.ScanThreads}");
    }

    private static async Task RefusedAsync(PartitionCluster cluster, string reason)
    {
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, 8);

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(cluster.JoinAsync);
        Assert.Contains(reason, refused.GetBaseException().Message);

        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 2);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(8, answer.Candidates.Count);
        Assert.Equal(["Silo_0:4"], cluster.Loads());
    }
}

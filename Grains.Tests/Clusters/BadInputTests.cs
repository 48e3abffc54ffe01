using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class BadInputTests
{
    [Fact]
    public async Task Bytes_that_are_no_frame_of_this_version_are_rejected_by_name_and_the_partition_goes_on()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 1, partitions: 2);
        IPartition partition = (await cluster.ReadyAsync()).All[1];
        IIdentityPartitionGrain grain = cluster.Client.GetGrain<IIdentityPartitionGrain>(1);
        byte[] newer = ReadQueryFrame.Encode(new ReadQuery.Person("P"));
        newer[4] = 9;

        foreach ((byte[] bytes, string found) in (ReadOnlySpan<(byte[], string)>)
            [([], "found 0 bytes"), ([1, 2, 3], "found 3 bytes"), (newer, "found frame version 9, wanted version 1")])
        {
            PartitionFrame frame = new(bytes);
            CallRejectedException rejected = Assert.Throws<CallRejectedException>(
                () => grain.ReadAsync(frame, 1000, default).GetAwaiter().GetResult());
            Assert.Contains(found, rejected.Message);
            Assert.Throws<CallRejectedException>(
                () => grain.ApplyAsync(frame, 1000, default).GetAwaiter().GetResult());
            Assert.Throws<CallRejectedException>(
                () => grain.SearchAsync(frame, 1000, default).GetAwaiter().GetResult());
        }

        Assert.Equal(PartitionState.Ready, (await partition.StatusAsync(default)).State);
    }

    [Fact]
    public async Task A_front_end_that_thinks_of_more_partitions_is_told_how_many_there_are()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 1, partitions: 2);
        Assert.Equal(2, (await GrainDirectory.ConnectAsync(cluster.Client)).All.Count);
        IPartition missing = new GrainDirectory(cluster.Client, 3).All[2];
        WriteResult write = (await missing.ApplyAsync(
            new WriteBatch([new Write.Create(TestPeople.EncounterOf(0))]), People.Budget)).Results[0];
        PartitionStatus status = await missing.StatusAsync(default);

        Assert.Contains("partition 2, wanted 0 to 1", write.Outage?.Reason);
        Assert.False(write.Outage?.MayRetry);
        Assert.Equal(PartitionState.Failed, status.State);
        Assert.Contains("partition 2, wanted 0 to 1", status.Reason);
    }
}

using System.Buffers.Binary;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Matching.Tests.Partitions.PartitionTraffic;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>A partition that opens from its image, or in spite of it, is what a fresh load would be.</summary>
public sealed class GalleryImageTests : IAsyncLifetime
{
    private static readonly PartitionId P0 = new(0);

    private readonly TempDirectory directory = new();
    private readonly FaultyStore store = new(new MemoryGalleryStore(1));
    private PartitionHost host = null!;
    private PartitionHost plain = null!;

    private string Image => directory.File("rows-0000.image");

    public Task InitializeAsync()
    {
        host = new PartitionHost(store, threads: 2, TimeProvider.System, imageDirectory: directory.Path);
        plain = new PartitionHost(store, threads: 2, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        host.Dispose();
        plain.Dispose();
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_there_at_the_close_is_there_at_the_open(int seed)
    {
        LocalPartition owner = await OpenAsync(host);
        await WriteAsync(owner, new Random(seed), 60);
        await EnrolAsync(owner);
        await owner.DisposeAsync();

        LocalPartition next = await OpenAsync(host);
        Assert.True(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task An_image_nobody_wrote_after_is_sealed_again_and_writes_go_on_behind_one()
    {
        await LeaveImageAsync();
        byte[] first = await File.ReadAllBytesAsync(Image);

        await (await OpenAsync(host)).DisposeAsync();
        byte[] second = await File.ReadAllBytesAsync(Image);
        Assert.NotEqual(first[..ImageHeader.Bytes], second[..ImageHeader.Bytes]);
        Assert.Equal(first[ImageHeader.Bytes..], second[ImageHeader.Bytes..]);

        LocalPartition third = await OpenAsync(host);
        Assert.True(third.IsRestored);
        await WriteAsync(third, new Random(4), 20);
        await third.DisposeAsync();

        LocalPartition fourth = await OpenAsync(host);
        Assert.True(fourth.IsRestored);
        await AssertLikeAFreshLoadAsync(fourth);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Behind_a_crash_rows_of_unchanged_records_are_taken_and_the_others_made(int seed)
    {
        LocalPartition owner = await OpenAsync(host);
        await WriteAsync(owner, new Random(seed), 40);
        await EnrolAsync(owner);
        await owner.DisposeAsync();

        // One that leaves no image is to the next one what a crash is.
        LocalPartition crashed = await OpenAsync(plain);
        await WriteAsync(crashed, new Random(seed + 100), 12);
        await crashed.DisposeAsync();

        LocalPartition next = await OpenAsync(host);
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task An_image_of_a_store_that_was_set_back_is_not_taken_for_all_it_holds()
    {
        await LeaveImageAsync();
        await store.WriteBlobAsync(GalleryImages.SealName(P0), Guid.NewGuid().ToByteArray(), default);

        LocalPartition next = await OpenAsync(host);
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task A_damaged_image_costs_time_and_nothing_else()
    {
        LocalPartition owner = await OpenAsync(host);
        await WriteAsync(owner, new Random(7), 30);
        await EnrolAsync(owner);
        await owner.DisposeAsync();
        Random dice = new(8);
        for (int i = 0; i < 12; i++)
        {
            // What would be restored, and every second time an older one whose rows would be looked up.
            await (await OpenAsync(host)).DisposeAsync();
            byte[] image = await File.ReadAllBytesAsync(Image);
            await (i % 2 == 0 ? ValueTask.CompletedTask : (await OpenAsync(plain)).DisposeAsync());
            image[i < 4 ? dice.Next(ImageHeader.Bytes - 4) : dice.Next(ImageHeader.Bytes, image.Length)]
                ^= (byte)(1 << dice.Next(8));
            await File.WriteAllBytesAsync(Image, i % 3 == 0 ? image[..dice.Next(image.Length)] : image);
            LocalPartition next = await OpenAsync(host);
            Assert.False(next.IsRestored);
            await AssertLikeAFreshLoadAsync(next);
        }
    }

    [Fact]
    public async Task An_image_cut_anywhere_is_not_taken_for_whole()
    {
        // Small blocks: most of the cuts lie exactly where a block ends.
        using ScanThreads threads = new(1);
        GalleryImages images = new(directory.Path, blockBytes: 2048);
        LocalPartition Small() => new(
            P0, store, threads, TimeProvider.System, MemoryBudget.Unlimited, images);
        LocalPartition owner = Small();
        await owner.Loading;
        await EnrolAsync(owner);
        await owner.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(Image);
        List<int> ends = BlockEnds(whole);
        Assert.True(ends.Count > 4);
        ImageHeader header = ImageHeader.Decode(whole)!.Value;
        for (int i = 0; i < ends.Count; i++)
        {
            // The very next owner each time, as after a clean stop: nothing but the cut tells it apart.
            long epoch = header.Epoch + i;
            byte[] cut = whole[..ends[i]];
            (header with { Epoch = epoch }).Encode().CopyTo(cut, 0);
            await File.WriteAllBytesAsync(Image, cut);
            await using LocalPartition next = Small();
            await next.Loading;
            Assert.Equal(ends[i] == whole.Length, next.IsRestored);
            Assert.Equal(4, (await next.StatusAsync(default)).Encounters);
            store.RefuseBlobs = true;
            await next.DisposeAsync();
            store.RefuseBlobs = false;
        }
    }

    [Fact]
    public async Task Only_the_image_that_was_taken_is_sealed_again()
    {
        await LeaveImageAsync();
        byte[] first = await File.ReadAllBytesAsync(Image);
        LocalPartition next = await OpenAsync(host);
        Assert.True(next.IsRestored);

        // Something else put a shorter file in its place while the partition ran.
        await File.WriteAllBytesAsync(Image, first[..^10]);
        await next.DisposeAsync();
        LocalPartition third = await OpenAsync(host);
        Assert.True(third.IsRestored);
        await AssertLikeAFreshLoadAsync(third);
    }

    [Fact]
    public async Task An_image_of_a_store_that_has_other_records_now_is_not_taken()
    {
        await LeaveImageAsync();
        ImageHeader header = ImageHeader.Decode(await File.ReadAllBytesAsync(Image))!.Value;
        byte[] image = await File.ReadAllBytesAsync(Image);
        (header with { Digest = header.Digest with { Marks = header.Digest.Marks ^ 1 } }).Encode().CopyTo(image, 0);
        await File.WriteAllBytesAsync(Image, image);
        LocalPartition next = await OpenAsync(host);
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    private static List<int> BlockEnds(byte[] image)
    {
        List<int> ends = [];
        for (int at = ImageHeader.Bytes; at < image.Length;)
        {
            at += GalleryImages.BlockHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at));
            ends.Add(at);
        }

        return ends;
    }

    [Fact]
    public async Task An_image_of_another_build_of_the_engine_is_left_aside()
    {
        ImageHeader header = new(3, 7, Guid.NewGuid(), new PartitionDigest(99, 5), 12_345);
        byte[] bytes = header.Encode();
        Assert.Equal(ImageHeader.Bytes, bytes.Length);
        Assert.Equal("MCGI\u0002\0\0\0"u8, bytes.AsSpan(0, 8));
        Assert.Equal(header, ImageHeader.Decode(bytes));

        await LeaveImageAsync();
        byte[] image = await File.ReadAllBytesAsync(Image);
        image[8] ^= 1;
        await File.WriteAllBytesAsync(Image, image);
        LocalPartition next = await OpenAsync(host);
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_again_at_the_next_open()
    {
        await LeaveImageAsync();
        File.Delete(Image);

        store.Damaged = IdOf(2);
        await (await OpenAsync(host)).DisposeAsync();
        await using LocalPartition next = await OpenAsync(host);
        Assert.False(next.IsRestored);
        Assert.Equal(1, (await next.StatusAsync(default)).Unreadable);
    }

    private static async Task EnrolAsync(LocalPartition partition)
    {
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch([.. Enumerable.Range(0, 4).Select(
                person => new Write.Create(EncounterOf(person, "E9", fingers: [1, 2, 7], eyes: [1, 2])))]),
            Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }

    private static async Task<LocalPartition> OpenAsync(PartitionHost host)
    {
        LocalPartition opened = host.Open(P0);
        await opened.Loading;
        Assert.False(opened.HasFailed);
        return opened;
    }

    private async Task AssertLikeAFreshLoadAsync(LocalPartition taken) =>
        await AssertAlikeAsync(taken, () => OpenAsync(plain));

    /// <summary>Enrols a few and closes, which leaves an image.</summary>
    private async Task LeaveImageAsync()
    {
        LocalPartition owner = await OpenAsync(host);
        await EnrolAsync(owner);
        await owner.DisposeAsync();
    }
}

using System.Buffers.Binary;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Matching.Tests.Partitions.PartitionTraffic;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>Images of rows beside a store with keys.</summary>
public sealed class EncryptedImageTests : IAsyncLifetime
{
    private static readonly PartitionId P0 = new(0);

    private readonly TempDirectory directory = new();
    private readonly ScanThreads threads = new(2);
    private SqliteGalleryStore store = null!;

    private string Image => directory.File("rows-0000.image");

    public async Task InitializeAsync() => store = await OpenStoreAsync("one");

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        threads.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_there_at_the_close_is_there_at_the_open(int seed)
    {
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, new Random(seed), 60);
        await EnrolAsync(owner);
        await owner.DisposeAsync();

        LocalPartition next = await OpenAsync();
        Assert.True(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task No_row_is_in_the_file_in_the_clear_and_it_is_sealed_again_where_nothing_changed()
    {
        await LeaveImageAsync();
        byte[] file = await File.ReadAllBytesAsync(Image);
        HashSet<UInt128> there = [];
        for (int at = 0; at + 16 <= file.Length; at++)
        {
            there.Add(BitConverter.ToUInt128(file, at));
        }

        int windows = 0;
        using (GalleryImage image = GalleryImage.Open(Image, P0, store.Keys)!)
        {
            foreach (ImagePlace place in image.Blocks())
            {
                using ImageBlock block = image.Read(place);
                foreach (ReadOnlyMemory<byte> rows in block.Encounters.Select(one => one.Rows))
                {
                    for (int at = 0; at + 16 <= rows.Length; at++)
                    {
                        // Rows and the header have runs of zeros: only windows that tell something are looked for.
                        byte[] window = rows.Slice(at, 16).ToArray();
                        if (window.Distinct().Count() > 8)
                        {
                            windows++;
                            Assert.DoesNotContain(BitConverter.ToUInt128(window), there);
                        }
                    }
                }
            }
        }

        Assert.True(windows > 1000);
        LocalPartition next = await OpenAsync();
        Assert.True(next.IsRestored);
        await next.DisposeAsync();
        byte[] second = await File.ReadAllBytesAsync(Image);
        int rest = ImageHeader.Bytes + ImageCipher.MacBytes;
        Assert.NotEqual(file[..rest], second[..rest]);
        Assert.Equal(file[rest..], second[rest..]);
        LocalPartition third = await OpenAsync();
        Assert.True(third.IsRestored);
        await AssertLikeAFreshLoadAsync(third);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task After_a_crash_rows_of_unchanged_records_are_taken_out_of_their_blocks(int seed)
    {
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, new Random(seed), 40);
        await EnrolAsync(owner);
        await owner.DisposeAsync();
        LocalPartition crashed = await OpenAsync(withImages: false);
        await WriteAsync(crashed, new Random(seed + 100), 3);
        await crashed.DisposeAsync();

        int found = 0;
        using (GalleryImage image = GalleryImage.Open(Image, P0, store.Keys)!)
        {
            ImageIndex index = new(image);
            Dictionary<(string, string), byte[]> rows = image.Blocks().SelectMany(place => image.Read(place).Encounters)
                .ToDictionary(one => (one.Facts.PersonId, one.Facts.EncounterId), one => one.Rows.ToArray());
            await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(P0, default))
            {
                foreach (StoredEncounter stored in chunk)
                {
                    if (index.Find(stored) is { } taken)
                    {
                        EncounterRows wanted = EncounterRows.FromImage(rows[(stored.PersonId, stored.EncounterId)]);
                        Assert.Equal(wanted.Bytes, taken.Bytes);
                        found++;
                    }
                }
            }
        }

        Assert.True(found >= 4, $"{found} found");
        LocalPartition next = await OpenAsync();
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task Every_part_of_a_block_opens_like_the_whole()
    {
        await store.Keys!.EnsureAsync(["a"], default);
        ImageCipher cipher = ImageCipher.New(store.Keys, ["a"], P0)!;
        byte[] plain = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        byte[] block = new byte[plain.Length + Gcm.TagBytes];
        cipher.Seal(3, isLast: false, plain, block);
        Random dice = new(7);
        for (int i = 0; i < 200; i++)
        {
            int offset = dice.Next(plain.Length);
            byte[] part = block.AsSpan(offset, dice.Next(plain.Length - offset + 1)).ToArray();
            int length = part.Length;
            cipher.OpenPart(3, offset, part);
            Assert.Equal(plain[offset..(offset + length)], part);
        }

        Assert.False(cipher.TryOpen(3, isLast: true, [.. block]));
        Assert.False(cipher.TryOpen(2, isLast: false, [.. block]));
        Assert.True(cipher.TryOpen(3, isLast: false, block));
        Assert.Equal(plain, block[..^Gcm.TagBytes]);
        Assert.NotNull(ImageCipher.Of(cipher.List, store.Keys, P0));
        for (int length = 0; length < cipher.List.Length; length++)
        {
            Assert.Null(ImageCipher.Of(cipher.List[..length], store.Keys, P0));
        }
    }

    [Fact]
    public async Task The_key_of_one_gallery_gone_nobody_reads_the_image_and_the_rows_come_from_templates()
    {
        LocalPartition owner = await OpenAsync();
        await EnrolAsync(owner);
        await WriteOneAsync(owner, new Write.SetGalleries(IdOf(0), "E9", ["other", "G"]));
        await owner.DisposeAsync();
        using (GalleryImage? image = GalleryImage.Open(Image, P0, store.Keys))
        {
            Assert.NotNull(image);
        }

        await store.Keys!.DestroyAsync("other", default);

        Assert.Null(GalleryImage.Open(Image, P0, store.Keys));
        LocalPartition next = await OpenAsync();
        Assert.False(next.IsRestored);
        Assert.False(File.Exists(Image));
        Assert.Equal(4, (await next.StatusAsync(default)).Encounters);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task An_image_flipped_cut_or_in_another_order_is_not_taken()
    {
        LocalPartition owner = await OpenAsync(blockBytes: 2048);
        await EnrolAsync(owner);
        await owner.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(Image);
        List<(int From, int To)> blocks = BlocksOf(whole);
        Assert.True(blocks.Count > 5);
        List<byte[]> damaged = [];
        Random dice = new(9);
        for (int i = 0; i < 60; i++)
        {
            byte[] flipped = [.. whole];
            flipped[dice.Next(whole.Length)] ^= (byte)(1 << dice.Next(8));
            damaged.Add(flipped);
        }

        // With a length in the header that fits: whoever cuts it off can write that too.
        damaged.AddRange(blocks.SkipLast(1).Select(block => Fitted(whole[..block.To])));
        (int From, int To) one = blocks[2];
        (int From, int To) two = blocks[3];
        damaged.Add(
        [
            .. whole[..one.From], .. whole[two.From..two.To], .. whole[one.From..one.To], .. whole[two.To..],
        ]);
        foreach (byte[] bytes in damaged)
        {
            await File.WriteAllBytesAsync(Image, bytes);
            Assert.False(OpensWhole(), "a damaged image was read to its end");
        }

        await File.WriteAllBytesAsync(Image, whole);
        Assert.True(OpensWhole());
        await File.WriteAllBytesAsync(Image, damaged[^1]);
        LocalPartition next = await OpenAsync();
        Assert.False(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task An_image_in_the_clear_is_taken_once_and_leaves_the_disk()
    {
        await store.DisposeAsync();
        Directory.Delete(directory.Path, recursive: true);
        store = await OpenStoreAsync(master: null);
        await LeaveImageAsync();
        Assert.False(ImageHeader.Decode(await File.ReadAllBytesAsync(Image))!.Value.IsEncrypted);
        await store.DisposeAsync();
        store = await OpenStoreAsync("one");

        LocalPartition next = await OpenAsync();

        Assert.True(next.IsRestored);
        Assert.False(File.Exists(Image));
        await next.DisposeAsync();
        Assert.True(ImageHeader.Decode(await File.ReadAllBytesAsync(Image))!.Value.IsEncrypted);
        next = await OpenAsync();
        Assert.True(next.IsRestored);
        await AssertLikeAFreshLoadAsync(next);
    }

    [Fact]
    public async Task A_new_key_of_a_gallery_means_a_new_image_at_the_next_close()
    {
        await LeaveImageAsync();
        LocalPartition next = await OpenAsync();
        Assert.True(next.IsRestored);
        Assert.Equal(2, await store.Keys!.RotateAsync("G", default));
        await next.DisposeAsync();
        await store.Keys.RemoveOldAsync("G", default);

        using GalleryImage? image = GalleryImage.Open(Image, P0, store.Keys);
        Assert.True(image?.Cipher?.IsCurrent);
    }

    private static byte[] Fitted(byte[] image)
    {
        (ImageHeader.Decode(image)!.Value with { Length = image.Length }).Encode().CopyTo(image, 0);
        return image;
    }

    private static List<(int From, int To)> BlocksOf(byte[] image)
    {
        List<(int, int)> blocks = [];
        for (int at = ImageHeader.Bytes + ImageCipher.MacBytes; at < image.Length;)
        {
            int end = at + GalleryImages.BlockHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at));
            blocks.Add((at, end));
            at = end;
        }

        return blocks;
    }

    private bool OpensWhole()
    {
        try
        {
            using GalleryImage? image = GalleryImage.Open(Image, P0, store.Keys);
            foreach (ImagePlace place in image?.Blocks() ?? [])
            {
                image!.Read(place).Dispose();
            }

            return image is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task<SqliteGalleryStore> OpenStoreAsync(string? master) => await SqliteGalleryStore.OpenAsync(
        directory.Path, null, 1, default, master is null ? null : TestKeys.Source(master));

    private async Task<LocalPartition> OpenAsync(bool withImages = true, int blockBytes = 2 << 20)
    {
        LocalPartition opened = new(
            P0, store, threads, TimeProvider.System, MemoryBudget.Unlimited,
            withImages ? new GalleryImages(directory.Path, blockBytes, store.Keys) : null);
        await opened.Loading;
        Assert.False(opened.HasFailed);
        return opened;
    }

    private static Task EnrolAsync(LocalPartition partition) => WriteOneAsync(
        partition,
        [.. Enumerable.Range(0, 4).Select(
            person => new Write.Create(EncounterOf(person, "E9", fingers: [1, 2, 7], eyes: [1, 2])))]);

    private static async Task WriteOneAsync(LocalPartition partition, params Write[] writes)
    {
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes), Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }

    private async Task LeaveImageAsync()
    {
        LocalPartition owner = await OpenAsync();
        await EnrolAsync(owner);
        await owner.DisposeAsync();
    }

    private async Task AssertLikeAFreshLoadAsync(LocalPartition taken) =>
        await AssertAlikeAsync(taken, () => OpenAsync(withImages: false));
}

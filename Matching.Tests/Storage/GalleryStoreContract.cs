using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>
/// What every store must do. An adapter's test class derives from it and hands over an empty store.
/// </summary>
public abstract class GalleryStoreContract
{
    private const int Seed = 4711;

    protected static PartitionId P0 => new(0);

    protected static PartitionId P1 => new(1);

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A new, empty store; the class that made it disposes of it.</summary>
    protected abstract ValueTask<IGalleryStore> NewStoreAsync(int partitions);

    [SkippableFact]
    public async Task A_put_is_read_back_as_it_was()
    {
        IGalleryStore store = await NewStoreAsync(2);
        long epoch = await store.OpenEpochAsync(P1, None);
        Encounter encounter = SomeEncounters.Any(new Random(Seed), "person", "encounter");

        Assert.Equal(AppendOutcome.Applied, await PutAsync(store, P1, epoch, encounter));

        SomeEncounters.AssertSame(encounter, Assert.Single(await store.ReadPersonAsync(P1, "person", None)));
        SomeEncounters.AssertSame(encounter, Assert.Single(await AllAsync(store, P1)));
        Assert.Empty(await AllAsync(store, P0));
        Assert.Empty(await store.ReadPersonAsync(P0, "person", None));
        Assert.Empty(await store.ReadPersonAsync(P1, "perso", None));
    }

    [SkippableFact]
    public async Task A_put_of_the_same_key_replaces_and_a_delete_removes()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        Encounter first = Some("p", "a", 100);
        Encounter second = Some("p", "a", 9000);
        Encounter other = Some("p", "b", 10);

        await PutAsync(store, P0, epoch, first, other);
        await PutAsync(store, P0, epoch, second);
        Assert.Equal(2, await store.CountAsync(P0, None));
        SomeEncounters.AssertSame(second, (await store.ReadPersonAsync(P0, "p", None))[0]);

        await store.AppendAsync(
            P0, epoch, [StoreWrite.Delete("p", "a"), StoreWrite.Delete("p", "nothing")], None);

        SomeEncounters.AssertSame(other, Assert.Single(await AllAsync(store, P0)));
        await store.AppendAsync(P0, epoch, [StoreWrite.Delete("p", "b")], None);
        Assert.Equal(0, await store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task The_digest_follows_every_append_and_is_that_of_a_fresh_count()
    {
        IGalleryStore store = await NewStoreAsync(2);
        long epoch = await store.OpenEpochAsync(P0, None);
        Assert.Equal(default(PartitionDigest), await store.DigestAsync(P0, None));
        Random dice = new(Seed);
        HashSet<PartitionDigest> seen = [];
        for (int i = 0; i < 50; i++)
        {
            string person = $"p\0{dice.Next(8)}";
            StoreWrite[] writes = [.. Enumerable.Range(0, dice.Next(1, 4)).Select(_ => dice.Next(3) == 0
                ? StoreWrite.Delete(person, "E")
                : StoreWrite.Put(SomeEncounters.Sized(person, "E", dice.Next(10, 6000))))];
            await store.AppendAsync(P0, epoch, writes, None);
            if (i == 20)
            {
                epoch = await store.OpenEpochAsync(P0, None);
            }

            PartitionDigest counted = (await AllAsync(store, P0))
                .Aggregate(default(PartitionDigest), (sum, one) => sum.With(one.Mark));
            Assert.Equal(counted, await store.DigestAsync(P0, None));
            seen.Add(counted);
        }

        Assert.InRange(seen.Count, 30, 50);
        Assert.Equal(default(PartitionDigest), await store.DigestAsync(P1, None));

        // One that counts already is not counted again by what somebody believes to have found.
        PartitionDigest? before = await store.DigestAsync(P0, None);
        await store.KeepDigestAsync(P0, epoch, new PartitionDigest(99, 1), None);
        Assert.Equal(before, await store.DigestAsync(P0, None));
    }

    [SkippableFact]
    public async Task Writes_of_one_append_are_applied_in_order()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        Encounter last = Some("p", "a", 30);

        AppendResult result = await store.AppendAsync(
            P0,
            epoch,
            [
                StoreWrite.Put(Some("p", "a", 10)),
                StoreWrite.Delete("p", "a"),
                StoreWrite.Put(Some("p", "a", 20)),
                StoreWrite.Put(last),
                StoreWrite.Put(Some("p", "gone", 20)),
                StoreWrite.Delete("p", "gone"),
            ],
            None);

        Assert.Equal(AppendOutcome.Applied, result.Outcome);
        SomeEncounters.AssertSame(last, Assert.Single(await AllAsync(store, P0)));
    }

    [SkippableFact]
    public async Task An_append_that_cannot_be_encoded_changes_nothing()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        Encounter good = Some("p", "a", 10);

        await Assert.ThrowsAsync<ArgumentException>(
            () => PutAsync(store, P0, epoch, good, good with { EncounterId = "\uDC00" }));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.AppendAsync(
                P0, epoch, [StoreWrite.Put(good), StoreWrite.Put(good) with { PersonId = "q" }], None));

        Assert.Equal(0, await store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task Listings_follow_the_order_of_utf_8_bytes()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        string[] sorted = ["A", "a", "a\0", "a\0b", "z", "é", "\uE000", "\uFFFD", "\U00010000", "\U0001F600"];
        string[] ids = [.. sorted];
        new Random(Seed).Shuffle(ids);

        await PutAsync(
            store, P0, epoch, [.. ids.SelectMany(p => ids.Select(e => Some(p, e, 10)))]);

        IReadOnlyList<StoredEncounter> all = await AllAsync(store, P0);
        Assert.Equal(
            sorted.SelectMany(p => sorted.Select(e => (p, e))), all.Select(s => (s.PersonId, s.EncounterId)));
        IReadOnlyList<StoredEncounter> person = await store.ReadPersonAsync(P0, "\uE000", None);
        Assert.Equal(sorted, person.Select(s => s.EncounterId));
    }

    [SkippableFact]
    public async Task A_listing_comes_in_chunks_of_bounded_count_and_bytes_and_misses_nothing()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        IEnumerable<int> many = Enumerable.Range(0, (2 * Limits.StoreChunkEncounters) + 1);
        Encounter[] small = [.. many.Select(i => Some("a", $"{i:D6}", 5))];
        Encounter[] large = [.. many.Take(150).Select(i => Some("b", $"{i:D6}", Limits.FingerTemplateBytes))];
        await PutAsync(store, P0, epoch, [.. large, .. small]);

        List<IReadOnlyList<StoredEncounter>> chunks = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(P0, None))
        {
            chunks.Add(chunk);
        }

        Assert.True(chunks.Count >= 5, $"{chunks.Count} chunks");
        Assert.All(chunks, chunk => Assert.InRange(chunk.Count, 1, Limits.StoreChunkEncounters));
        Assert.All(chunks, chunk => Assert.InRange(
            chunk.Sum(s => s.Content.Value!.Samples[0].Template.Length), 1, Limits.StoreChunkBytes));
        Assert.Equal(
            small.Concat(large).Select(e => (e.PersonId, e.EncounterId)),
            chunks.SelectMany(chunk => chunk).Select(s => (s.PersonId, s.EncounterId)));
    }

    [SkippableFact]
    public async Task Of_two_owners_of_a_partition_the_older_one_loses()
    {
        IGalleryStore store = await NewStoreAsync(2);
        long older = await store.OpenEpochAsync(P0, None);
        long bystander = await store.OpenEpochAsync(P1, None);
        Assert.Equal(AppendOutcome.Applied, await PutAsync(store, P0, older, Some("p", "1", 10)));

        long newer = await store.OpenEpochAsync(P0, None);
        AppendResult late = await store.AppendAsync(
            P0, older, [StoreWrite.Put(Some("p", "2", 10)), StoreWrite.Delete("p", "1")], None);

        Assert.Equal(older + 1, newer);
        Assert.Equal(new AppendResult(AppendOutcome.Fenced, newer), late);
        Assert.Equal(AppendOutcome.Applied, await PutAsync(store, P0, newer, Some("p", "3", 10)));
        Assert.Equal(AppendOutcome.Applied, await PutAsync(store, P1, bystander, Some("q", "1", 10)));
        Assert.Equal(["1", "3"], (await AllAsync(store, P0)).Select(s => s.EncounterId));
    }

    /// <summary>What makes an append of unknown outcome harmless: a new owner sees all of it or none.</summary>
    [SkippableFact]
    public async Task What_is_read_behind_a_new_epoch_of_the_older_ones_is_final_and_whole()
    {
        const int Appends = 40;
        IGalleryStore store = await NewStoreAsync(1);
        for (int round = 0; round < 3; round++)
        {
            long older = await store.OpenEpochAsync(P0, None);
            Task<AppendOutcome>[] appends = [.. Enumerable.Range(0, Appends).Select(i => Task.Run(
                () => PutAsync(
                    store, P0, older, Some($"{round} {i:D2}", "a", 9), Some($"{round} {i:D2}", "b", 9))))];
            await Task.WhenAny(appends);
            await store.OpenEpochAsync(P0, None);
            IReadOnlyList<StoredEncounter> seen = await AllAsync(store, P0);
            AppendOutcome[] outcomes = await Task.WhenAll(appends);

            string prefix = $"{round} ";
            Assert.Equal(
                Enumerable.Range(0, Appends).Where(i => outcomes[i] == AppendOutcome.Applied)
                    .SelectMany(i => (string[])[$"{round} {i:D2} a", $"{round} {i:D2} b"]),
                seen.Where(s => s.PersonId.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(s => $"{s.PersonId} {s.EncounterId}"));
            Assert.Equal(seen.Count, await store.CountAsync(P0, None));
            Assert.All(outcomes, outcome => Assert.True(
                outcome is AppendOutcome.Applied or AppendOutcome.Fenced, $"{outcome}"));
        }
    }

    [SkippableFact]
    public async Task An_epoch_that_was_never_opened_is_fenced()
    {
        IGalleryStore store = await NewStoreAsync(1);

        Assert.Equal(AppendOutcome.Fenced, await PutAsync(store, P0, 1, Some("p", "1", 10)));
        Assert.Equal(1, await store.OpenEpochAsync(P0, None));
    }

    [SkippableFact]
    public async Task All_partitions_have_one_key_of_states()
    {
        IGalleryStore store = await NewStoreAsync(1);
        byte[][] keys = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.StateKeyAsync(None).AsTask())));
        Assert.Equal(32, keys[0].Length);
        Assert.All(keys, key => Assert.Equal(keys[0], key));
        Assert.Equal(keys[0], await store.StateKeyAsync(None));
    }

    [SkippableFact]
    public async Task Blobs_are_kept_by_name_and_replaced()
    {
        IGalleryStore store = await NewStoreAsync(1);
        Assert.Null(await store.ReadBlobAsync("galleries", None));

        await store.WriteBlobAsync("galleries", new byte[] { 1, 2, 3 }, None);
        await store.WriteBlobAsync("other", ReadOnlyMemory<byte>.Empty, None);
        Assert.Equal("010203", Hex(await store.ReadBlobAsync("galleries", None)));
        await store.WriteBlobAsync("galleries", new byte[] { 4 }, None);

        Assert.Equal("04", Hex(await store.ReadBlobAsync("galleries", None)));
        Assert.Equal("", Hex(await store.ReadBlobAsync("other", None)));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.WriteBlobAsync("big", new byte[Limits.BlobBytes + 1], None));
    }

    [SkippableFact]
    public async Task Appends_of_many_callers_and_partitions_all_arrive()
    {
        const int Callers = 64;
        IGalleryStore store = await NewStoreAsync(4);
        long[] epochs = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(
            p => store.OpenEpochAsync(new PartitionId(p), None).AsTask()))];

        AppendOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(
            () => PutAsync(store, new PartitionId(i % 4), epochs[i % 4], Some($"p{i:D3}", "e", 10 + i)))));

        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Applied, outcome));
        for (int p = 0; p < 4; p++)
        {
            IReadOnlyList<StoredEncounter> all = await AllAsync(store, new PartitionId(p));
            IEnumerable<int> callers = Enumerable.Range(0, Callers).Where(i => i % 4 == p);
            Assert.Equal(callers.Select(i => $"p{i:D3}"), all.Select(s => s.PersonId));
        }
    }

    [SkippableFact]
    public async Task A_token_that_fired_before_withdraws_the_append()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.AppendAsync(
            P0, epoch, [StoreWrite.Put(Some("p", "e", 10))], new CancellationToken(true)));

        Assert.Equal(0, await store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task A_partition_that_does_not_exist_is_a_bug_of_the_caller()
    {
        IGalleryStore store = await NewStoreAsync(2);
        Assert.Equal(2, store.PartitionCount);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.OpenEpochAsync(new PartitionId(2), None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.CountAsync(new PartitionId(-1), None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AllAsync(store, new PartitionId(2)));
    }

    [SkippableFact]
    public async Task After_deletes_a_compaction_keeps_what_is_left()
    {
        IGalleryStore store = await NewStoreAsync(1);
        long epoch = await store.OpenEpochAsync(P0, None);
        Encounter[] all = [.. Enumerable.Range(0, 300).Select(i => Some("p", $"{i:D3}", 5000))];
        await PutAsync(store, P0, epoch, all);
        long before = await store.SizeInBytesAsync(None);
        StoreWrite[] deletes = [.. all[1..].Select(e => StoreWrite.Delete("p", e.EncounterId))];
        await store.AppendAsync(P0, epoch, deletes, None);

        await store.CompactAsync(None);

        long after = await store.SizeInBytesAsync(None);
        Assert.True(before == 0 ? after == 0 : after < before / 10, $"{before} bytes before, {after} after");
        SomeEncounters.AssertSame(all[0], Assert.Single(await AllAsync(store, P0)));
        Assert.Equal(AppendOutcome.Applied, await PutAsync(store, P0, epoch, all[1]));
    }

    [SkippableFact]
    public async Task A_closed_store_says_so()
    {
        IGalleryStore store = await NewStoreAsync(1);
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync(store, P0, 1, Some("p", "e", 1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AllAsync(store, P0));
    }

    protected static async Task<AppendOutcome> PutAsync(
        IGalleryStore store, PartitionId partition, long epoch, params Encounter[] encounters)
    {
        AppendResult result = await store.AppendAsync(
            partition, epoch, [.. encounters.Select(StoreWrite.Put)], None);
        return result.Outcome;
    }

    protected static async Task<IReadOnlyList<StoredEncounter>> AllAsync(
        IGalleryStore store, PartitionId partition)
    {
        List<StoredEncounter> all = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(partition, None))
        {
            all.AddRange(chunk);
        }

        return all;
    }

    private static Encounter Some(string personId, string encounterId, int bytes) =>
        SomeEncounters.Sized(personId, encounterId, bytes);

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(bytes);
}

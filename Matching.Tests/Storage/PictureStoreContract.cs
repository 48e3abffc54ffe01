using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>What every store with keys does with pictures: no record without its own, none without a record.</summary>
public abstract class PictureStoreContract
{
    private static readonly PartitionId P0 = new(0);

    /// <summary>The store with keys, empty at first; again, it is the same one opened again.</summary>
    protected abstract ValueTask<IGalleryStore> OpenAsync();

    /// <summary>What is stored of pictures, by person and encounter, as it lies there.</summary>
    protected abstract ValueTask<Dictionary<string, byte[]>> StoredAsync();

    /// <summary>Puts bytes in the place of a person's stored pictures; null takes them away.</summary>
    protected abstract ValueTask DamageAsync(string person, byte[]? bytes);

    [SkippableFact]
    public async Task Pictures_are_read_beside_their_record_and_only_when_they_are_asked_for()
    {
        IGalleryStore store = await OpenAsync();
        Encounter[] all =
        [
            SomeEncounters.Pictured(1, "a"), SomeEncounters.Pictured(2, "a", "b"),
            SomeEncounters.Pictured(3, "b") with { Pictures = [] },
        ];
        await PutAsync(store, all);
        store = await OpenAsync();
        List<StoredEncounter> read = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(P0, default))
        {
            read.AddRange(chunk);
        }

        Assert.Equal(3, read.Count);
        foreach ((Encounter wanted, StoredEncounter found) in all.Zip(read))
        {
            SomeEncounters.AssertSame(wanted, found);
            Assert.DoesNotContain(found.Content.Value!.Pictures, picture => picture.IsRead);
            SomeEncounters.AssertSamePictures(
                wanted, await store.ReadPicturesAsync(P0, found.Content.Value, default));
        }

        Dictionary<string, byte[]> stored = await StoredAsync();
        Assert.Equal(2, stored.Count);
        Assert.All(stored.Values, bytes => Assert.Null(PlainIn(bytes, all)));
    }

    [SkippableFact]
    public async Task A_put_replaces_what_was_there_and_a_delete_takes_it_along()
    {
        IGalleryStore store = await OpenAsync();
        long epoch = await store.OpenEpochAsync(P0, default);
        Encounter one = SomeEncounters.Pictured(2, "a");
        Encounter other = SomeEncounters.Pictured(4, "a");
        await AppendAsync(store, epoch, StoreWrite.Put(one), StoreWrite.Put(other));
        Encounter next = one with { RecordId = Guid.NewGuid(), Pictures = [one.Pictures[1]] };
        await AppendAsync(store, epoch, StoreWrite.Put(next), StoreWrite.Delete("p004", "e"));

        await AssertReadAsync(store, "p002", next);
        Assert.Equal(["p002/e"], (await StoredAsync()).Keys);
        await AppendAsync(store, epoch, StoreWrite.Put(next with { RecordId = Guid.NewGuid(), Pictures = [] }));
        Assert.Empty(await StoredAsync());

        // An append that is fenced writes neither.
        AppendResult fenced = await store.AppendAsync(P0, epoch - 1, [StoreWrite.Put(one)], default);
        Assert.Equal(AppendOutcome.Fenced, fenced.Outcome);
        Assert.Empty(await StoredAsync());
        Assert.Empty((await OneAsync(store, "p002")).Pictures);

        // A record that names pictures whose bytes nobody read is not written: they would be gone.
        Encounter unread = one.WithoutPictureBytes();
        await Assert.ThrowsAsync<ArgumentException>(
            () => store.AppendAsync(P0, epoch, [StoreWrite.Put(unread)], default).AsTask());
    }

    [SkippableFact]
    public async Task Pictures_that_are_missing_changed_or_of_another_record_are_noticed_and_can_be_deleted()
    {
        IGalleryStore store = await OpenAsync();
        Encounter one = SomeEncounters.Pictured(1, "a");
        Encounter two = one with { PersonId = "q" };
        await PutAsync(store, one, two, SomeEncounters.Pictured(3, "b"));
        Dictionary<string, byte[]> stored = await StoredAsync();
        byte[] good = stored["p001/e"];
        foreach (byte[]? bytes in (byte[]?[])
            [
                null, stored["q/e"], stored["p003/e"], good[..^1], [.. good, 0], [],
                [.. good[..^40], (byte)(good[^40] ^ 1), .. good[^39..]],
            ])
        {
            await DamageAsync("p001", bytes);
            Decoded<Encounter> read = await store.ReadPicturesAsync(P0, await OneAsync(store, "p001"), default);
            Assert.False(read.IsAccepted);
        }

        await DamageAsync("p001", good);
        await AssertReadAsync(store, "p001", one);
        await DamageAsync("p001", stored["q/e"]);
        long epoch = await store.OpenEpochAsync(P0, default);
        await AppendAsync(store, epoch, StoreWrite.Delete("p001", "e"));
        Assert.Equal(["p003/e", "q/e"], (await StoredAsync()).Keys.Order());
    }

    [SkippableFact]
    public async Task A_new_key_seals_them_again_and_none_opens_them_when_the_gallerys_keys_are_destroyed()
    {
        IGalleryStore store = await OpenAsync();
        Encounter[] all = [SomeEncounters.Pictured(1, "a"), SomeEncounters.Pictured(2, "a", "b")];
        await PutAsync(store, all);
        byte[] before = (await StoredAsync())["p001/e"];
        Assert.Equal(2, await store.Keys!.RotateAsync("a", default));
        await AssertReadAsync(store, "p001", all[0]);

        Assert.Equal(new ResealCount(2, 2, 0), await StoreReseal.RunAsync(store, default));

        Assert.NotEqual(before, (await StoredAsync())["p001/e"]);
        await AssertReadAsync(store, "p001", all[0]);
        Encounter read = await OneAsync(store, "p001");
        await store.Keys.DestroyAsync("a", default);
        Assert.False((await store.ReadPicturesAsync(P0, read, default)).IsAccepted);
        await AssertReadAsync(store, "p002", all[1]);
    }

    /// <summary>Whose picture has sixteen of its bytes in a row in these; null where nobody's has.</summary>
    protected static string? PlainIn(byte[] bytes, IEnumerable<Encounter> encounters) => ClearText.IsIn(
        bytes, encounters.Select(one => one with
        {
            Samples = [.. one.Pictures.Select(picture => one.Samples[0] with { Template = picture.Content })],
        }));

    private static async Task<Encounter> OneAsync(IGalleryStore store, string person) =>
        Assert.Single(await store.ReadPersonAsync(P0, person, default)).Content.Value!;

    private static async Task AssertReadAsync(IGalleryStore store, string person, Encounter wanted) =>
        SomeEncounters.AssertSamePictures(
            wanted, await store.ReadPicturesAsync(P0, await OneAsync(store, person), default));

    private static async Task PutAsync(IGalleryStore store, params Encounter[] encounters) => await AppendAsync(
        store, await store.OpenEpochAsync(P0, default), [.. encounters.Select(StoreWrite.Put)]);

    private static async Task AppendAsync(IGalleryStore store, long epoch, params StoreWrite[] writes) =>
        Assert.Equal(AppendOutcome.Applied, (await store.AppendAsync(P0, epoch, writes, default)).Outcome);
}

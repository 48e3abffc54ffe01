using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Keys;

public sealed class KeyRingTests
{
    private readonly TestKeys store = new();

    [Fact]
    public async Task A_gallery_gets_one_key_that_comes_back_at_the_next_opening()
    {
        GalleryKey made;
        using (KeyRing ring = await TestKeys.RingAsync(store))
        {
            Assert.Null(ring.Current("visa"));
            Assert.Null(await ring.EnsureAsync(["visa", "civil", "visa"], default));
            made = ring.Current("visa")!;
            Assert.Equal((3, 1), (ring.All.Count, made.Number));
        }

        using KeyRing again = await TestKeys.RingAsync(store);
        Assert.Equal((made.Id, made.Number, made.Created),
            (again.Current("visa")!.Id, again.Current("visa")!.Number, again.Current("visa")!.Created));
        Assert.Equal(made.Key, again.Current("visa")!.Key);
        Assert.DoesNotContain(store.Entries, entry => entry.Entry.AsSpan().IndexOf(made.Key) >= 0);
    }

    [Fact]
    public async Task Another_master_key_is_refused_by_the_ids_of_both()
    {
        string id;
        using (KeyRing ring = await TestKeys.RingAsync(store))
        {
            id = ring.MasterKeyId;
        }

        KeyException refused = await Assert.ThrowsAsync<KeyException>(() => TestKeys.RingAsync(store, "two"));
        Assert.Contains(id, refused.Message, StringComparison.Ordinal);
        Assert.Contains(TestKeys.Source("two").Read().Id, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_key_is_wrapped_again_and_stays_what_it_was()
    {
        using KeyRing ring = await TestKeys.RingAsync(store);
        await ring.EnsureAsync(["visa"], default);
        byte[] before = ring.Current("visa")!.Key;

        Assert.Equal(2, await ring.RewrapAsync(TestKeys.Source("two"), default));

        Assert.Equal(before, ring.Current("visa")!.Key);
        await ring.EnsureAsync(["later"], default);
        using KeyRing again = await TestKeys.RingAsync(store, "two");
        Assert.Equal(before, again.Current("visa")!.Key);
        Assert.NotNull(again.Current("later"));
        await Assert.ThrowsAsync<KeyException>(() => TestKeys.RingAsync(store));
    }

    [Fact]
    public async Task A_rotated_key_opens_still_and_seals_no_more()
    {
        using KeyRing ring = await TestKeys.RingAsync(store);
        Assert.Null(await ring.RotateAsync("visa", default));
        await ring.EnsureAsync(["visa"], default);
        GalleryKey first = ring.Current("visa")!;

        Assert.Equal(2, await ring.RotateAsync("visa", default));

        Assert.NotEqual(first.Id, ring.Current("visa")!.Id);
        Assert.NotNull(ring.Find(first.Id));
        await ring.RemoveOldAsync("visa", default);
        Assert.Null(ring.Find(first.Id));
        Assert.Equal(2, ring.Current("visa")!.Number);
    }

    [Fact]
    public async Task A_gallery_that_is_being_deleted_seals_nothing_and_begins_again_when_it_is_gone()
    {
        using KeyRing ring = await TestKeys.RingAsync(store);
        await ring.EnsureAsync(["visa"], default);
        GalleryKey first = ring.Current("visa")!;

        await ring.CloseAsync("visa", default);

        Outage? outage = await ring.EnsureAsync(["visa"], default);
        Assert.True(outage?.MayRetry);
        Assert.NotNull(ring.Find(first.Id));
        await ring.DestroyAsync("visa", default);
        Assert.Null(ring.Find(first.Id));
        Assert.Null(await ring.EnsureAsync(["visa"], default));
        Assert.NotEqual(first.Id, ring.Current("visa")!.Id);
        Assert.NotEqual(first.Key, ring.Current("visa")!.Key);
    }

    [Fact]
    public async Task Two_processes_that_make_a_key_at_once_have_the_same()
    {
        using KeyRing one = await TestKeys.RingAsync(store);
        using KeyRing other = await TestKeys.RingAsync(store);

        await one.EnsureAsync(["visa"], default);
        await other.EnsureAsync(["visa"], default);

        Assert.Equal(one.Current("visa")!.Id, other.Current("visa")!.Id);
    }

    [Fact]
    public async Task Another_process_that_still_has_the_old_master_key_reads_the_new_one_from_its_source()
    {
        string variable = $"MATCHCLUSTER_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, Convert.ToBase64String(new byte[32]));
        MasterKeySource source = MasterKeySource.OfVariable(variable);
        using KeyRing one = await KeyRing.OpenAsync(store, source, source.Read(), null, TimeProvider.System, default);
        using KeyRing other = await KeyRing.OpenAsync(store, source, source.Read(), null, TimeProvider.System, default);
        await one.EnsureAsync(["visa"], default);

        Environment.SetEnvironmentVariable(variable, Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]));
        Assert.Equal(2, await one.RewrapAsync(null, default));
        await other.RefreshAsync(default);

        Assert.Equal(one.Current("visa")!.Key, other.Current("visa")!.Key);
        Assert.Equal(one.MasterKeyId, other.MasterKeyId);
        Environment.SetEnvironmentVariable(variable, null);
    }

    [Fact]
    public void The_golden_entry_reads_and_is_written_as_it_was()
    {
        using MasterKey master = TestKeys.Source("golden").Read();
        GalleryKey key = new(
            "visa", 3, new Guid("00112233-4455-6677-8899-aabbccddeeff"), KeyState.InUse,
            new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
            [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        string path = GoldenEncounter.PathOf("gallery-key-v1.bin");
        byte[] written = KeyCodec.Wrap(key, master, TestKeys.Seeded(1)).Entry;

        Assert.Equal(File.ReadAllBytes(path), written);
        Decoded<GalleryKey> read = KeyCodec.Unwrap(new WrappedKey("visa", 3, written), master);
        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        Assert.Equal(key.Key, read.Value.Key);
        Assert.Equal(key with { Key = read.Value.Key }, read.Value);
    }

    [Fact]
    public void An_entry_that_was_moved_or_changed_anywhere_does_not_open()
    {
        using MasterKey master = TestKeys.Source("golden").Read();
        byte[] entry = File.ReadAllBytes(GoldenEncounter.PathOf("gallery-key-v1.bin"));
        Assert.False(KeyCodec.Unwrap(new WrappedKey("civil", 3, entry), master).IsAccepted);
        Assert.False(KeyCodec.Unwrap(new WrappedKey("visa", 2, entry), master).IsAccepted);
        for (int bit = 0; bit < entry.Length * 8; bit++)
        {
            byte[] changed = [.. entry];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(KeyCodec.Unwrap(new WrappedKey("visa", 3, changed), master).IsAccepted, $"bit {bit}");
        }

        for (int length = 0; length < entry.Length; length++)
        {
            Assert.False(KeyCodec.Unwrap(new WrappedKey("visa", 3, entry[..length]), master).IsAccepted);
        }
    }
}

using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>Probes that are kept encrypted: who reads them, and what is on the disk.</summary>
public sealed class SealedProbeTests : IDisposable
{
    private static readonly DateTimeOffset Now = CaseSamplesContract.Now;
    private static readonly Encounter Person = EncounterOf(1, gallery: "visa");

    /// <summary>One finger of "visa" in the case "C-1", with random bytes of seed 1; frozen.</summary>
    private const string Golden =
        "0204007669736117C1E39CE46C828E4E0221BE0F3B5358D1D290B43E07FDB192CD7D941136B75BCB37A51F0B"
        + "28319BCC3E18D9A727911A7EFA30E3056FCA4C2099931869E2054E77454A71BC379D6ECD4AAFD020000000E3"
        + "565E6D16CD31E727DE35EF65AA756D0D834910EFFCFA98ED1408A7E78E287F";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly TestKeys entries = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Every_store_of_probes_holds_the_contract()
    {
        using KeyRing keys = await TestKeys.RingAsync(entries);
        await CaseSamplesContract.HoldsAsync(new MemoryCaseSamples());
        await using (SqliteCaseSamples plain = SqliteCaseSamples.Open(directory))
        {
            await CaseSamplesContract.HoldsAsync(plain);
        }

        File.Delete(Path.Combine(directory, SqliteCaseSamples.Name));
        await using SqliteCaseSamples store = SqliteCaseSamples.Open(directory, keys);
        await CaseSamplesContract.HoldsAsync(store);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_a_probe_is_in_the_file_with_a_key_and_all_of_it_without(bool isSealed)
    {
        using KeyRing keys = await TestKeys.RingAsync(entries);
        await using SqliteCaseSamples store = SqliteCaseSamples.Open(directory, isSealed ? keys : null);
        await store.PutAsync("C-1", "visa", Person.Samples, Now.AddDays(1), default);

        Assert.NotNull(await store.ReadAsync("C-1", Now, default));
        Assert.Equal(isSealed, ClearText.IsIn(directory, [Person]) is null);
    }

    [Fact]
    public async Task A_sealed_probe_needs_the_key_and_the_key_of_its_gallery()
    {
        using KeyRing keys = await TestKeys.RingAsync(entries);
        await using (SqliteCaseSamples store = SqliteCaseSamples.Open(directory, keys))
        {
            await store.PutAsync("C-1", "visa", Person.Samples, Now.AddDays(1), default);
            await store.PutAsync("C-2", "ALL", Person.Samples, Now.AddDays(1), default);
        }

        await using (SqliteCaseSamples keyless = SqliteCaseSamples.Open(directory))
        {
            StoreException refused = await Assert.ThrowsAsync<StoreException>(
                async () => await keyless.ReadAsync("C-1", Now, default));
            Assert.Equal(
                "the probe of the case is encrypted, and this server has no master key", refused.Outage.Reason);
        }

        await using SqliteCaseSamples again = SqliteCaseSamples.Open(directory, keys);
        Assert.NotNull(await again.ReadAsync("C-1", Now, default));
        await keys.CloseAsync("visa", default);
        await Assert.ThrowsAsync<StoreException>(
            async () => await again.PutAsync("C-3", "visa", Person.Samples, Now.AddDays(1), default));
        await keys.DestroyAsync("visa", default);
        Assert.Null(await again.ReadAsync("C-1", Now, default));
        Assert.NotNull(await again.ReadAsync("C-2", Now, default));
    }

    [Fact]
    public async Task A_probe_that_was_moved_to_another_case_or_changed_does_not_open()
    {
        using KeyRing keys = await TestKeys.RingAsync(entries);
        ProbeCodec codec = new(keys, "here");
        await codec.PrepareAsync("visa", default);
        byte[] bytes = codec.Encode("C-1", "visa", Person.Samples);
        Assert.NotNull(await codec.DecodeAsync("C-1", bytes, default));

        await Assert.ThrowsAsync<StoreException>(async () => await codec.DecodeAsync("C-2", bytes, default));
        int keyId = 1 + 2 + "visa".Length;
        foreach (int at in (int[])[1, 3, keyId + 16, keyId + 16 + 12, bytes.Length - 20, bytes.Length - 1])
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            await Assert.ThrowsAsync<StoreException>(async () => await codec.DecodeAsync("C-1", changed, default));
        }

        await Assert.ThrowsAsync<StoreException>(async () => await codec.DecodeAsync("C-1", [3, 0], default));
    }

    [Fact]
    public async Task Plain_probes_are_read_and_sealed_again_and_older_keys_are_not_needed_after_that()
    {
        await using (SqliteCaseSamples plain = SqliteCaseSamples.Open(directory))
        {
            await plain.PutAsync("C-1", "visa", Person.Samples, Now.AddDays(1), default);
        }

        using KeyRing keys = await TestKeys.RingAsync(entries);
        await using SqliteCaseSamples store = SqliteCaseSamples.Open(directory, keys);
        Assert.NotNull(await store.ReadAsync("C-1", Now, default));
        await store.PutAsync("C-2", "visa", Person.Samples, Now.AddDays(1), default);
        Assert.Equal(1, await store.RenewAsync(default));
        Assert.Null(ClearText.IsIn(directory, [Person]));

        await keys.RotateAsync("visa", default);
        Assert.Equal(1, await store.RenewAsync(default));
        Assert.Equal(0, await store.RenewAsync(default));
        await keys.RemoveOldAsync("visa", default);

        foreach (string id in (string[])["C-1", "C-2"])
        {
            Assert.Equal(
                Person.Samples.Select(CaseSamplesContract.Told),
                (await store.ReadAsync(id, Now, default))!.Select(CaseSamplesContract.Told));
        }
    }

    [Fact]
    public async Task The_form_of_a_sealed_probe_is_frozen()
    {
        using KeyRing keys = await TestKeys.RingAsync(entries);
        keys.Random = TestKeys.Seeded(1);
        ProbeCodec codec = new(keys, "here");
        await codec.PrepareAsync("visa", default);
        Sample finger = new()
        {
            Position = BiometricPosition.OfFinger(2),
            Format = TemplateFormat.Iso19794v2005,
            Instance = "i",
            Quality = 5,
            Template = new byte[] { 10, 11, 12 },
        };

        Assert.Equal(Golden, Convert.ToHexString(codec.Encode("C-1", "visa", [finger])));
        IReadOnlyList<Sample> read = (await codec.DecodeAsync("C-1", Convert.FromHexString(Golden), default))!;
        Assert.Equal(CaseSamplesContract.Told(finger), CaseSamplesContract.Told(Assert.Single(read)));
    }
}

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class RecordSealTests
{
    private const int Seed = 51;

    [Fact]
    public async Task Every_encounter_comes_back_as_it_was_from_any_of_its_galleries()
    {
        Random random = new(Seed);
        for (int i = 0; i < 60; i++)
        {
            Encounter encounter = SomeEncounters.Any(random);
            RecordSeal seal = await TestKeys.SealAsync([.. encounter.Galleries]);
            byte[] record = Sealed(seal, encounter);
            string kept = encounter.Galleries[random.Next(encounter.Galleries.Count)];
            foreach (string gallery in encounter.Galleries.Where(gallery => gallery != kept))
            {
                await seal.Keys.DestroyAsync(gallery, default);
            }

            OpenedRecord opened = seal.Open(record);

            Assert.True(opened.Content.IsAccepted, $"seed {Seed}, encounter {i}: {opened.Content.Rejection}");
            SomeEncounters.AssertSame(encounter, opened.Content.Value);
            await seal.Keys.DestroyAsync(kept, default);
            Assert.True(seal.Open(record) is { LacksKey: true, Content.IsAccepted: false });
        }
    }

    [Fact]
    public async Task Nothing_of_the_samples_or_of_the_callers_data_is_in_the_sealed_record()
    {
        Random random = new(Seed);
        Encounter encounter = SomeEncounters.Sized("p", "e", 300) with { ClientData = new byte[] { 9, 8, 7, 6, 5, 4 } };
        RecordSeal seal = await TestKeys.SealAsync("all");

        byte[] record = Sealed(seal, encounter);

        Assert.True(record.AsSpan().IndexOf(encounter.Samples[0].Template.Span[..8]) < 0);
        Assert.True(record.AsSpan().IndexOf(encounter.ClientData.Span) < 0);
        Assert.False(EncounterCodec.Decode(record).IsAccepted);
        Assert.NotEqual(record, Sealed(seal, encounter));
        Assert.InRange(record.Length - EncounterCodec.Encode(encounter).Length, 1, 200);
    }

    [Fact]
    public async Task What_is_plain_or_under_an_older_key_is_stale()
    {
        Encounter encounter = SomeEncounters.Sized("p", "e", 30);
        RecordSeal seal = await TestKeys.SealAsync("all");
        byte[] record = Sealed(seal, encounter);

        Assert.True(seal.Open(EncounterCodec.Encode(encounter)) is { IsStale: true, Content.IsAccepted: true });
        Assert.True(seal.Open(record) is { IsStale: false, Content.IsAccepted: true });
        await seal.Keys.RotateAsync("all", default);
        Assert.True(seal.Open(record) is { IsStale: true, Content.IsAccepted: true });
        Assert.False(seal.Open(Sealed(seal, encounter)).IsStale);
    }

    [Fact]
    public async Task A_record_that_was_swapped_renamed_or_flipped_anywhere_does_not_open()
    {
        RecordSeal seal = await TestKeys.SealAsync("all", "visa");
        Encounter one = SomeEncounters.Sized("p1", "e", 40) with { Galleries = ["all", "visa"] };
        byte[] record = Sealed(seal, one);

        Assert.Contains("another encounter", Rejection(StoredRecord.Read("p2", "e", record, seal)));
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            byte[] changed = [.. record];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 >= EncounterFrame.HeaderBytes)
            {
                // Somebody who can write the file can compute the checksum too.
                EncounterFrame.Seal(changed, EncounterFrame.SealedVersion);
            }

            OpenedRecord opened = seal.Open(changed);
            Assert.False(opened.Content.IsAccepted, $"bit {bit} of byte {bit / 8}");
        }
    }

    [Fact]
    public async Task Hostile_bytes_are_rejections()
    {
        RecordSeal seal = await TestKeys.SealAsync("all");
        byte[] record = Sealed(seal, SomeEncounters.Sized("p", "e", 50));
        for (int length = 0; length < record.Length; length++)
        {
            Assert.False(seal.Open(record.AsSpan(0, length)).Content.IsAccepted, $"{length} bytes");
        }

        Random random = new(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = record.AsSpan(0, random.Next(EncounterFrame.HeaderBytes, record.Length + 1)).ToArray();
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            EncounterFrame.Seal(changed, EncounterFrame.SealedVersion);
            OpenedRecord opened = seal.Open(changed);
            Assert.True(
                !opened.Content.IsAccepted || record.AsSpan().SequenceEqual(changed), $"seed {Seed}, mutation {i}");
        }
    }

    [Fact]
    public async Task The_golden_sealed_record_reads_and_is_written_as_it_was()
    {
        RecordSeal seal = await GoldenSealAsync();

        Decoded<Encounter> read = seal.Open(
            File.ReadAllBytes(GoldenEncounter.PathOf("encounter-v3.bin"))).Content;

        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        SomeEncounters.AssertSame(GoldenEncounter.Version2, read.Value);
        seal.Keys.Random = TestKeys.Seeded(2);
        Assert.Equal(
            File.ReadAllBytes(GoldenEncounter.PathOf("encounter-v3.bin")), Sealed(seal, GoldenEncounter.Version2));
    }

    private static async Task<RecordSeal> GoldenSealAsync()
    {
        RecordSeal seal = await TestKeys.SealAsync();
        seal.Keys.Random = TestKeys.Seeded(1);
        await seal.Keys.EnsureAsync(GoldenEncounter.Version2.Galleries, default);
        return seal;
    }

    private static byte[] Sealed(RecordSeal seal, Encounter encounter) =>
        seal.Seal(encounter, EncounterCodec.Encode(encounter), [])!;

    private static string Rejection(StoredEncounter stored) => stored.Content.Rejection!.ToString();
}

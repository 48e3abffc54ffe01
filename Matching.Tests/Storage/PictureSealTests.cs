using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class PictureSealTests
{
    private const int Seed = 83;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_golden_pictures_read_and_are_written_as_they_were(int version)
    {
        Encounter wanted = version == 1 ? GoldenEncounter.Version5 : GoldenEncounter.Version6;
        RecordSeal seal = await TestKeys.SealAsync();
        seal.Keys.Random = TestKeys.Seeded(1);
        await seal.Keys.EnsureAsync(wanted.Galleries, default);
        byte[] golden = await File.ReadAllBytesAsync(GoldenEncounter.PathOf($"pictures-v{version}.bin"));

        SomeEncounters.AssertSamePictures(
            wanted, PictureSeal.Open(seal.Keys, wanted.WithoutPictureBytes(), golden));
        seal.Keys.Random = TestKeys.Seeded(2);
        Assert.Equal(golden, PictureSeal.Seal(seal.Keys, wanted, []));
    }

    /// <summary>Neither the type of an opaque item nor what is one can be exchanged.</summary>
    [Fact]
    public async Task An_opaque_item_opens_as_what_it_was_sealed_as()
    {
        Encounter encounter = GoldenEncounter.Version6;
        RecordSeal seal = await TestKeys.SealAsync(encounter.Galleries[0]);
        byte[] bytes = PictureSeal.Seal(seal.Keys, encounter, [])!;
        SomeEncounters.AssertSamePictures(encounter, PictureSeal.Open(seal.Keys, encounter, bytes));
        foreach (Picture other in (Picture[])
            [
                encounter.Pictures[1] with { OpaqueType = "VOICE" },
                encounter.Pictures[1] with { OpaqueType = null, Samples = [0] },
            ])
        {
            Encounter changed = encounter with
            {
                Pictures = [encounter.Pictures[0], other, encounter.Pictures[2]],
            };
            Assert.False(PictureSeal.Open(seal.Keys, changed, bytes).IsAccepted);
        }
    }

    [Fact]
    public async Task They_open_for_their_own_record_alone()
    {
        Encounter encounter = SomeEncounters.Pictured(2, "a", "b");
        RecordSeal seal = await TestKeys.SealAsync("a", "b");
        byte[] bytes = PictureSeal.Seal(seal.Keys, encounter, [])!;
        foreach (Encounter other in (Encounter[])
            [
                encounter with { PersonId = "q" }, encounter with { EncounterId = "f" },
                encounter with { RecordId = Guid.NewGuid() },
                encounter with { Pictures = [encounter.Pictures[1], encounter.Pictures[0], encounter.Pictures[2]] },
                encounter with { Pictures = [.. encounter.Pictures.Take(2)] },
                encounter with { Pictures = [.. encounter.Pictures.Select(one => one with { Samples = [1] })] },
                encounter with { Pictures = [.. encounter.Pictures.Select(one => one with { Hash = new byte[32] })] },
            ])
        {
            Assert.False(PictureSeal.Open(seal.Keys, other, bytes).IsAccepted);
        }

        await seal.Keys.DestroyAsync("a", default);
        SomeEncounters.AssertSamePictures(encounter, PictureSeal.Open(seal.Keys, encounter, bytes));
        await seal.Keys.DestroyAsync("b", default);
        Assert.False(PictureSeal.Open(seal.Keys, encounter, bytes).IsAccepted);
    }

    [Fact]
    public async Task Hostile_bytes_are_rejections()
    {
        Encounter encounter = SomeEncounters.Pictured(1, "a");
        RecordSeal seal = await TestKeys.SealAsync("a");
        byte[] bytes = PictureSeal.Seal(seal.Keys, encounter, [])!;
        for (int length = 0; length < bytes.Length; length += length < 300 ? 1 : 97)
        {
            Assert.False(PictureSeal.Open(seal.Keys, encounter, bytes[..length]).IsAccepted, $"{length} bytes");
        }

        Random random = new(Seed);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] changed = [.. bytes];
            int at = random.Next(2) == 0 ? random.Next(200) : random.Next(changed.Length);
            changed[at] ^= (byte)random.Next(1, 256);

            Assert.False(PictureSeal.Open(seal.Keys, encounter, changed).IsAccepted, $"seed {Seed}, mutation {i}");
        }
    }
}

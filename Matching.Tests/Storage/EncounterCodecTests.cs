using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class EncounterCodecTests
{
    private const int Seed = 20260;

    [Fact]
    public void Every_encounter_comes_back_as_it_was()
    {
        Random random = new(Seed);
        for (int i = 0; i < 300; i++)
        {
            Encounter encounter = SomeEncounters.Any(random);
            Decoded<Encounter> back = EncounterCodec.Decode(EncounterCodec.Encode(encounter));
            Assert.True(back.IsAccepted, $"seed {Seed}, encounter {i}: {back.Rejection}");
            SomeEncounters.AssertSame(encounter, back.Value);
        }
    }

    [Fact]
    public void An_encounter_at_every_limit_comes_back()
    {
        string longest = new('x', Limits.IdBytes);
        Sample sample = new()
        {
            Position = BiometricPosition.OfFinger(3),
            Format = TemplateFormat.Ansi378v2009,
            Template = new byte[Limits.FingerTemplateBytes],
            Instance = longest,
            Quality = 100,
        };
        Encounter encounter = new()
        {
            PersonId = longest,
            EncounterId = longest,
            RecordId = Guid.Empty,
            Status = EncounterStatus.Inactive,
            EncounterType = longest,
            Galleries =
            [
                .. Enumerable.Range(0, Limits.GalleriesPerEncounter).Select(i => $"{i:D3}{longest[3..]}"),
            ],
            Created = DateTimeOffset.MinValue,
            Updated = DateTimeOffset.MaxValue,
            YearOfBirth = int.MinValue,
            ClientData = new byte[Limits.ClientDataBytes],
            Samples = [.. Enumerable.Repeat(sample, Limits.SamplesPerEncounter)],
            MovedFrom = longest,
        };

        Decoded<Encounter> back = EncounterCodec.Decode(EncounterCodec.Encode(encounter));

        Assert.True(back.IsAccepted, back.Rejection?.ToString());
        SomeEncounters.AssertSame(encounter, back.Value);
    }

    [Fact]
    public void Times_are_kept_as_utc()
    {
        DateTimeOffset there = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(5));
        Encounter encounter = SomeEncounters.Sized("p", "e", 10) with { Created = there, Updated = there };

        Encounter back = EncounterCodec.Decode(EncounterCodec.Encode(encounter)).Value!;

        Assert.Equal(there.UtcDateTime, back.Created.DateTime);
        Assert.Equal(TimeSpan.Zero, back.Updated.Offset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void The_golden_record_of_every_version_reads_and_is_written_as_it_was(int version)
    {
        Encounter wanted = version switch
        {
            1 => GoldenEncounter.Version1,
            2 => GoldenEncounter.Version2,
            4 => GoldenEncounter.Version4,
            5 => GoldenEncounter.Version5,
            _ => GoldenEncounter.Version6,
        };
        byte[] golden = File.ReadAllBytes(GoldenEncounter.PathOf($"encounter-v{version}.bin"));

        Decoded<Encounter> read = EncounterCodec.Decode(golden);

        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        SomeEncounters.AssertSame(wanted, read.Value);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(EncounterCodec.Encode(wanted)));
    }

    /// <summary>An opaque item is of no sample and has a type; without one a record is of an older version.</summary>
    [Fact]
    public void Opaque_items_are_written_only_as_such()
    {
        Encounter both = GoldenEncounter.Version6;
        Picture face = both.Pictures[1];
        foreach (Picture wrong in (Picture[])
            [face with { Samples = [0] }, face with { OpaqueType = "" }, face with { OpaqueType = null }])
        {
            Assert.Throws<ArgumentException>(
                () => EncounterCodec.Encode(both with { Pictures = [both.Pictures[0], wrong] }));
        }

        byte[] older = EncounterCodec.Encode(GoldenEncounter.Version5);
        Assert.Equal(5, older[4]);
        older[4] = 6;
        Assert.False(EncounterCodec.Decode(EncounterFrame.Seal(older, 6)).IsAccepted);
        byte[] newer = EncounterCodec.Encode(both);
        Assert.False(EncounterCodec.Decode(EncounterFrame.Seal(newer, 5)).IsAccepted);
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_is_a_rejection()
    {
        byte[] frame = EncounterCodec.Encode(SomeEncounters.Any(new Random(Seed)));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EncounterCodec.Decode(frame).IsAccepted, $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(EncounterCodec.Decode(frame.AsSpan(0, length)).IsAccepted, $"cut to {length}");
        }

        Assert.False(EncounterCodec.Decode([.. frame, 0]).IsAccepted);
        Assert.True(EncounterCodec.Decode(frame).IsAccepted);
    }

    /// <summary>
    /// Bytes changed and the checksum made right again, so that the changes reach the fields. What is still
    /// accepted is a valid encounter: it encodes to the very same bytes.
    /// </summary>
    [Fact]
    public void Mutated_bodies_are_rejected_or_have_exactly_one_encoding()
    {
        Random random = new(Seed);
        int accepted = 0;
        int rejected = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = Mutate(random, EncounterCodec.Encode(SomeEncounters.Any(random)));
            Decoded<Encounter> back = EncounterCodec.Decode(frame);
            if (back.IsAccepted)
            {
                accepted++;
                byte[] again = EncounterCodec.Encode(back.Value);
                Assert.True(frame.AsSpan().SequenceEqual(again), $"seed {Seed}, case {i}");
            }
            else
            {
                rejected++;
                Assert.NotEqual("", back.Rejection.Found);
            }
        }

        Assert.True(accepted > 1000 && rejected > 1000, $"accepted {accepted}, rejected {rejected}");
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        Random random = new(Seed);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            Assert.False(EncounterCodec.Decode(bytes).IsAccepted);
            if (bytes.Length >= EncounterFrame.HeaderBytes)
            {
                Assert.False(EncounterCodec.Decode(EncounterFrame.Seal(bytes, 1 + (i % 2))).IsAccepted);
            }
        }
    }

    [Fact]
    public void A_length_beyond_its_limit_is_rejected_before_anything_is_allocated()
    {
        byte[] frame = EncounterCodec.Encode(SomeEncounters.Sized("p", "e", 40_000));

        // The template is the last field: its length stands four bytes before it.
        int lengthAt = frame.Length - 40_000 - 4;
        BitConverter.TryWriteBytes(frame.AsSpan(lengthAt), uint.MaxValue);
        EncounterFrame.Seal(frame, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Decoded<Encounter> back = EncounterCodec.Decode(frame);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(
            $"at byte {lengthAt}: found template of {uint.MaxValue} bytes, "
            + $"wanted 1 to {Limits.FingerTemplateBytes} bytes",
            back.Rejection?.ToString());
        Assert.InRange(allocated, 1, 8 * 1024);
    }

    [Fact]
    public void A_newer_version_is_named_in_the_rejection()
    {
        byte[] frame = EncounterCodec.Encode(SomeEncounters.Sized("p", "e", 10));
        frame[4] = 7;

        Assert.Equal(
            "at byte 4: found record version 7, wanted version 1, 2, 4, 5 or 6",
            EncounterCodec.Decode(frame).Rejection?.ToString());
        frame[4] = 3;
        Assert.Equal(
            "at byte 4: found a sealed record, wanted a plain one, or the master key that opens it",
            EncounterCodec.Decode(frame).Rejection?.ToString());
    }

    public static TheoryData<string, Func<Encounter, Encounter>> Unacceptable => new()
    {
        { "person id: found 0 as bytes", e => e with { PersonId = "" } },
        { "person id: found 130 as bytes of UTF-8, wanted 1 to", e => e with { PersonId = new('é', 65) } },
        { "encounter id holds half a surrogate pair", e => e with { EncounterId = "\uD800" } },
        { "number of galleries: found 0", e => e with { Galleries = [] } },
        { "a gallery is named twice", e => e with { Galleries = ["g", "g"] } },
        { "number of samples: found 65", e => e with { Samples = [.. Enumerable.Repeat(e.Samples[0], 65)] } },
        { "status: found 0", e => e with { Status = 0 } },
        { "template: found 0", e => e with { Samples = [e.Samples[0] with { Template = default }] } },
        { "template format 0 is not defined", e => e with { Samples = [e.Samples[0] with { Format = 0 }] } },
        { "quality: found 101", e => e with { Samples = [e.Samples[0] with { Quality = 101 }] } },
        { "client data: found 4097 as bytes", e => e with { ClientData = new byte[4097] } },
        {
            "template: found 16385 as bytes, wanted 1 to 16384",
            e => e with
            {
                Samples =
                [
                    e.Samples[0] with { Position = BiometricPosition.LeftEye, Template = new byte[16385] },
                ],
            }
        },
    };

    [Theory]
    [MemberData(nameof(Unacceptable))]
    public void What_would_not_decode_is_not_encoded(string message, Func<Encounter, Encounter> broken)
    {
        ArgumentNullException.ThrowIfNull(broken);
        Encounter encounter = broken(SomeEncounters.Sized("p", "e", 10));

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => EncounterCodec.Encode(encounter));

        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Mutate(Random random, byte[] frame)
    {
        int bodyBytes = frame.Length - EncounterFrame.HeaderBytes;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = EncounterFrame.HeaderBytes + random.Next(bodyBytes);
            frame[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(frame[at] + 1),
                _ => byte.MaxValue,
            };
        }

        int length = random.Next(8) == 0 ? EncounterFrame.HeaderBytes + random.Next(bodyBytes) : frame.Length;
        return EncounterFrame.Seal(frame[..length], EncounterFrame.VersionOf(frame));
    }
}

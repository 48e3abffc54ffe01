using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>Encounters of random content for the stores, which look at no template.</summary>
internal static class SomeEncounters
{
    private static readonly string[] Words =
        ["a", "Z", "é", "ß", "\uE000", "\uFFFD", "\U0001F600", "\U00010000", "0", "-"];

    /// <summary>One with every field at random, the optional ones present or not.</summary>
    public static Encounter Any(Random random, string personId, string encounterId) => new()
    {
        PersonId = personId,
        EncounterId = encounterId,
        RecordId = Guid(random),
        Status = random.Next(2) == 0 ? EncounterStatus.Active : EncounterStatus.Inactive,
        EncounterType = Text(random, 0, 12),
        Galleries = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => Text(random, 0, 5) + i)],
        Created = Instant(random),
        Updated = Instant(random),
        YearOfBirth = random.Next(2) == 0 ? null : random.Next(1900, 2026),
        Sex = (Sex)random.Next(3),
        ClientData = Bytes(random, random.Next(0, 60)),
        Samples = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Sample(random, random.Next(1, 400)))],
        MovedFrom = random.Next(2) == 0 ? null : Text(random, 1, 20),
        Missing = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Missing(random))],
        Transit = random.Next(3) != 0 ? null
            : new Transit((TransitKind)random.Next(1, 3), Guid(random), Text(random, 1, 20), Instant(random)),
        ExpiresAt = random.Next(3) != 0 ? null
            : new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next()),
        IsHeld = random.Next(5) == 0,
        Origin = random.Next(3) != 0 ? null : new Origin(Guid(random), Guid(random)),
    };

    public static Encounter Any(Random random) => Any(random, Text(random, 1, 24), Text(random, 1, 24));

    /// <summary>One with a single template of the given size.</summary>
    public static Encounter Sized(string personId, string encounterId, int templateBytes) => new()
    {
        PersonId = personId,
        EncounterId = encounterId,
        RecordId = Guid(new Random(templateBytes)),
        Status = EncounterStatus.Active,
        EncounterType = "",
        Galleries = ["all"],
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Samples =
        [
            new Sample
            {
                Position = BiometricPosition.OfFinger(1),
                Format = TemplateFormat.Iso19794v2005,
                Template = Bytes(new Random(templateBytes), templateBytes),
            },
        ],
    };

    public static void AssertSame(Encounter wanted, Encounter found)
    {
        Assert.Equal(wanted.PersonId, found.PersonId);
        Assert.Equal(wanted.EncounterId, found.EncounterId);
        Assert.Equal(wanted.RecordId, found.RecordId);
        Assert.Equal(wanted.Status, found.Status);
        Assert.Equal(wanted.EncounterType, found.EncounterType);
        Assert.Equal(wanted.Galleries, found.Galleries);
        Assert.Equal(wanted.Created, found.Created);
        Assert.Equal(wanted.Updated, found.Updated);
        Assert.Equal(TimeSpan.Zero, found.Created.Offset);
        Assert.Equal(TimeSpan.Zero, found.Updated.Offset);
        Assert.Equal(wanted.YearOfBirth, found.YearOfBirth);
        Assert.Equal(wanted.Sex, found.Sex);
        Assert.Equal(wanted.ClientData.ToArray(), found.ClientData.ToArray());
        Assert.Equal(wanted.MovedFrom, found.MovedFrom);
        Assert.Equal(wanted.Transit, found.Transit);
        Assert.Equal(wanted.Origin, found.Origin);
        Assert.Equal(wanted.ExpiresAt, found.ExpiresAt);
        Assert.Equal(wanted.IsHeld, found.IsHeld);
        Assert.Equal(wanted.Samples.Count, found.Samples.Count);
        Assert.Equal(wanted.Missing.Count, found.Missing.Count);
        foreach ((MissingItem item, MissingItem back) in wanted.Missing.Zip(found.Missing))
        {
            Assert.Equal(item.Parts, back.Parts);
            Assert.Equal(item, back with { Parts = item.Parts });
        }

        Assert.Equal(wanted.Pictures.Count, found.Pictures.Count);
        foreach ((Picture picture, Picture back) in wanted.Pictures.Zip(found.Pictures))
        {
            Assert.Equal(picture.Samples, back.Samples);
            Assert.Equal(picture.Hash.ToArray(), back.Hash.ToArray());
            Assert.Equal(
                picture with { Samples = [], Hash = default, Content = default },
                back with { Samples = [], Hash = default, Content = default });
        }

        foreach ((Sample sample, Sample back) in wanted.Samples.Zip(found.Samples))
        {
            Assert.Equal(sample.Template.ToArray(), back.Template.ToArray());
            Assert.Equal(sample with { Template = default }, back with { Template = default });
        }
    }

    public static void AssertSame(Encounter wanted, StoredEncounter found)
    {
        Assert.Equal(wanted.PersonId, found.PersonId);
        Assert.Equal(wanted.EncounterId, found.EncounterId);
        Assert.True(found.Content.IsAccepted, found.Content.Rejection?.ToString());
        AssertSame(wanted, found.Content.Value);
    }

    /// <summary>Text with characters of one to four bytes in UTF-8.</summary>
    public static string Text(Random random, int minWords, int maxWords) =>
        string.Concat(Enumerable.Range(0, random.Next(minWords, maxWords + 1))
            .Select(_ => Words[random.Next(Words.Length)]));

    /// <summary>One with a template and some pictures of it.</summary>
    public static Encounter Pictured(int number, params string[] galleries) =>
        Sized($"p{number:D3}", "e", 200 + number) with
        {
            Galleries = galleries,
            Pictures =
            [
                .. Enumerable.Range(0, 1 + (number % 3)).Select(
                    i => Picture.Of(Bytes(new Random((100 * number) + i), 3000 + (500 * i)), [0])),
            ],
        };

    /// <summary>The content of pictures, where it was read.</summary>
    public static void AssertSamePictures(Encounter wanted, Decoded<Encounter> found)
    {
        Assert.True(found.IsAccepted, found.Rejection?.ToString());
        AssertSame(wanted, found.Value);
        Assert.Equal(
            wanted.Pictures.Select(one => Convert.ToHexString(one.Content.Span)),
            found.Value.Pictures.Select(one => Convert.ToHexString(one.Content.Span)));
    }

    private static Sample Sample(Random random, int bytes) => new()
    {
        Position = random.Next(2) == 0
            ? BiometricPosition.OfFinger(random.Next(11))
            : BiometricPosition.OfEye(random.Next(3)),
        Format = Enum.GetValues<TemplateFormat>()[random.Next(Enum.GetValues<TemplateFormat>().Length)],
        Template = Bytes(random, bytes),
        Instance = random.Next(2) == 0 ? null : Text(random, 0, 6),
        Quality = random.Next(2) == 0 ? null : random.Next(101),
    };

    private static MissingItem Missing(Random random) => new()
    {
        Modality = random.Next(2) == 0 ? Modality.Finger : Modality.Iris,
        Place = random.Next(2) == 0 ? null : Text(random, 1, 6),
        Instance = random.Next(2) == 0 ? null : Text(random, 0, 6),
        Sample = random.Next(2) == 0 ? null : random.Next(Limits.SamplesPerEncounter),
        Parts =
        [
            .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new MissingPart(
                random.Next(2) == 0 ? null : Text(random, 1, 6),
                random.Next(2) == 0 ? null : (MissingReason)random.Next(1, 4))),
        ],
    };

    private static Guid Guid(Random random) => new(Bytes(random, 16));

    private static DateTimeOffset Instant(Random random) =>
        new(random.NextInt64(DateTime.MaxValue.Ticks / 2), TimeSpan.Zero);

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>The encounters that the golden records of each version hold. Neither may ever change.</summary>
internal static class GoldenEncounter
{
    public static Encounter Version1 { get; } = new()
    {
        PersonId = "person-\U0001F600-1",
        EncounterId = "encounter-é",
        RecordId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Status = EncounterStatus.Inactive,
        EncounterType = "registration",
        Galleries = ["civil", "visa"],
        Created = new DateTimeOffset(2024, 2, 29, 23, 59, 58, TimeSpan.Zero),
        Updated = new DateTimeOffset(638_700_000_012_345_678, TimeSpan.Zero),
        YearOfBirth = 1984,
        Sex = Sex.Female,
        ClientData = Encoding.ASCII.GetBytes("opaque"),
        MovedFrom = "person-0",
        Samples =
        [
            new Sample
            {
                Position = BiometricPosition.OfFinger(7),
                Format = TemplateFormat.Iso19794v2011,
                Template = new byte[] { 1, 2, 3, 5, 8, 13, 21 },
                Instance = "second capture",
                Quality = 77,
            },
            new Sample
            {
                Position = BiometricPosition.LeftEye,
                Format = TemplateFormat.OpenIrisJson,
                Template = Encoding.ASCII.GetBytes("{\"iris\":0}"),
            },
        ],
    };

    /// <summary>
    /// The encounter that the golden record of version 2 holds: something missing, a move under way, an origin.
    /// </summary>
    public static Encounter Version2 { get; } = Version1 with
    {
        MovedFrom = null,
        Missing =
        [
            new MissingItem
            {
                Modality = Modality.Finger,
                Place = "PLAIN_RIGHT_FOUR_FINGERS",
                Parts = [new MissingPart("RIGHT_INDEX", MissingReason.Amputated), new MissingPart(null, null)],
            },
            new MissingItem
            {
                Modality = Modality.Iris,
                Place = "EYE_LEFT",
                Instance = "first",
                Sample = 1,
                Parts = [new MissingPart(null, MissingReason.Bandaged)],
            },
        ],
        Transit = new Transit(
            TransitKind.Arrived, new Guid("10112233-4455-6677-8899-aabbccddeeff"), "person-0",
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
        Origin = new Origin(
            new Guid("20112233-4455-6677-8899-aabbccddeeff"), new Guid("30112233-4455-6677-8899-aabbccddeeff")),
    };

    /// <summary>The encounter that the golden record of version 4 holds: it expires and is held.</summary>
    public static Encounter Version4 { get; } = Version2 with
    {
        ExpiresAt = new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero),
        IsHeld = true,
    };

    /// <summary>The encounter of the golden record of version 5: it has pictures, which are not in it.</summary>
    public static Encounter Version5 { get; } = Version4 with
    {
        Galleries = ["civil"],
        Pictures =
        [
            Picture.Of(Encoding.ASCII.GetBytes("a picture of a slap"), [0, 1]) with { Slap = 13, Ppi = 1000 },
            Picture.Of(new byte[] { 7, 8, 9, 10 }, [1]) with { AreBothEyes = true, Raw = (2, 2) },
        ],
    };

    /// <summary>The encounter of the golden record of version 6: one of its pictures is an opaque item.</summary>
    public static Encounter Version6 { get; } = Version5 with
    {
        Pictures =
        [
            Version5.Pictures[0], Picture.Opaque("FACE", Encoding.ASCII.GetBytes("a face")), Version5.Pictures[1],
        ],
    };

    public static string PathOf(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Storage", "Golden", name);
}

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Starting;

/// <summary>
/// The people of the self-search: none of them exists. They are a few more than the first stage of fingers (128) and a
/// block of eyes (64) need to take part.
/// </summary>
internal static class SelfGallery
{
    public const string Name = "self-search";

    /// <summary>People who are enrolled, with index fingers and eyes.</summary>
    public const int People = 136;

    private const ulong Seed = 19;

    // Standard codes: right and left index finger, right and left eye.
    private static readonly int[] FingerCodes = [2, 7];
    private static readonly int[] EyeCodes = [1, 2];

    private static readonly SyntheticPopulation Population = new(Seed);

    /// <summary>The index of an enrolled person; -1 where nobody has the id.</summary>
    public static int IndexOf(string personId) => Enumerable.Range(0, People)
        .FirstOrDefault(index => Population.Person(index).PersonId == personId, -1);

    /// <summary>The first captures of a person, as an enrolment.</summary>
    public static Encounter Enrolment(int index)
    {
        SyntheticPerson person = Population.Person(index);
        return new Encounter
        {
            PersonId = person.PersonId,
            EncounterId = "1",
            RecordId = new Guid(index, 0, 0, new byte[8]),
            Status = EncounterStatus.Active,
            EncounterType = Name,
            Galleries = [Name],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            YearOfBirth = person.YearOfBirth,
            Sex = person.Sex,
            Samples = Samples(person, impression: 0, FingerCodes.Length, EyeCodes.Length),
        };
    }

    /// <summary>Later captures of a person, as a probe.</summary>
    public static IReadOnlyList<Sample> Probe(int index, int fingers, int eyes) =>
        Samples(Population.Person(index), impression: 1, fingers, eyes);

    private static IReadOnlyList<Sample> Samples(SyntheticPerson person, int impression, int fingers, int eyes) =>
    [
        .. FingerCodes.Take(fingers).Select(code => new Sample
        {
            Position = BiometricPosition.OfFinger(code),
            Format = TemplateFormat.Iso19794v2005,
            Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [person.Finger(code, impression)]),
        }),
        .. EyeCodes.Take(eyes).Select(code => new Sample
        {
            Position = BiometricPosition.OfEye(code),
            Format = TemplateFormat.MatchClusterIris,
            Template = IrisTemplates.EncodeMatchCluster(person.Iris(code, impression, IrisShape.D2048)),
        }),
    ];
}

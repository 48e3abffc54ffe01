using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests;

/// <summary>Encounters and probes of generated people, small enough for a test.</summary>
internal static class TestPeople
{
    private static readonly SyntheticPopulation Population = new(20_261);

    public static string IdOf(int person) => Population.Person(person).PersonId;

    /// <summary>An enrolment: chosen fingers and eyes of one impression.</summary>
    public static Encounter EncounterOf(
        int person, string encounterId = "E1", string gallery = "G", int[]? fingers = null, int[]? eyes = null,
        int impression = 0)
    {
        SyntheticPerson who = Population.Person(person);
        return new Encounter
        {
            PersonId = who.PersonId,
            EncounterId = encounterId,
            RecordId = new Guid(person, (short)impression, 7, [.. encounterId.PadRight(8)[..8].Select(c => (byte)c)]),
            Status = EncounterStatus.Active,
            EncounterType = "TEST",
            Galleries = [gallery],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            YearOfBirth = who.YearOfBirth,
            Sex = who.Sex,
            Samples = Samples(person, fingers ?? [2], eyes ?? [], impression),
        };
    }

    public static Probe ProbeOf(int person, int[]? fingers = null, int[]? eyes = null, int impression = 1) =>
        ProbeBuilder.Build(Samples(person, fingers ?? [2], eyes ?? [], impression)).Value!;

    public static IReadOnlyList<Sample> Samples(int person, int[] fingers, int[] eyes, int impression)
    {
        SyntheticPerson who = Population.Person(person);
        return
        [
            .. fingers.Select(code => new Sample
            {
                Position = BiometricPosition.OfFinger(code),
                Format = TemplateFormat.Iso19794v2005,
                Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [who.Finger(code, impression)]),
            }),
            .. eyes.Select(code => new Sample
            {
                Position = BiometricPosition.OfEye(code),
                Format = TemplateFormat.MatchClusterIris,
                Template = IrisTemplates.EncodeMatchCluster(who.Iris(code, impression, IrisShape.D2048)),
            }),
        ];
    }
}

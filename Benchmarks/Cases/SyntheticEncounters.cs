using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Synthetic people as they are enrolled and asked for: ten fingers as ISO/IEC 19794-2:2005 and two D2048
/// eyes at enrolment, fewer in a probe.
/// </summary>
internal static class SyntheticEncounters
{
    public const string Gallery = "bench";

    private const int Fingers = 10;
    private const int Eyes = 2;

    /// <summary>Standard codes in the order in which probes bring them.</summary>
    private static readonly int[] FingerOrder = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10];

    /// <summary>The enrolment of the person of an index.</summary>
    public static Encounter Of(SyntheticPopulation population, int index)
    {
        SyntheticPerson person = population.Person(index);
        return new Encounter
        {
            PersonId = person.PersonId,
            EncounterId = "1",
            RecordId = new Guid(index, 0, 0, new byte[8]),
            Status = EncounterStatus.Active,
            EncounterType = "benchmark",
            Galleries = [Gallery],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            YearOfBirth = person.YearOfBirth,
            Sex = person.Sex,
            Samples = Samples(person, 0, Fingers, Eyes),
        };
    }

    /// <summary>The first fingers of the usual order and the first eyes of a capture.</summary>
    public static IReadOnlyList<Sample> Samples(
        SyntheticPerson person, int impression, int fingers, int eyes) =>
    [
        .. FingerOrder.Take(fingers).Select(code => Finger(person.Finger(code, impression))),
        .. Enumerable.Range(1, eyes).Select(eye => Eye(person.Iris(eye, impression, IrisShape.D2048))),
    ];

    private static Sample Finger(FingerView view) => new()
    {
        Position = view.Position,
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
    };

    private static Sample Eye(IrisCode code) => new()
    {
        Position = code.Position,
        Format = TemplateFormat.MatchClusterIris,
        Template = IrisTemplates.EncodeMatchCluster(code),
    };
}

using MatchCluster.Api.Osia;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Demo;

/// <summary>
/// The people of the demo, as encounters to enrol and as probes to ask for. None of them exists.
/// </summary>
internal sealed class DemoPeople
{
    public const string Gallery = "demo";

    private const ulong Seed = 1;
    private const string EncounterId = "E1";
    private const int RightIndex = 2;
    private const int RightMiddle = 3;
    private const int RightEye = 1;

    private readonly SyntheticPopulation population = new(Seed);

    /// <summary>Ten fingers and two eyes of one person, first impressions.</summary>
    public Encounter Enrolment(int index, DateTimeOffset now)
    {
        SyntheticPerson person = population.Person(index);
        List<Sample> samples = [];
        for (int finger = 1; finger <= 10; finger++)
        {
            samples.Add(FingerOf(person, finger, impression: 0));
        }

        samples.Add(IrisOf(person, 1, impression: 0));
        samples.Add(IrisOf(person, 2, impression: 0));
        return new Encounter
        {
            PersonId = person.PersonId,
            EncounterId = EncounterId,
            RecordId = Guid.CreateVersion7(now),
            Status = EncounterStatus.Active,
            EncounterType = "synthetic",
            Galleries = [Gallery],
            Created = now,
            Updated = now,
            YearOfBirth = person.YearOfBirth,
            Sex = person.Sex,
            Samples = samples,
        };
    }

    /// <summary>A later capture of two fingers and one eye, as OSIA's IdentifyRequest.</summary>
    public OsiaIdentifyRequest Probe(int index)
    {
        SyntheticPerson person = population.Person(index);
        return RequestOf(
            FingerOf(person, RightIndex, impression: 1), FingerOf(person, RightMiddle, impression: 1),
            IrisOf(person, RightEye, impression: 1));
    }

    /// <summary>A later capture of one eye alone: a body short enough to read.</summary>
    public OsiaIdentifyRequest SmallProbe(int index) =>
        RequestOf(IrisOf(population.Person(index), RightEye, impression: 1));

    public string IdOf(int index) => population.Person(index).PersonId;

    private static Sample FingerOf(SyntheticPerson person, int finger, int impression)
    {
        FingerView view = person.Finger(finger, impression);
        return new Sample
        {
            Position = view.Position,
            Format = TemplateFormat.Iso19794v2005,
            Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
        };
    }

    private static Sample IrisOf(SyntheticPerson person, int eye, int impression)
    {
        IrisCode code = person.Iris(eye, impression, IrisShape.D2048);
        return new Sample
        {
            Position = code.Position,
            Format = TemplateFormat.MatchClusterIris,
            Template = IrisTemplates.EncodeMatchCluster(code),
        };
    }

    private static OsiaIdentifyRequest RequestOf(params IReadOnlyList<Sample> samples) => new()
    {
        Filter = new OsiaFilter(),
        BiometricData =
        [
            .. samples.Select(sample => new OsiaBiometricData
            {
                BiometricType = Positions.TypeOf(sample.Position.Modality),
                BiometricSubType = Positions.SubTypeOf(sample.Position),
                Template = sample.Template.ToArray(),
                TemplateFormat = TemplateFormats.NameOf(sample.Format),
            }),
        ],
    };
}

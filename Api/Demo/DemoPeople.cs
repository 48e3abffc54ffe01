using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Demo;

/// <summary>
/// The people of the demo, as encounters to enrol and as probes to ask for. None of them exists.
/// </summary>
/// <param name="only">Their one modality; null gives them both.</param>
internal sealed class DemoPeople(Modality? only)
{
    public const string Gallery = "demo";

    private const ulong Seed = 1;
    private const string EncounterId = "E1";
    private const int RightIndex = 2;
    private const int RightMiddle = 3;
    private const int RightEye = 1;
    private const int LeftEye = 2;

    private readonly SyntheticPopulation population = new(Seed);

    /// <summary>What each of them has.</summary>
    public string What => only switch
    {
        Modality.Finger => "10 fingers",
        Modality.Iris => "2 irises",
        null => "10 fingers and 2 irises",
    };

    /// <summary>What <see cref="Probe"/> brings.</summary>
    public string Asked => only switch
    {
        Modality.Finger => "Two fingers",
        Modality.Iris => "Two eyes",
        null => "Two fingers and an eye",
    };

    /// <summary>The fingers and eyes of one person, first impressions.</summary>
    public Encounter Enrolment(int index, DateTimeOffset now)
    {
        SyntheticPerson person = population.Person(index);
        List<Sample> samples = [];
        for (int finger = 1; finger <= 10 && HasFingers; finger++)
        {
            samples.Add(FingerOf(person, finger, impression: 0));
        }

        for (int eye = RightEye; eye <= LeftEye && HasEyes; eye++)
        {
            samples.Add(IrisOf(person, eye, impression: 0));
        }

        return new Encounter
        {
            PersonId = person.PersonId,
            EncounterId = EncounterId,
            RecordId = RecordIds.Next(now),
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

    /// <summary>
    /// A later capture as OSIA's IdentifyRequest: two fingers and one eye, or two of the one modality.
    /// </summary>
    public OsiaIdentifyRequest Probe(int index)
    {
        SyntheticPerson person = population.Person(index);
        List<Sample> samples = [];
        if (HasFingers)
        {
            samples.Add(FingerOf(person, RightIndex, impression: 1));
            samples.Add(FingerOf(person, RightMiddle, impression: 1));
        }

        if (HasEyes)
        {
            samples.Add(IrisOf(person, RightEye, impression: 1));
        }

        if (HasEyes && !HasFingers)
        {
            samples.Add(IrisOf(person, LeftEye, impression: 1));
        }

        return RequestOf([.. samples]);
    }

    /// <summary>A later capture of one eye, or one finger where they have no eyes: short enough to read.</summary>
    public OsiaIdentifyRequest SmallProbe(int index) => RequestOf(
        HasEyes
            ? IrisOf(population.Person(index), RightEye, impression: 1)
            : FingerOf(population.Person(index), RightIndex, impression: 1));

    /// <summary>What everybody has, what <see cref="Probe"/> brings first.</summary>
    public static IReadOnlyList<BiometricPosition> Places { get; } =
    [
        BiometricPosition.OfFinger(RightIndex), BiometricPosition.OfFinger(RightMiddle),
        BiometricPosition.OfEye(RightEye), BiometricPosition.OfEye(LeftEye),
        .. Enumerable.Range(1, 10).Except([RightIndex, RightMiddle]).Select(BiometricPosition.OfFinger),
    ];

    public static TemplateFormat FormatOf(BiometricPosition place) => place.Modality switch
    {
        Modality.Finger => TemplateFormat.Iso19794v2005,
        Modality.Iris => TemplateFormat.MatchClusterIris,
    };

    /// <summary>What the name of a file of that format ends in.</summary>
    public static string FileEndOf(BiometricPosition place) => place.Modality switch
    {
        Modality.Finger => "fmr",
        Modality.Iris => "mcit",
    };

    /// <summary>One finger or eye of a person, captured a second time.</summary>
    public Sample Again(int index, BiometricPosition place) => place.Modality switch
    {
        Modality.Finger => FingerOf(population.Person(index), place.Finger, impression: 1),
        Modality.Iris => IrisOf(population.Person(index), place.Eye, impression: 1),
    };

    /// <summary>The name of its file.</summary>
    public string SmallFile => HasEyes ? "probe-one-eye.json" : "probe-one-finger.json";

    public string IdOf(int index) => population.Person(index).PersonId;

    private bool HasFingers => only switch
    {
        Modality.Finger => true,
        Modality.Iris => false,
        null => true,
    };

    private bool HasEyes => only switch
    {
        Modality.Finger => false,
        Modality.Iris => true,
        null => true,
    };

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

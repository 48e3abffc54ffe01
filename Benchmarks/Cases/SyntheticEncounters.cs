using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
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
    private const int EnrolTogether = 200;

    /// <summary>Standard codes in the order in which probes bring them.</summary>
    private static readonly int[] FingerOrder = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10];

    /// <summary>The enrolment of the person of an index.</summary>
    public static Encounter Of(
        SyntheticPopulation population, int index, int fingers = Fingers, int eyes = Eyes, string gallery = Gallery)
    {
        SyntheticPerson person = population.Person(index);
        return new Encounter
        {
            PersonId = person.PersonId,
            EncounterId = "1",
            RecordId = new Guid(index, 0, 0, new byte[8]),
            Status = EncounterStatus.Active,
            EncounterType = "benchmark",
            Galleries = [gallery],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            YearOfBirth = person.YearOfBirth,
            Sex = person.Sex,
            Samples = Samples(person, 0, fingers, eyes),
        };
    }

    /// <summary>Enrols people by the way any caller's encounters go, made on every core.</summary>
    public static async Task EnrolAsync(
        BenchmarkContext context, EncounterRoot root, int people, Func<int, Encounter> person)
    {
        for (int done = 0; done < people; done += EnrolTogether)
        {
            var writes = new Write[Math.Min(EnrolTogether, people - done)];
            int first = done;
            Parallel.For(0, writes.Length, i => writes[i] = new Write.Create(person(first + i)));
            IReadOnlyList<WriteResult> results =
                await root.ApplyAsync(writes, SearchBudget.Of(Limits.LongestDeadline, context.Cancel));
            context.MustHold("every enrolment is applied", results.All(r => r.IsApplied));
            if (first % 5000 == 0)
            {
                context.Progress($"enrolled {first} of {people}");
            }
        }
    }

    /// <summary>The first fingers of the usual order and the first eyes of a capture.</summary>
    public static IReadOnlyList<Sample> Samples(
        SyntheticPerson person, int impression, int fingers, int eyes) =>
    [
        .. FingerOrder.Take(fingers).Select(code => Finger(person.Finger(code, impression))),
        .. Enumerable.Range(1, eyes).Select(eye => Eye(person.Iris(eye, impression, IrisShape.D2048))),
    ];

    public static Sample Finger(FingerView view) => new()
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

using System.Diagnostics;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Rotation;

/// <summary>
/// Searches of the whole engine at the server's own threshold, with probes turned: one finger of a set among generated
/// people, and the same probe among generated people only.
/// </summary>
internal static class TurnedSearches
{
    private const double Target = 0.01;
    private const int Together = 8;
    private const string Enrolled = "enrolled";
    private const string Others = "others";
    private const string All = "all";

    /// <summary>Searched for by nothing else.</summary>
    private const ulong Seed = 92;

    private static readonly double[] Turns = [0, 45, 90, 180];
    private static readonly BiometricPosition Place = BiometricPosition.OfFinger(2);

    private readonly record struct Outcome(
        int Set, double Turn, Matching.Scatter.Rotation Rotation, bool IsFound, bool IsFalse, bool IsRetried,
        double Seconds);

    public static void Write(IAnsiConsole console, FingerViews views, int people, Func<int, ScoreCalibration> by)
    {
        var population = new SyntheticPopulation(Seed);
        Encounter[] generated = new Encounter[people];
        Parallel.For(0, people, i => generated[i] = Of(
            $"G{i}", population.Person(i).Finger(Place.Finger, 0), Enrolled, Others));
        List<Outcome> all = [];
        for (int set = 0; set < views.SetNames.Count; set++)
        {
            all.AddRange(SearchAsync(views, set, generated, by(set)).GetAwaiter().GetResult());
            Console.Error.WriteLine($"{views.SetNames[set]}: searched");
        }

        console.WriteLine(
            $"searches by one finger among {people:#,0} generated people, asked FPIR {Target}, first stage as usual; "
            + "false, retried and CPU time are of searches for people who are not enrolled");
        Table table = ClaimTable.New(
            "set", "turned by", "rotation", "missed (FNIR)", "false (FPIR)", "retried", "CPU ms", "to upright, normal");
        foreach (string name in (string[])[All, .. views.SetNames])
        {
            Outcome[] own = [.. all.Where(one => name == All || views.SetNames[one.Set] == name)];
            double usual = own.Where(one => one is { Turn: 0, Rotation: Matching.Scatter.Rotation.Normal })
                .Average(one => one.Seconds);
            foreach (IGrouping<(double Turn, Matching.Scatter.Rotation Rotation), Outcome> rows in
                own.GroupBy(one => (one.Turn, one.Rotation)))
            {
                double seconds = rows.Average(one => one.Seconds);
                table.AddRow(
                    Markup.Escape(name), $"{rows.Key.Turn}", rows.Key.Rotation.ToString().ToLowerInvariant(),
                    Percent(rows, one => !one.IsFound), Percent(rows, one => one.IsFalse),
                    Percent(rows, one => one.IsRetried), $"{1000 * seconds:0.0}", $"{seconds / usual:0.00}");
            }
        }

        console.Write(table);
    }

    private static string Percent(IEnumerable<Outcome> of, Func<Outcome, bool> is1) =>
        Markup.Escape(new Proportion(of.Count(is1), of.Count()).ToString());

    private static async Task<IReadOnlyList<Outcome>> SearchAsync(
        FingerViews views, int set, Encounter[] generated, ScoreCalibration by)
    {
        (string Id, FingerView[] Views)[] fingers =
        [
            .. Enumerable.Range(0, views.Views.Count).Where(i => views.SetOf[i] == set)
                .GroupBy(i => views.FingerOf[i], i => views.Views[i])
                .Select(finger => ($"F{finger.Key}", finger.ToArray())),
        ];
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine =
            MatchEngine.Open(store, new MatchEngineOptions { Threads = 1, Calibration = by });
        await engine.Loaded;
        var encounters = new EncounterRoot(engine);
        Encounter[] everybody = [.. generated, .. fingers.Select(finger => Of(finger.Id, finger.Views[0], Enrolled))];
        foreach (Encounter[] some in everybody.Chunk(200))
        {
            IReadOnlyList<WriteResult> applied =
                await encounters.ApplyAsync([.. some.Select(one => new Write.Create(one))], Budget);
            if (!applied.All(result => result.IsApplied))
            {
                throw new InvalidOperationException($"could not enrol: {applied.First(result => !result.IsApplied)}");
            }
        }

        var root = new SearchRoot(engine, TimeProvider.System);
        List<Outcome> found = [];
        (string Id, FingerView View)[] probes =
            [.. fingers.SelectMany(finger => finger.Views.Skip(1).Select(view => (finger.Id, view)))];
        await root.IdentifyAsync([AskFor(probes[0].View, 0, Matching.Scatter.Rotation.Full)], Budget); // a warm-up
        foreach (double turn in Turns)
        {
            foreach (Matching.Scatter.Rotation rotation in Enum.GetValues<Matching.Scatter.Rotation>())
            {
                foreach ((string Id, FingerView View)[] some in probes.Chunk(Together))
                {
                    IdentifyRequest[] asked = [.. some.Select(one => AskFor(one.View, turn, rotation))];
                    IReadOnlyList<IdentifyAnswer> mates = await root.IdentifyAsync(
                        [.. asked.Select(request => request with { Gallery = Enrolled })], Budget);
                    double before = CpuSeconds();
                    IReadOnlyList<IdentifyAnswer> strangers = await root.IdentifyAsync(asked, Budget);
                    double seconds = (CpuSeconds() - before) / some.Length;
                    found.AddRange(some.Select((one, i) => new Outcome(
                        set, turn, rotation, mates[i].Candidates.Any(candidate => candidate.PersonId == one.Id),
                        strangers[i].Candidates.Count > 0,
                        rotation == Matching.Scatter.Rotation.Normal && strangers[i].Turns is not null, seconds)));
                }
            }
        }

        return found;
    }

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromMinutes(10));

    private static IdentifyRequest AskFor(FingerView view, double turn, Matching.Scatter.Rotation rotation) => new()
    {
        Probe = new Probe(
            [new FingerProbe(Place, FingerTemplate.Prepare(ViewCuts.Turned(view, turn)))], []),
        Gallery = Others,
        TargetFpir = Target,
        Rotation = rotation,
    };

    private static double CpuSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static Encounter Of(string person, FingerView view, params string[] galleries) => new()
    {
        PersonId = person,
        EncounterId = "1",
        RecordId = Guid.NewGuid(),
        Status = EncounterStatus.Active,
        EncounterType = "benchmark",
        Galleries = galleries,
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Samples = [SyntheticEncounters.Finger(view with { Position = Place })],
    };
}

using System.Diagnostics;
using System.Security.Cryptography;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>A gallery into a pack, and the pack into a data directory.</summary>
internal sealed class PackBenchmark : IBenchmark
{
    private const int Partitions = 2;

    public string Name => "pack";

    public string Description => "Encounters a second into a pack and out of it, and bytes of it.";

    public async Task RunAsync(BenchmarkContext context)
    {
        using TemporaryFolder folder = new(context.Data);
        string root = folder.Folder.FullName;
        int people = context.People(5000, 8);
        SyntheticPopulation population = new(1);
        using PackIdentity node = PackIdentity.Make();
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pack = Path.Combine(root, "pack");
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            Path.Combine(root, "origin"), Partitions, Partitions, context.Cancel, changesKept: 10_000_000);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        await SyntheticEncounters.EnrolAsync(
            context, new EncounterRoot(engine), people, i => SyntheticEncounters.Of(population, i));
        ChangeFeed feed = (await ((IGalleryStore)store).OpenFeedAsync(context.Cancel))!;
        PackManifest manifest = new()
        {
            PackId = "bench",
            GalleryId = SyntheticEncounters.Gallery,
            Created = TimeProvider.System.GetUtcNow(),
            Expires = TimeProvider.System.GetUtcNow().AddDays(1),
            Partitions = Partitions,
            Calibration = ScoreCalibration.Default.Id,
            Engine = EngineVersion.Text,
            StateKey = feed.Keys.Of(SyntheticEncounters.Gallery).Key,
        };
        context.Progress("pack: export");
        PackSummary made;
        long start = Stopwatch.GetTimestamp();
        await using (FileStream file = File.Create(pack))
        {
            made = await new PackExport(engine, feed).WriteAsync(
                file, manifest, null, node, signer, SearchBudget.Of(TimeSpan.FromHours(1), context.Cancel));
        }

        double exporting = Stopwatch.GetElapsedTime(start).TotalSeconds;
        context.Progress("pack: import");
        start = Stopwatch.GetTimestamp();
        PackNote note = await PackImport.RunAsync(
            pack, Path.Combine(root, "copy"), node, signer, null, TimeProvider.System, 0, context.Cancel);
        double importing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        context.MustHold("the copy has the state of the gallery", note.State == made.State);
        context.MustHold($"{people} people and {note.State.Encounters} imported", note.State.Encounters == people);
        context.Add("export", "encounters_per_s", people / exporting, "1/s", "wall");
        context.Add("import", "encounters_per_s", people / importing, "1/s", "wall");
        context.Add("pack", "bytes_per_encounter", (double)new FileInfo(pack).Length / people, "B", "none");
    }
}

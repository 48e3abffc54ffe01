using System.Buffers.Binary;
using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Feeds;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Packs;

/// <summary>Packs from a gallery into a data directory.</summary>
public sealed class PackTests : IDisposable
{
    private const int People = 24;

    private static readonly DateTimeOffset Created = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory directory = new();
    private readonly PackIdentity node = PackIdentity.Make();
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider clock = new(Created);

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        node.Dispose();
        signer.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_gives_the_same_candidates_in_the_same_order_with_the_same_scores(bool encrypted)
    {
        IdentifyAnswer[] wanted;
        PackSummary packed;
        await using (SqliteGalleryStore store = await OpenAsync("origin"))
        await using (MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 }))
        {
            await engine.Loaded;
            await FillAsync(engine);
            wanted = await AskAsync(engine);
            packed = await ExportAsync(store, engine);
            Assert.Equal(await store.Changes!.PositionAsync("G", default), new ChangePosition(
                0, packed.Position!.Value, packed.State));
        }

        MasterKeySource? master = encrypted ? TestKeys.Source() : null;
        PackNote note = await ImportAsync("copy", master: master);
        Assert.Equal((packed.State, packed.Position), (note.State, note.Manifest.Position));
        Assert.Equal(note, PackNote.Read(PathOf("copy")) is { } read ? read with { Manifest = note.Manifest } : null);
        await using SqliteGalleryStore copy = await SqliteGalleryStore.OpenAsync(
            PathOf("copy"), null, 1, default, master);
        await using MatchEngine offline = MatchEngine.Open(copy, new MatchEngineOptions { Threads = 2 });
        await offline.Loaded;
        IdentifyAnswer[] found = await AskAsync(offline);
        Assert.True(wanted.Sum(answer => answer.Candidates.Count) > People);
        Assert.Equal(wanted.Select(Told), found.Select(Told));
    }

    /// <summary>Pictures and opaque items stay at the origin, and the copy needs no key for want of them.</summary>
    [Fact]
    public async Task A_pack_of_some_persons_holds_them_and_nobody_else()
    {
        await using SqliteGalleryStore store = await OpenAsync("origin");
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        await FillAsync(engine);
        await ExportAsync(store, engine, persons: new HashSet<string> { IdOf(1), IdOf(2), "nobody" });
        PackNote note = await ImportAsync("copy");
        Assert.Equal((2, true), (note.State.Encounters, note.Manifest.IsPart));
        PackException empty = await Assert.ThrowsAsync<PackException>(
            () => ExportAsync(store, engine, persons: new HashSet<string> { "nobody" }));
        Assert.Contains("nobody is in it", empty.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pictures_stay_where_they_are_kept_and_a_copy_of_their_encounters_searches_without(bool encrypted)
    {
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            PathOf("origin"), 3, 3, default, TestKeys.Source(), changesKept: 1000);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Encounter kept = EncounterOf(1, fingers: [1, 2], eyes: [1]) with
        {
            Galleries = ["G", "H"],
            Pictures = [Picture.Of(new byte[] { 1, 2, 3 }, [0]), Picture.Opaque("FACE", new byte[] { 3 })],
        };
        EncounterRoot root = new(engine, pictures: new NamedPictures(["G", "H"], new OpaqueLimits(1000, 1000)));
        WriteResult put = Assert.Single(await root.ApplyAsync([new Write.Create(kept)], Budget));
        Assert.True(put.IsApplied, put.Refusal?.Reason);
        Assert.Equal(
            2, Assert.Single((await root.ReadPicturesAsync(kept.PersonId, kept.EncounterId, Budget)).Encounters)
                .Pictures.Count);
        PackSummary packed = await ExportAsync(store, engine);
        MasterKeySource? master = encrypted ? TestKeys.Source("two") : null;
        Assert.Equal(packed.State, (await ImportAsync("copy", master: master)).State);
        await using (SqliteGalleryStore copy = await SqliteGalleryStore.OpenAsync(
            PathOf("copy"), null, 1, default, master))
        await using (MatchEngine offline = MatchEngine.Open(copy, new MatchEngineOptions { Threads = 2 }))
        {
            await offline.Loaded;
            ReadAnswer read = await new EncounterRoot(offline).ReadPersonAsync(kept.PersonId, Budget);
            Assert.Empty(Assert.Single(read.Encounters).Pictures);
        }

        // A copy follows them in the same way, also where its origin names pictures in its records.
        ChangeFeed feed = (await ((IGalleryStore)store).OpenFeedAsync(default))!;
        ChangesAnswer changes = await new ChangeRoot(engine, feed).ReadAsync(
            "G", 0, 10, true, UseDecision.Unlimited, Budget);
        Assert.Empty(FollowedPage.ReadRecord(changes.RecordAt(0))!.Pictures);
        Assert.Empty(FollowedPage.ReadRecord(EncounterCodec.Encode(kept))!.Pictures);
    }

    [Fact]
    public async Task A_pack_that_is_made_beside_writers_is_the_gallery_at_its_position()
    {
        await using SqliteGalleryStore store = await OpenAsync("origin");
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        EncounterRoot root = new(engine);
        for (int round = 0; round < 5; round++)
        {
            using CancellationTokenSource stop = new();
            await ChangeLogContract.WriteAsync(root, new Random(round), 20);
            Task writing = Task.Run(async () =>
            {
                for (int seed = 100 * round; !stop.IsCancellationRequested; seed++)
                {
                    await ChangeLogContract.WriteAsync(root, new Random(seed), 1);
                }
            });
            PackSummary packed = await ExportAsync(store, engine);
            await stop.CancelAsync();
            await writing;
            PackNote note = await ImportAsync($"copy{round}");
            long at = packed.Position!.Value;
            GalleryState? stated = at == 0 ? default(GalleryState)
                : (await store.Changes!.ReadAsync("G", at - 1, 1, default)).Changes[0].State;
            Assert.Equal((stated, stated), (packed.State, note.State));
        }
    }

    [Fact]
    public async Task Without_a_change_log_a_gallery_that_changes_meanwhile_is_refused_and_a_quiet_one_is_packed()
    {
        await using SqliteGalleryStore store = await OpenAsync("origin", changesKept: 0);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        await FillAsync(engine);
        Assert.Null((await ExportAsync(store, engine)).Position);
        await using ActingStream acting = new(async () => await new EncounterRoot(engine).ApplyAsync(
            [new Write.DeletePerson(IdOf(1))], Budget));
        PackException refused = await Assert.ThrowsAsync<PackException>(() => ExportAsync(store, engine, into: acting));
        Assert.Contains("--changes-kept", refused.Message);
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_pack_is_refused_and_leaves_no_directory()
    {
        await MakeAsync();
        byte[] pack = File.ReadAllBytes(PathOf("pack"));
        Random random = new(7);
        int[] places = [0, 6, 7, 8, 12, 40, pack.Length - 1, pack.Length - 64, pack.Length - 65,
            .. Enumerable.Range(0, 40).Select(_ => random.Next(pack.Length))];
        foreach (int at in places)
        {
            byte[] changed = [.. pack];
            changed[at] ^= (byte)(1 << random.Next(8));
            await RefusedAsync(changed);
        }

        int whole = pack.Length;
        foreach (int length in (int[])[0, 5, 11, 100, whole / 2, whole - 65, whole - 64, whole - 1])
        {
            await RefusedAsync(pack[..length]);
        }

        await RefusedAsync([.. pack, 0]);
        await RefusedAsync([.. pack, .. pack]);
        byte[] newer = [.. pack];
        BinaryPrimitives.WriteUInt16LittleEndian(newer.AsSpan(6), 2);
        Assert.Contains("version 2, and this program reads 1: use a newer program", await RefusedAsync(newer));
        Assert.False(Directory.Exists(PathOf("copy")));
        Assert.Equal(["origin", "pack", "tried"], Directory.GetFileSystemEntries(directory.Path)
            .Select(Path.GetFileName).Order());
        File.WriteAllBytes(PathOf("tried"), pack);
        await ImportAsync("copy", "tried");
    }

    /// <summary>A killed import leaves its directory; one under way holds a file beside it.</summary>
    [Fact]
    public async Task What_killed_imports_left_is_deleted_by_the_next_one()
    {
        await MakeAsync();
        string killed = PathOf($"copy.import-{Guid.NewGuid():N}");
        string running = PathOf($"copy.import-{Guid.NewGuid():N}");
        string[] others = [PathOf("copy.import-other"), PathOf($"copy2.import-{Guid.NewGuid():N}")];
        foreach (string left in (string[])[killed, running, .. others])
        {
            Directory.CreateDirectory(left);
            await File.WriteAllTextAsync(Path.Combine(left, "gallery.db"), "templates");
        }

        await File.WriteAllTextAsync(killed + ".held", "");
        await using (FileStream held = new(
            running + ".held", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await ImportAsync("copy");
            Assert.False(Directory.Exists(killed) || File.Exists(killed + ".held"));
            Assert.All([running, .. others], left => Assert.True(Directory.Exists(left), left));
        }

        PackImport.CleanUp(PathOf("copy"));
        Assert.False(Directory.Exists(running));
        Assert.Equal(
            others.Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(directory.Path, "*.import-*").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Places_for_packs_are_few_and_no_partner_has_all()
    {
        PackPlaces places = new(most: 3, mostOfOne: 2);
        IDisposable first = places.Take("a")!;
        Assert.NotNull(places.Take("a"));
        Assert.Null(places.Take("a"));
        Assert.NotNull(places.Take("b"));
        Assert.Null(places.Take("c"));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(places.Take("c"));
        Assert.Null(places.Take("c"));
        Assert.NotNull(new PackPlaces(2, 1).Take(""));
    }

    [Fact]
    public async Task A_pack_for_somebody_else_of_somebody_else_or_of_another_schema_or_time_is_refused_in_words()
    {
        await MakeAsync();
        using PackIdentity stranger = PackIdentity.Make();
        using ECDsa forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await SaysAsync("for another recipient", () => ImportAsync("copy", own: stranger));
        await SaysAsync("another signer", () => ImportAsync("copy", by: forger));
        Directory.CreateDirectory(PathOf("full"));
        File.WriteAllText(PathOf("full/x"), "");
        await SaysAsync("holds something already", () => ImportAsync("full"));
        Assert.Equal(["x"], Directory.GetFileSystemEntries(PathOf("full")).Select(Path.GetFileName));
        await SaysAsync("bytes of memory", () => ImportAsync("copy", memory: 1000));
        clock.Advance(TimeSpan.FromDays(400));
        await SaysAsync("expired at", () => ImportAsync("copy"));
        PackManifest manifest = PackManifest.Decode(SomeManifest().Encode());
        Assert.Equal(SomeManifest() with { StateKey = default }, manifest with { StateKey = default });
        string json = System.Text.Encoding.UTF8.GetString(SomeManifest().Encode());
        (int, string)[] others = [(0, "make the pack again"), (2, "use a newer program")];
        foreach ((int schema, string words) in others)
        {
            Assert.Contains(words, Assert.Throws<PackException>(() => PackManifest.Decode(
                System.Text.Encoding.UTF8.GetBytes(json.Replace("\"schema\":1", $"\"schema\":{schema}")))).Message);
        }

        Assert.Throws<PackException>(() => PackManifest.Decode("{}"u8));
        Assert.Throws<PackException>(() => PackIdentity.Read(signer.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<PackException>(() => PackIdentity.Read("x"));
        Assert.False(Directory.Exists(PathOf("copy")));
    }

    private static async Task SaysAsync(string words, Func<Task> act) =>
        Assert.Contains(words, (await Assert.ThrowsAsync<PackException>(act)).Message);

    private async Task<string> RefusedAsync(byte[] pack)
    {
        File.WriteAllBytes(PathOf("tried"), pack);
        return (await Assert.ThrowsAsync<PackException>(() => ImportAsync("copy", "tried"))).Message;
    }

    private async Task MakeAsync()
    {
        await using SqliteGalleryStore store = await OpenAsync("origin");
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        await FillAsync(engine);
        await ExportAsync(store, engine);
    }

    /// <summary>Others are in other galleries, some in both, some inactive or changed.</summary>
    private static async Task FillAsync(MatchEngine engine)
    {
        EncounterRoot root = new(engine);
        for (int person = 0; person < People; person++)
        {
            Encounter encounter = EncounterOf(person, fingers: [1, 2], eyes: [1]) with
            {
                Galleries = (person % 4) switch { 0 => ["H"], 1 => ["G", "H"], _ => ["G"] },
            };
            Assert.True((await root.ApplyAsync([new Write.Create(encounter)], Budget))[0].IsApplied);
        }

        await root.ApplyAsync([new Write.SetStatus(IdOf(2), "E1", EncounterStatus.Inactive)], Budget);
        await root.ApplyAsync([new Write.DeletePerson(IdOf(3))], Budget);
        await root.MoveAsync(IdOf(6), IdOf(7), "E1", Budget);
    }

    private static async Task<IdentifyAnswer[]> AskAsync(MatchEngine engine) =>
    [
        .. (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(
            [
                .. Enumerable.Range(0, 10).Select(person => new IdentifyRequest
                {
                    Probe = ProbeOf(person, [1, 2], [1]),
                    Gallery = "G",
                    MaxCandidates = 10,
                    Threshold = person % 2 == 0 ? 0 : null,
                }),
            ],
            Budget)),
    ];

    private static string Told(IdentifyAnswer answer) => string.Join('\n', answer.Candidates.Select(one =>
        $"{one.Rank} {one.PersonId} {one.Score:R} {one.Fpir:R} " + string.Join(',', one.Details.Select(detail =>
            $"{detail.EncounterId}/{detail.GalleryPosition}/{detail.Score:R}"))).Prepend(
            $"{answer.Threshold:R} {answer.Coverage.IdentitiesHeld} {answer.Coverage.IdentitiesComparable}"));

    private async Task<PackSummary> ExportAsync(
        SqliteGalleryStore store, MatchEngine engine, IReadOnlySet<string>? persons = null, Stream? into = null)
    {
        ChangeFeed? feed = await ((IGalleryStore)store).OpenFeedAsync(default);
        FeedKeys keys = new(await store.StateKeyAsync(default));
        await using FileStream file = File.Create(PathOf("pack"));
        return await new PackExport(engine, feed).WriteAsync(
            into ?? file, SomeManifest() with { IsPart = persons is not null, StateKey = keys.Of("G").Key }, persons,
            node, signer, Budget);
    }

    private PackManifest SomeManifest() => new()
    {
        PackId = "K-1",
        GalleryId = "G",
        Created = Created,
        Expires = clock.GetUtcNow().AddDays(30),
        Partitions = 3,
        Calibration = ScoreCalibration.Default.Id,
        Engine = EngineVersion.Text,
        StateKey = new byte[32],
    };

    private async Task<PackNote> ImportAsync(
        string into, string from = "pack", PackIdentity? own = null, ECDsa? by = null,
        MasterKeySource? master = null, long memory = 0) => await PackImport.RunAsync(
            PathOf(from), PathOf(into), own ?? node, by ?? signer, master, clock, memory, default);

    private async Task<SqliteGalleryStore> OpenAsync(string name, int changesKept = 100_000) =>
        await SqliteGalleryStore.OpenAsync(PathOf(name), 3, 3, default, changesKept: changesKept);

    private string PathOf(string name) => Path.Combine(directory.Path, name);

    /// <summary>Does something at the first write.</summary>
    private sealed class ActingStream(Func<Task> act) : MemoryStream
    {
        private bool hasActed;

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!hasActed)
            {
                hasActed = true;
                await act();
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}

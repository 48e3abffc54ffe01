using System.Runtime;
using System.Runtime.Intrinsics;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Starting;

/// <summary>
/// What a process does before it answers anybody: it searches a small gallery of generated people, whose answers are
/// known, by the way that every search goes. An answer that is not the known one shows that this machine (its CPU, the
/// runtime's code for it, its memory) cannot be trusted with a search, and is thrown. The searches are repeated until
/// the runtime has compiled what they use for good, so that the first caller does not wait for it.
/// </summary>
/// <remarks>
/// The kernels are static code of the process: an engine of its own warms them for every other engine too. It has one
/// thread, one partition and no file, and is gone at the end.
/// </remarks>
public static class SelfSearch
{
    private static readonly TimeSpan EachWithin = TimeSpan.FromMinutes(1);

    /// <summary>Searches until everything is compiled; each round's answers are checked.</summary>
    /// <exception cref="SelfSearchException">An answer is not the known one.</exception>
    public static Task<SelfSearchReport> RunAsync(SelfSearchSettings settings, CancellationToken cancel) =>
        RunAsync(settings, KnownSearch.All, engine => engine, cancel);

    /// <param name="settings">How long.</param>
    /// <param name="searches">What is searched for.</param>
    /// <param name="seen">What the searches see of the engine; tests let it answer wrongly.</param>
    /// <param name="cancel">The start was given up.</param>
    internal static async Task<SelfSearchReport> RunAsync(
        SelfSearchSettings settings, IReadOnlyList<KnownSearch> searches,
        Func<IPartitionDirectory, IPartitionDirectory> seen, CancellationToken cancel)
    {
        TimeProvider clock = settings.Clock;
        long begun = clock.GetTimestamp();
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine = MatchEngine.Open(
            store, new MatchEngineOptions { Threads = 1, Clock = clock, MemoryBytes = settings.MemoryBytes });
        await engine.Loaded;
        IPartitionDirectory directory = seen(engine);
        await EnrolAsync(directory, clock, cancel);

        SearchRoot root = new(directory, clock);
        IReadOnlyList<Model.Sample>[] probes =
            [.. searches.Select(known => SelfGallery.Probe(known.Person, known.Fingers, known.Eyes))];
        int rounds = 0;
        long compiled = JitInfo.GetCompiledMethodCount();
        long quietSince = clock.GetTimestamp();
        while (true)
        {
            await SearchAsync(root, searches, probes, clock, cancel);
            for (int i = 0; i < searches.Count; i++)
            {
                await SearchAsync(root, [searches[i]], [probes[i]], clock, cancel);
            }

            rounds++;
            long now = JitInfo.GetCompiledMethodCount();
            if (now != compiled)
            {
                compiled = now;
                quietSince = clock.GetTimestamp();
            }

            if (clock.GetElapsedTime(quietSince) >= settings.Quiet || clock.GetElapsedTime(begun) >= settings.Longest)
            {
                return new SelfSearchReport(rounds * searches.Count * 2, clock.GetElapsedTime(begun));
            }
        }
    }

    private static async Task EnrolAsync(IPartitionDirectory directory, TimeProvider clock, CancellationToken cancel)
    {
        IReadOnlyList<WriteResult> results = await new EncounterRoot(directory).ApplyAsync(
            [.. Enumerable.Range(0, SelfGallery.People).Select(i => new Write.Create(SelfGallery.Enrolment(i)))],
            SearchBudget.Of(EachWithin, clock, cancel));
        cancel.ThrowIfCancellationRequested();
        if (results.FirstOrDefault(result => !result.IsApplied) is { IsApplied: false } refused)
        {
            throw new SelfSearchException(
                "the self-search could not enrol its people: "
                + (refused.Refusal?.Reason ?? refused.Outage?.Reason ?? "no reason given"));
        }
    }

    /// <summary>Asks one batch and holds every answer against the known one.</summary>
    private static async Task SearchAsync(
        SearchRoot root, IReadOnlyList<KnownSearch> searches, IReadOnlyList<IReadOnlyList<Model.Sample>> probes,
        TimeProvider clock, CancellationToken cancel)
    {
        IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(
            [.. searches.Select((known, i) => known.Request(ProbeBuilder.Build(probes[i]).Value!))],
            SearchBudget.Of(EachWithin, clock, cancel));
        cancel.ThrowIfCancellationRequested();
        string[] wrong = [.. searches.Select((known, i) => known.FaultOf(answers[i])).OfType<string>()];
        if (wrong.Length > 0)
        {
            throw new SelfSearchException(
                $"this machine does not compute as the engine was tested ({Level}), so nothing is answered by it. "
                + $"{wrong.Length} of {searches.Count} searches whose answers are known went wrong: "
                + string.Join("; ", wrong));
        }
    }

    /// <summary>The widest vectors that the kernels use here.</summary>
    private static string Level =>
        Vector512.IsHardwareAccelerated ? "512-bit vectors"
        : Vector256.IsHardwareAccelerated ? "256-bit vectors"
        : Vector128.IsHardwareAccelerated ? "128-bit vectors"
        : "no vectors";
}

/// <summary>How long a self-search goes on.</summary>
public sealed record SelfSearchSettings
{
    /// <summary>Enough for its people many times over.</summary>
    private const long DefaultMemoryBytes = 64L << 20;

    public static SelfSearchSettings Default { get; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// It ends when the runtime has compiled nothing for this long: it waits for 100 ms without new code before it
    /// compiles again what is used often.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>It ends after this time even where the runtime still compiles: the answers were right by then.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    public long MemoryBytes { get; init; } = DefaultMemoryBytes;
}

/// <summary>What a self-search did.</summary>
/// <param name="Searches">Searches whose answers were checked; every one was right.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SelfSearchReport(int Searches, TimeSpan Elapsed);

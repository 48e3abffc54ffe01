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

    /// <summary>Searches in phases, until what they use is compiled for good; every answer is checked.</summary>
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
        int asked = 0;
        for (int phase = 0; phase < settings.Phases; phase++)
        {
            if (phase > 0 && clock.GetElapsedTime(begun) >= settings.Longest)
            {
                break;
            }

            for (int round = 0; round < settings.RoundsAPhase; round++)
            {
                await SearchAsync(root, searches, probes, clock, cancel);
                for (int i = 0; i < searches.Count; i++)
                {
                    await SearchAsync(root, [searches[i]], [probes[i]], clock, cancel);
                }

                asked += 2 * searches.Count;
            }

            await CompiledAsync(settings, begun, cancel);
        }

        return new SelfSearchReport(asked, clock.GetElapsedTime(begun));
    }

    /// <summary>Waits until the runtime has compiled nothing for a while, which costs no processor time.</summary>
    private static async Task CompiledAsync(SelfSearchSettings settings, long begun, CancellationToken cancel)
    {
        long compiled = -1;
        while (JitInfo.GetCompiledMethodCount() is var now && now != compiled
            && settings.Clock.GetElapsedTime(begun) < settings.Longest)
        {
            compiled = now;
            await Task.Delay(settings.Quiet, settings.Clock, cancel);
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
        SearchRoot root, IReadOnlyList<KnownSearch> searches, IReadOnlyList<Model.Sample>[] probes,
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
    /// The runtime compiles a method quickly, then with counters, then for good: a phase for each step.
    /// </summary>
    public int Phases { get; init; } = 3;

    /// <summary>Rounds of a phase: a method goes on to the next step after 30 calls.</summary>
    public int RoundsAPhase { get; init; } = 2;

    /// <summary>
    /// A phase ends when the runtime has compiled nothing for this long: it waits for 100 ms without new code before it
    /// compiles again what is used often.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(130);

    /// <summary>Only the first phase begins after this time: on a busy machine, answers were right by then.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);

    public long MemoryBytes { get; init; } = DefaultMemoryBytes;
}

/// <summary>What a self-search did.</summary>
/// <param name="Searches">Searches whose answers were checked; every one was right.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SelfSearchReport(int Searches, TimeSpan Elapsed);

using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>
/// Deadlines that pass in the middle of one encounter's comparisons: a clock that goes on by a tick at each look makes
/// them pass after a known number of looks.
/// </summary>
public sealed class SpentBudgetTests
{
    private const int Encounters = 20;

    // One finger as every finger of no known place: each meets every row.
    private static readonly IReadOnlyList<Sample> Many =
    [
        .. Enumerable.Repeat(
            Samples(1, [2], [], 0)[0] with { Position = BiometricPosition.UnknownFinger }, 40),
    ];

    // Eyes are compared a thousand times faster.
    private static readonly IReadOnlyList<Sample> ManyEyes = [.. Enumerable.Repeat(Samples(1, [], [1], 0)[0], 40)];

    private static readonly EncounterRows Rows = EncounterRows.Build(Many).Value!;

    [Fact]
    public void Comparisons_end_at_a_look_and_stay_ended()
    {
        ComparisonBudget budget = new(AfterLooks(3));
        int made = 0;
        while (!budget.Ends())
        {
            made++;
        }

        Assert.InRange(made, 30, 60);
        Assert.True(budget.IsSpent);
        Assert.False(budget.IsTooMany);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(budget.Ends()));
    }

    [Fact]
    public void A_verification_stops_inside_an_encounter_and_gives_no_score()
    {
        ScanResult whole = Scan(Probe(1), IdOf(1), SearchBudget.Of(TimeSpan.FromMinutes(10)));
        ScanResult cut = Scan(Probe(1), IdOf(1), AfterLooks(3));

        Assert.Single(whole.Results[0].Hits);
        Assert.Equal(40 * Encounters, whole.Comparisons);
        Assert.Empty(cut.Results);
        Assert.Null(cut.Reason);
        Assert.InRange(cut.Comparisons, 1, 60);
    }

    [Fact]
    public void A_verification_of_too_many_samples_stops_whatever_time_there_is()
    {
        EncounterRows eyes = EncounterRows.Build(ManyEyes).Value!;
        ScanResult cut = Scan(ProbeOfEyes(70), IdOf(1), SearchBudget.Of(TimeSpan.FromMinutes(10)), eyes);

        Assert.Empty(cut.Results);
        Assert.Contains(
            $"more than {Limits.ComparisonsPerVerification} comparisons", cut.Reason, StringComparison.Ordinal);
        Assert.InRange(cut.Comparisons, Limits.ComparisonsPerVerification - 100, Limits.ComparisonsPerVerification);
    }

    [Fact]
    public void A_search_stops_inside_an_encounter_and_does_not_count_it_as_searched()
    {
        ScanResult cut = Scan(Probe(40), person: null, AfterLooks(4));

        Assert.NotEqual(2, cut.IdentitiesSearched);
        Assert.InRange(cut.Comparisons, 1, 80);
    }

    [Fact]
    public void A_comparison_of_two_that_ends_late_is_an_outage_and_one_of_too_much_is_refused()
    {
        VerifyAnswer late = PairComparison.Compare(Probe(1), Many, 40, AfterLooks(1)).Value!;
        Decoded<VerifyAnswer> much = PairComparison.Compare(
            ProbeOfEyes(1300), ManyEyes, 40, SearchBudget.Of(TimeSpan.FromMinutes(10)));

        Assert.True(late.Outage!.MayRetry);
        Assert.False(much.IsAccepted);
        Assert.Contains("50000 comparisons", much.Rejection.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_whose_caller_goes_while_the_threads_are_busy_is_answered_and_never_written()
    {
        await using MemoryGalleryStore store = new(1);
        using ScanThreads threads = new(1);
        await using LocalPartition partition = new(
            new PartitionId(0), store, threads, TimeProvider.System, MemoryBudget.Unlimited);
        await partition.Loading;
        using ManualResetEventSlim free = new();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> busy = threads.SearchAsync(_ =>
        {
            held.SetResult();
            return free.Wait(TimeSpan.FromMinutes(1));
        });
        await held.Task;
        using CancellationTokenSource gone = new();
        Task<WriteAck> write = partition.ApplyAsync(
            new WriteBatch([new Write.Create(EncounterOf(0))]),
            SearchBudget.Of(TimeSpan.FromMinutes(10), gone.Token)).AsTask();
        Assert.False(write.IsCompleted);

        await gone.CancelAsync();
        WriteAck ack = await write;
        free.Set();
        Assert.True(await busy);

        Assert.True(Assert.Single(ack.Results).Outage!.MayRetry);
        WriteAck next = await partition.ApplyAsync(
            new WriteBatch([new Write.Create(EncounterOf(1))]), SearchBudget.Of(TimeSpan.FromMinutes(10)));
        Assert.True(next.Results[0].IsApplied);
        Assert.Equal(1, (await partition.StatusAsync(CancellationToken.None)).Encounters);
    }

    private static SearchBudget AfterLooks(int looks) =>
        SearchBudget.Of(TimeSpan.FromTicks(looks), new TickingClock(), CancellationToken.None);

    private static Probe Probe(int fingers)
    {
        FingerProbe one = ProbeOf(1).Fingers[0] with { Position = BiometricPosition.UnknownFinger };
        return new Probe([.. Enumerable.Repeat(one, fingers)], []);
    }

    private static Probe ProbeOfEyes(int eyes) =>
        new([], [.. Enumerable.Repeat(ProbeOf(1, [], [1]).Irises[0], eyes)]);

    private static ScanResult Scan(Probe probe, string? person, SearchBudget budget, EncounterRows? rows = null)
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply(
        [
            .. Enumerable.Range(0, Encounters).Select(
                i => new TableChange(IdOf(1), $"E{i}", EncounterOf(1, $"E{i}"), rows ?? Rows)),
            new TableChange(IdOf(2), "E", EncounterOf(2, "E"), Rows),
        ]);
        Search search = new()
        {
            Probe = probe,
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = 1,
            Exhaustive = true,
            OnlyPerson = person,
        };
        return PartitionScan.Run(new SearchBatch([search]), table.Snapshot, table, budget, new ScanScratch());
    }
}

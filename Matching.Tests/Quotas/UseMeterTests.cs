using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Governance;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Matching.Tests.Quotas;

public sealed class UseMeterTests
{
    private readonly FakeTimeProvider clock = new(SomeAgreements.Now);
    private readonly MemoryQuotaStore store = new();

    [Fact]
    public async Task A_rate_allows_its_burst_and_then_a_use_for_each_token()
    {
        await using UseMeter meter = new(store, clock);
        Agreement two = Of(rate: 2);
        Assert.Equal(4, await UsesAsync(meter, two, 10));

        Refusal refused = (await meter.TakeAsync(two, default))!;
        Assert.Equal(UseRule.QuotaExceeded, refused.Rule);
        Assert.Equal(500, refused.RetryAfter!.Value.TotalMilliseconds, 1.0);
        Assert.Equal(UseRule.QuotaExceeded, meter.Look(two)!.Rule);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(meter.Look(two));
        Assert.Equal(2, await UsesAsync(meter, two, 10));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, await UsesAsync(meter, two, 10));
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0.4, 1)]
    [InlineData(1_000_000, 1000)]
    public async Task Very_low_and_very_high_rates_are_rates(double rate, int uses)
    {
        await using UseMeter meter = new(store, clock);
        Assert.Equal(uses, await UsesAsync(meter, Of(rate: rate), 1000));
    }

    [Fact]
    public async Task A_day_has_as_many_uses_as_its_quota_and_the_next_day_again()
    {
        await using UseMeter meter = new(store, clock);
        Agreement five = Of(quota: 5);
        Assert.Equal(5, await UsesAsync(meter, five, 20));
        Refusal refused = (await meter.TakeAsync(five, default))!;
        Assert.Equal(TimeSpan.FromHours(12), refused.RetryAfter);
        Assert.Equal(TimeSpan.FromHours(12), meter.Look(five)!.RetryAfter);

        clock.Advance(TimeSpan.FromHours(12));
        Assert.Null(meter.Look(five));
        Assert.Equal(5, await UsesAsync(meter, five, 20));
    }

    [Fact]
    public async Task No_quota_is_more_than_enough_for_everybody()
    {
        await using UseMeter meter = new(store, clock);
        Assert.Equal(1000, await UsesAsync(meter, Of(quota: long.MaxValue), 1000));
        Assert.Equal(0, await UsesAsync(meter, Of(quota: 0) with { Id = "none" }, 3));
        Assert.Equal(1000, await UsesAsync(meter, Of() with { Id = "free" }, 1000));
        Assert.Equal(2, meter.Accounts); // What is not limited is not counted.
    }

    [Fact]
    public async Task A_clock_that_jumps_gives_no_use_twice()
    {
        await using UseMeter meter = new(store, clock);
        Agreement five = Of(quota: 5);
        Assert.Equal(3, await UsesAsync(meter, five, 3));

        clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal(4, await UsesAsync(meter, five, 4));
        await using UseMeter back = new(store, new FakeTimeProvider(SomeAgreements.Now));
        Assert.Equal(2, await UsesAsync(back, five, 10));
        Assert.Equal(1, await UsesAsync(meter, five, 10));
    }

    [Fact]
    public async Task Two_processes_count_together_and_the_quota_is_never_passed()
    {
        Agreement many = Of(quota: 10_000);
        UseMeter first = new(store, clock);
        UseMeter second = new(store, clock);
        long used = 0;
        await Parallel.ForAsync(0, 16, async (i, cancel) =>
        {
            UseMeter meter = i % 2 == 0 ? first : second;
            Interlocked.Add(ref used, await UsesAsync(meter, many, 2000));
        });
        Assert.InRange(used, 10_000 - UseMeter.MostTaken, 10_000);

        // What one had taken and not used is there for the other when it ends.
        await first.DisposeAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        used += await UsesAsync(second, many, 2000);
        Assert.Equal(10_000, used);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task What_a_killed_process_had_taken_is_lost_and_no_more()
    {
        Agreement many = Of(quota: 100_000);
        long used = await UsesAsync(new UseMeter(store, clock), many, 1);
        await using UseMeter next = new(store, clock);
        used += await UsesAsync(next, many, 100_001);
        Assert.Equal(100_000 - (UseMeter.MostTaken - 1), used);
    }

    [Fact]
    public async Task A_use_that_the_rate_refuses_takes_nothing_of_the_day()
    {
        await using UseMeter meter = new(store, clock);
        Agreement both = Of(rate: 1, quota: 3);
        Assert.Equal(2, await UsesAsync(meter, both, 50));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await UsesAsync(meter, both, 50));
    }

    [Fact]
    public async Task A_quota_that_is_raised_is_there_at_once_and_one_that_is_lowered_after_what_was_taken()
    {
        await using UseMeter meter = new(store, clock);
        Assert.Equal(5, await UsesAsync(meter, Of(quota: 5), 20));
        Assert.Equal(2, await UsesAsync(meter, Of(quota: 7), 20));
        Assert.InRange(await UsesAsync(meter, Of(quota: 4), 200), 0, UseMeter.MostTaken);
    }

    [Fact]
    public async Task Who_asks_nothing_any_more_is_forgotten_and_what_it_had_taken_comes_back()
    {
        await using UseMeter meter = new(store, clock);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Null(await meter.TakeAsync(Of(rate: 5, quota: 1_000_000) with { Id = $"a{i}" }, default));
        }

        Assert.Equal(1000, meter.Accounts);
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(await meter.TakeAsync(Of(rate: 5) with { Id = "last" }, default));
        Assert.Equal(1, meter.Accounts);
        Assert.Equal(1, await store.TakeAsync("a7", DayOf(clock), 1, 2, default)); // One was used of it, and no more.
        Assert.Equal(0, await store.TakeAsync("a7", DayOf(clock), 1, 2, default));
    }

    [Fact]
    public async Task What_cannot_be_counted_is_not_allowed_and_says_so()
    {
        await using UseMeter meter = new(new BrokenStore(), clock);
        Refusal refused = (await meter.TakeAsync(Of(quota: 5), default))!;
        Assert.Equal(RefusalKind.Unavailable, refused.Kind);
        Assert.Contains("the disk is full", refused.Reason, StringComparison.Ordinal);
        Assert.Null(await meter.TakeAsync(Of(rate: 5) with { Id = "other" }, default));
    }

    [Fact]
    public async Task Searches_verifications_comparisons_explanations_and_enrolments_are_counted_and_nothing_else()
    {
        Agreements agreements = new(new MemoryGovernanceStore(), clock);
        await SomeAgreements.SignAsync(agreements, SomeAgreements.Border with
        {
            QuotaPerDay = 5,
            Administer = ["own-a"],
            Release = ReleaseProfile.Full,
        });
        await SomeAgreements.SignAsync(agreements, SomeAgreements.Policies[0]);
        await using UseMeter meter = new(store, clock);
        MeteredPolicy policy = new(agreements, meter, clock);
        foreach (Operation free in (Operation[])[Operation.Read, Operation.ReadGallery, Operation.Change,
            Operation.Delete])
        {
            UseDecision decision = await policy.DecideAsync(SomeAgreements.ByBorder, RequestOf(free, "own-a"), default);
            Assert.True(decision.Refusal is null, $"{free}: {decision.Refusal?.Reason}");
        }

        foreach (Operation counted in (Operation[])[Operation.Identify, Operation.Verify, Operation.Compare,
            Operation.Explain, Operation.Enrol])
        {
            // A refusal of the agreement takes nothing.
            Assert.Equal(UseRule.GalleryNotGranted, counted == Operation.Compare ? UseRule.GalleryNotGranted
                : (await policy.DecideAsync(SomeAgreements.ByBorder, RequestOf(counted, "nowhere"), default))
                    .Refusal!.Rule);
            UseDecision decision = await policy.DecideAsync(
                SomeAgreements.ByBorder, RequestOf(counted, "own-a"), default);
            Assert.True(decision.Refusal is null, $"{counted}: {decision.Refusal?.Reason}");
        }

        Assert.Equal(UseRule.QuotaExceeded, (await policy.DecideAsync(
            SomeAgreements.ByBorder, RequestOf(Operation.Identify, "own-a"), default)).Refusal!.Rule);
        Assert.NotNull(await policy.LookAsync(SomeAgreements.ByBorder, default));
        Assert.Null(await policy.LookAsync(new Use { Partner = "nobody" }, default));
        Assert.Null((await policy.DecideAsync(Use.Internal, RequestOf(Operation.Identify, "own-a"), default)).Refusal);
    }

    [Fact]
    public async Task The_weight_is_that_of_the_agreements_that_hold()
    {
        Agreements agreements = new(new MemoryGovernanceStore(), clock);
        await SomeAgreements.SignAsync(agreements, SomeAgreements.Border with { Weight = 7 });
        await SomeAgreements.SignAsync(agreements, SomeAgreements.Border with { Id = "second", Weight = 9 });
        await SomeAgreements.SignAsync(agreements, SomeAgreements.Border with
        {
            Id = "third",
            Weight = 90,
            Phase = AgreementPhase.Suspended,
        });
        AgreementBook book = await agreements.BookAsync(default);
        DateTimeOffset now = SomeAgreements.Now;
        Assert.Equal(9, PartnerWeight.Of(book, "border-a", null, now));
        Assert.Equal(7, PartnerWeight.Of(book, "border-a", "border-a-2026", now));
        Assert.Null(PartnerWeight.Of(book, "border-a", null, now.AddDays(2)));
        Assert.Null(PartnerWeight.Of(book, "somebody", null, now));
    }

    private static UseRequest RequestOf(Operation operation, string gallery) => new(
        operation, operation == Operation.Compare ? [] : [gallery])
    {
        Modalities = [Modality.Finger],
        Threshold = 60,
    };

    private static Agreement Of(double? rate = null, long? quota = null) =>
        SomeAgreements.Border with { RatePerSecond = rate, QuotaPerDay = quota };

    private static async Task<int> UsesAsync(UseMeter meter, Agreement agreement, int tries)
    {
        int uses = 0;
        for (int i = 0; i < tries; i++)
        {
            uses += await meter.TakeAsync(agreement, default) is null ? 1 : 0;
        }

        return uses;
    }

    private static int DayOf(TimeProvider clock) => clock.GetUtcNow().UtcDateTime.Date.Subtract(DateTime.MinValue).Days;

    private sealed class BrokenStore : IQuotaStore
    {
        public ValueTask<long> TakeAsync(string account, int day, long wanted, long quota, CancellationToken cancel) =>
            throw new StoreException(new Outage("the disk is full", MayRetry: true), "quotas.db");

        public ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel) =>
            throw new StoreException(new Outage("the disk is full", MayRetry: true), "quotas.db");
    }
}

using MatchCluster.Api.Deliveries;

namespace MatchCluster.Api.Tests.Deliveries;

/// <summary>When a delivery that failed is repeated, and when it is given up.</summary>
public sealed class RetryPlanTests
{
    private static readonly RetryPlan Plan = new(
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), MostAttempts: 12, TimeSpan.FromHours(1));

    [Fact]
    public void Delays_are_uniform_under_a_bound_that_doubles_up_to_a_cap()
    {
        Random random = new(18);
        double[] bounds = [2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60];
        for (int attempts = 1; attempts <= bounds.Length; attempts++)
        {
            double[] delays =
            [
                .. Enumerable.Range(0, 4000).Select(_ => Plan.DelayAfter(attempts, random)!.Value.TotalSeconds),
            ];
            double bound = bounds[attempts - 1];
            Assert.All(delays, delay => Assert.InRange(delay, 0, bound));
            Assert.InRange(delays.Average(), 0.48 * bound, 0.52 * bound);
            Assert.InRange(delays.Max(), 0.99 * bound, bound);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_delays() =>
        Assert.Equal(Delays(new Random(5)), Delays(new Random(5)));

    [Fact]
    public void It_gives_up_after_its_attempts_after_its_time_and_at_a_refusal()
    {
        Random random = new(1);
        DeliveryResult again = new(DeliveryOutcome.TryAgain, "");
        Assert.NotNull(Plan.DelayAfter(11, random, again));
        Assert.Null(Plan.DelayAfter(12, random, again));
        Assert.NotNull(Plan.DelayAfter(1, random, again, TimeSpan.FromMinutes(59)));
        Assert.Null(Plan.DelayAfter(1, random, again, TimeSpan.FromHours(1)));
        Assert.Null(Plan.DelayAfter(1, random, new DeliveryResult(DeliveryOutcome.Refused, "")));
        DeliveryResult refusing = again with { MostAttempts = RetryPlan.MostRefusals };
        Assert.NotNull(Plan.DelayAfter(RetryPlan.MostRefusals - 1, random, refusing));
        Assert.Null(Plan.DelayAfter(RetryPlan.MostRefusals, random, refusing));
    }

    [Fact]
    public void What_the_receiver_asks_for_counts_up_to_the_cap()
    {
        Random random = new(1);
        DeliveryResult asking = new(DeliveryOutcome.TryAgain, "") { After = TimeSpan.FromSeconds(45) };
        Assert.Equal(45, Plan.DelayAfter(1, random, asking)!.Value.TotalSeconds);
        Assert.Equal(
            60, Plan.DelayAfter(1, random, asking with { After = TimeSpan.FromDays(9) })!.Value.TotalSeconds);
    }

    [Fact]
    public void A_full_house_is_no_attempt() =>
        Assert.Equal(
            TimeSpan.FromSeconds(1),
            Plan.DelayAfter(12, new Random(1), new DeliveryResult(DeliveryOutcome.TryAgain, "")
            {
                IsAttempt = false,
                After = TimeSpan.FromSeconds(1),
            }));

    [Fact]
    public void A_receiver_that_answers_500_for_a_day_is_not_given_up()
    {
        Random random = new(3);
        TimeSpan age = TimeSpan.Zero;
        int attempts = 1;
        while (age < TimeSpan.FromDays(1))
        {
            TimeSpan? delay = RetryPlan.Default.DelayAfter(
                attempts, random, new DeliveryResult(DeliveryOutcome.TryAgain, ""), age);
            Assert.NotNull(delay);
            age += delay.Value;
            attempts++;
        }

        Assert.InRange(attempts, 150, 300);
    }

    private static double[] Delays(Random random) =>
        [.. Enumerable.Range(1, 11).Select(attempts => Plan.DelayAfter(attempts, random)!.Value.TotalSeconds)];
}

using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqliteQueueTests
{
    private readonly SqliteQueue queue = new();

    [Fact]
    public void Appends_beyond_the_byte_limit_are_refused_with_the_numbers_and_may_be_tried_again()
    {
        Assert.Null(queue.Offer(Job(Limits.QueuedAppendBytes - 10)));
        Assert.Null(queue.Offer(Job(10)));

        Outage? refused = queue.Offer(Job(1));

        Assert.True(refused?.MayRetry);
        Assert.StartsWith(
            $"2 appends of {Limits.QueuedAppendBytes} bytes wait", refused?.Reason, StringComparison.Ordinal);
        Assert.Single(Take());
        Assert.Null(queue.Offer(Job(1)));
    }

    [Fact]
    public void Appends_beyond_the_count_limit_are_refused()
    {
        for (int i = 0; i < Limits.QueuedAppends; i++)
        {
            Assert.Null(queue.Offer(Job(1)));
        }

        Assert.NotNull(queue.Offer(Job(1)));
    }

    [Fact]
    public void An_append_beyond_the_byte_limit_is_admitted_to_an_empty_queue()
    {
        Assert.Null(queue.Offer(Job(2 * Limits.QueuedAppendBytes)));
        Assert.NotNull(queue.Offer(Job(1)));

        Assert.Single(Take());
    }

    [Fact]
    public void A_group_is_bounded_in_count_and_bytes_and_keeps_the_order()
    {
        SqliteJob[] jobs = [.. Enumerable.Range(0, Limits.AppendsPerCommit + 1).Select(_ => Job(1))];
        Assert.All(jobs, job => Assert.Null(queue.Offer(job)));
        SqliteJob large = Job(Limits.BytesPerCommit);
        SqliteJob small = Job(1);
        queue.Offer(large);
        queue.Offer(small);

        Assert.Equal(jobs[..^1], Take());
        Assert.Equal(jobs[^1..], Take());
        Assert.Equal([large], Take());
        Assert.Equal([small], Take());
    }

    [Fact]
    public void Maintenance_runs_alone()
    {
        SqliteJob first = Job(1);
        SqliteJob alone = new SqliteJob<bool>(_ => true, _ => false) { RunsAlone = true };
        SqliteJob last = Job(1);
        foreach (SqliteJob job in (SqliteJob[])[first, alone, last])
        {
            queue.Offer(job);
        }

        Assert.Equal([first], Take());
        Assert.Equal([alone], Take());
        Assert.Equal([last], Take());
    }

    [Fact]
    public void A_closed_queue_hands_out_what_waits_and_then_ends()
    {
        queue.Offer(Job(1));
        queue.Close();

        Assert.Throws<ObjectDisposedException>(() => queue.Offer(Job(1)));
        Assert.Single(Take());
        Assert.False(queue.Take([], Timeout.InfiniteTimeSpan));
    }

    private static SqliteJob<bool> Job(long bytes) => new(_ => true, _ => false) { Bytes = bytes };

    private List<SqliteJob> Take()
    {
        List<SqliteJob> group = [];
        Assert.True(queue.Take(group, Timeout.InfiniteTimeSpan));
        return group;
    }
}

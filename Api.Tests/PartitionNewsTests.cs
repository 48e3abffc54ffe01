using MatchCluster.Api.Hosting;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests;

/// <summary>
/// What the log says of partitions that load, stop and come back, and that "ready" is said of nothing else.
/// </summary>
public sealed class PartitionNewsTests
{
    private readonly Lines log = new();

    [Fact]
    public void A_failure_is_said_once_ready_only_when_everything_is_and_a_return_as_well()
    {
        PartitionNews news = new(log);
        Tell(news, Loading(0), Loading(1));
        Tell(news, Loading(0), Failed(1, "the disk is full"));
        Tell(news, Ready(0), Failed(1, "the disk is full"));
        Tell(news, Ready(0), Failed(1, "the disk is full"));
        Tell(news, Ready(0), Loading(1));
        Tell(news, Ready(0), Ready(1));
        Tell(news, Ready(0), Ready(1));
        Tell(news, Failed(0, "memory is exhausted"), Ready(1));
        Tell(news, Ready(0), Ready(1));

        Assert.Equal(
            [
                "Information loading 0 of 14 encounters",
                "Error partition 1 failed: the disk is full",
                "Information loading 0 of 7 encounters",
                "Warning not ready: 1 of 2 partitions failed",
                "Information loading 7 of 14 encounters",
                "Information partition 1 is back with 7 encounters",
                "Information ready: 14 encounters of 14 identities in 1.0 s",
                "Error partition 0 failed: memory is exhausted",
                "Warning not ready: 1 of 2 partitions failed",
                "Information partition 0 is back with 7 encounters",
                "Information ready: 14 encounters of 14 identities in 1.0 s",
            ],
            log.Said);
    }

    [Fact]
    public void What_stopped_before_there_was_a_log_is_said_when_there_is_one()
    {
        StopNotes notes = new();
        notes.Note(new PartitionId(3), new Outage("it is full", true), new StoreException("/a/path: it is full"));
        Assert.Empty(log.Said);
        notes.LogTo(log);
        notes.Note(new PartitionId(4), new Outage("a bug", true), new InvalidOperationException("why"));
        Assert.Equal(["Error partition 3 stopped: it is full", "Error partition 4 stopped: a bug why"], log.Said);
    }

    private static void Tell(PartitionNews news, params PartitionStatus[] partitions) =>
        news.Tell(partitions, TimeSpan.FromSeconds(1));

    private static PartitionStatus Loading(int number) => new()
    {
        Partition = new PartitionId(number),
        State = PartitionState.Loading,
        ToLoad = 7,
    };

    private static PartitionStatus Failed(int number, string reason) => new()
    {
        Partition = new PartitionId(number),
        State = PartitionState.Failed,
        Reason = reason,
    };

    private static PartitionStatus Ready(int number) => new()
    {
        Partition = new PartitionId(number),
        State = PartitionState.Ready,
        Loaded = 7,
        ToLoad = 7,
        Encounters = 7,
        Identities = 7,
    };

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Said.Add(
                $"{logLevel} {formatter(state, exception)}{(exception is null ? "" : " " + exception.Message)}");
    }
}

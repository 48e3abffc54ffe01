using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// Brings what stops a partition into the log at once. The engine is opened before there is a log: until then it is
/// kept.
/// </summary>
internal sealed class StopNotes
{
    private readonly Lock gate = new();
    private readonly List<Action<ILogger>> kept = [];
    private ILogger? log;

    public void Note(PartitionId partition, Outage reason, Exception? cause)
    {
        // The reason of an outage says everything; for every other error its place in the code is of
        // interest.
        void Say(ILogger to) => to.PartitionStopped(
            cause is StoreException ? null : cause, partition.Number, reason.Reason);
        lock (gate)
        {
            if (log is null)
            {
                kept.Add(Say);
            }
            else
            {
                Say(log);
            }
        }
    }

    public void LogTo(ILogger to)
    {
        lock (gate)
        {
            log = to;
            kept.ForEach(say => say(to));
            kept.Clear();
        }
    }
}

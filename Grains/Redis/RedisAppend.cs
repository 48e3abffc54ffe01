using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// One append that waits for its partition's next group. Until it is taken its token withdraws it.
/// </summary>
internal sealed class RedisAppend
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<AppendResult> answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly EncodedWrite[] writes;
    private CancellationTokenRegistration registration;
    private int state;

    public RedisAppend(long epoch, EncodedWrite[] writes, IReadOnlyList<GalleryLease> leases)
    {
        Leases = leases;
        Epoch = epoch;
        this.writes = writes;
        Bytes = writes.Sum(write => write.Bytes);
        Puts = writes.Any(write => write.Record is not null);
        BringsPictures = writes.Any(write => write.Pictures is not null);
    }

    public long Epoch { get; }

    /// <summary>Turns that it is written in; one with any is a group of its own.</summary>
    public IReadOnlyList<GalleryLease> Leases { get; }

    public long Bytes { get; }

    public int Count => writes.Length;

    public bool Puts { get; }

    public bool BringsPictures { get; }

    public Task<AppendResult> Answered => answer.Task;

    /// <summary>Called once, before it is queued.</summary>
    public void WithdrawOn(CancellationToken cancel) =>
        registration = cancel.UnsafeRegister(
            static (append, token) => ((RedisAppend)append!).Withdraw(token), this);

    /// <summary>False where it was withdrawn before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

    /// <summary>Its changes for the change logs, in order.</summary>
    public IEnumerable<RedisValue> Changes =>
        writes.SelectMany(write => write.Changes).Select(change => (RedisValue)FeedCodec.Entry(change));

    /// <summary>Its writes as the script takes them: member, record and pictures, in order.</summary>
    public void AddTo(List<RedisValue> arguments)
    {
        foreach (EncodedWrite write in writes)
        {
            arguments.Add(RedisMember.Of(write.PersonId, write.EncounterId));
            arguments.Add(write.Record ?? []);
            arguments.Add(write.Pictures ?? []);
        }
    }

    public void Answer(AppendResult result)
    {
        registration.Unregister();
        answer.TrySetResult(result);
    }

    /// <summary>Hands a bug to the caller.</summary>
    /// <returns>False where it was answered before.</returns>
    public bool Throw(Exception bug)
    {
        registration.Unregister();
        return answer.TrySetException(bug);
    }

    private void Withdraw(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting)
        {
            answer.TrySetCanceled(token);
        }
    }
}

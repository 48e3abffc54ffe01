using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Matching.Subscriptions;

/// <summary>
/// Subscriptions and how far each watched gallery's changes were looked at, in a task store of their own: a
/// subscription is a task that nobody executes, and whoever has the lease of a watch looks at its gallery.
/// </summary>
/// <param name="store">Keeps nothing else.</param>
/// <param name="clock">Tells the time.</param>
public sealed class SubscriptionBook(ITaskStore store, TimeProvider clock)
{
    /// <summary>The file of an embedded server.</summary>
    public const string FileName = "subscriptions.db";

    private const string Kind = "subscription";
    private const string WrapBackKind = "wrap-back";
    private const string WatchKind = "watch";

    /// <summary>How far the clocks of two front ends may be apart.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(5);

    private static readonly string[] Compared = [Kind];
    private static readonly string[] WrapBacks = [WrapBackKind];
    private static readonly string[] All = [Kind, WrapBackKind];
    private static readonly TaskState[] Kept = [TaskState.Paused];

    /// <summary>How many it takes: 10 million, at some five kilobytes each.</summary>
    public static TaskLimits Limits { get; } = new(10_000_000, 64L << 30);

    /// <summary>Keeps a subscription; done means durable.</summary>
    /// <returns>What it is called; null where there are as many as are taken.</returns>
    public async ValueTask<string?> AddAsync(Subscription subscription, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        TaskRecord task = TaskRecord.Make(
            subscription.IsWrapBack ? WrapBackKind : Kind, subscription.Partner, null,
            ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, 0, clock.GetUtcNow());
        byte[] bytes = (subscription with { Id = task.Id }).Encode();
        TaskPut put = await store.PutAsync(task with { State = TaskState.Paused, Result = bytes }, cancel);
        CryptographicOperations.ZeroMemory(bytes);
        return put.Outcome is TaskPutOutcome.Full or TaskPutOutcome.PartnerFull ? null : put.Id;
    }

    /// <summary>A subscription; null where there is none, or its time has ended.</summary>
    public async ValueTask<Subscription?> FindAsync(string id, CancellationToken cancel)
    {
        if (await store.ReadAsync(id, cancel) is not { Kind: Kind or WrapBackKind } task)
        {
            return null;
        }

        Subscription found = Subscription.Decode(id, task.Result.Span);
        return found.ExpiresAt > clock.GetUtcNow() ? found : null;
    }

    /// <summary>Ids of subscriptions in their order.</summary>
    /// <param name="partner">Whose; null for everybody's.</param>
    /// <param name="after">The id that the list goes on after.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Ends it early.</param>
    public async ValueTask<IReadOnlyList<string>> ListAsync(
        string? partner, string? after, int most, CancellationToken cancel) =>
        await ListAsync(All, partner, after, most, cancel);

    /// <summary>Ids of those that people are compared with.</summary>
    public async ValueTask<IReadOnlyList<string>> ListComparedAsync(
        string? after, int most, CancellationToken cancel) =>
        await ListAsync(Compared, null, after, most, cancel);

    /// <summary>Ids of those that tell owners of searches.</summary>
    public async ValueTask<IReadOnlyList<string>> ListWrapBacksAsync(
        string? after, int most, CancellationToken cancel) =>
        await ListAsync(WrapBacks, null, after, most, cancel);

    /// <summary>Deletes a subscription with its samples.</summary>
    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancel) => store.DeleteAsync(id, cancel);

    /// <summary>Writes a subscription again as it is, so that today's keys seal it.</summary>
    public async ValueTask RenewAsync(string id, CancellationToken cancel)
    {
        if (await store.ReadAsync(id, cancel) is { Kind: Kind or WrapBackKind } task)
        {
            await store.ControlAsync(id, Kept, new TaskChange(task.Changed) { Result = task.Result }, cancel);
        }
    }

    /// <summary>Begins to watch a gallery, after a position, unless it is watched already.</summary>
    public async ValueTask WatchAsync(string gallery, long after, CancellationToken cancel)
    {
        TaskRecord task = TaskRecord.Make(
            WatchKind, "", gallery, SHA256.HashData(Encoding.UTF8.GetBytes(gallery)),
            Encoding.UTF8.GetBytes(gallery), 0, clock.GetUtcNow());
        _ = await store.PutAsync(task with { Progress = BytesOf(after) }, cancel);
    }

    /// <summary>Claims the watches that nobody has.</summary>
    /// <param name="owner">Who claims.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="cancel">Ends it early.</param>
    public async ValueTask<IReadOnlyList<Watch>> ClaimAsync(string owner, TimeSpan lease, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<TaskRecord> claimed = await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, [WatchKind], owner, now, now + lease, 100), cancel);
        return
        [
            .. claimed.Select(task => new Watch(
                task.Id, task.Epoch, Encoding.UTF8.GetString(task.Request.Span),
                BinaryPrimitives.ReadInt64LittleEndian(task.Progress.Span))),
        ];
    }

    /// <summary>Notes how far a gallery's changes were looked at, and keeps the claim.</summary>
    /// <returns>False where somebody else has the watch.</returns>
    public ValueTask<bool> MoveAsync(Watch watch, long position, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(watch);
        return store.SaveAsync(
            watch.Id, watch.Epoch, new TaskChange(clock.GetUtcNow()) { Progress = BytesOf(position) }, null, cancel);
    }

    /// <summary>Keeps a claim for longer.</summary>
    public ValueTask<bool> HoldAsync(Watch watch, TimeSpan lease, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(watch);
        return store.RenewAsync(watch.Id, watch.Epoch, clock.GetUtcNow() + lease, cancel);
    }

    /// <summary>Gives a claim back, so that nobody waits for its lease.</summary>
    public ValueTask<bool> ReleaseAsync(Watch watch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(watch);
        return store.SaveAsync(
            watch.Id, watch.Epoch, new TaskChange(clock.GetUtcNow()) { Releases = true }, null, cancel);
    }

    /// <summary>
    /// An id that lies before every subscription that is made from now on, by whatever front end: a UUID of version 7
    /// begins with the time.
    /// </summary>
    public string Now()
    {
        long milliseconds = (clock.GetUtcNow() - ClocksApart).ToUnixTimeMilliseconds();
        string digits = $"{milliseconds:x12}";
        return $"{digits[..8]}-{digits[8..]}-0000-0000-000000000000";
    }

    private async ValueTask<IReadOnlyList<string>> ListAsync(
        string[] kinds, string? partner, string? after, int most, CancellationToken cancel) =>
        [.. (await store.ListAsync(new TaskQuery(partner, kinds, Kept, after, most), cancel)).Select(task => task.Id)];

    private static byte[] BytesOf(long position)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position);
        return bytes;
    }
}

/// <summary>Somebody's claim to look at the changes of a gallery.</summary>
/// <param name="Id">The watch.</param>
/// <param name="Epoch">The claim.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Position">The last change that was looked at.</param>
public sealed record Watch(string Id, long Epoch, string Gallery, long Position);

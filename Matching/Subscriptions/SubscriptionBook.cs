using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Storage;
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
    private const string EnrolmentKind = "enrolment";

    /// <summary>How far the clocks of two front ends may be apart.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(5);

    private static readonly string[] Compared = [Kind];
    private static readonly string[] WrapBacks = [WrapBackKind];
    private static readonly string[] All = [Kind, WrapBackKind];
    private static readonly TaskState[] Kept = [TaskState.Paused];
    private static readonly TaskState[] Ended = [TaskState.Done];

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

    /// <summary>Notes who brings an encounter; whoever brings it again takes the place.</summary>
    public async ValueTask NoteEnrolmentAsync(
        string personId, string encounterId, EnrolmentNote note, CancellationToken cancel)
    {
        string id = IdOf(personId, encounterId);
        byte[] bytes = BytesOf(note);
        if (await EnrolmentOfAsync(personId, encounterId, cancel) is { } earlier)
        {
            bytes = BytesOf(note with { Before = earlier with { Before = null } });
            await store.ControlAsync(id, Ended, new TaskChange(clock.GetUtcNow()) { Result = bytes }, cancel);
            return;
        }

        TaskRecord task = TaskRecord.Make(
            EnrolmentKind, "", id, SHA256.HashData(Encoding.UTF8.GetBytes(id)), ReadOnlyMemory<byte>.Empty, 0,
            clock.GetUtcNow());
        TaskPut put = await store.PutAsync(task with { Id = id, State = TaskState.Done, Result = bytes }, cancel);
        if (put.Outcome == TaskPutOutcome.Full)
        {
            throw new StoreException("no more notes of enrolments are taken");
        }
    }

    /// <summary>
    /// Takes back what a partner noted of an encounter that was not written then: who brought it before did so still.
    /// </summary>
    public async ValueTask TakeBackEnrolmentAsync(
        string personId, string encounterId, string partner, CancellationToken cancel)
    {
        if (await EnrolmentOfAsync(personId, encounterId, cancel) is not { } note || note.Partner != partner)
        {
            return;
        }

        string id = IdOf(personId, encounterId);
        if (note.Before is { } before)
        {
            await store.ControlAsync(
                id, Ended, new TaskChange(clock.GetUtcNow()) { Result = BytesOf(before) }, cancel);
        }
        else
        {
            await store.DeleteAsync(id, cancel);
        }
    }

    private static byte[] BytesOf(EnrolmentNote note) =>
        JsonSerializer.SerializeToUtf8Bytes(note, EnrolmentNoteJson.Default.EnrolmentNote);

    /// <summary>Who brought an encounter; null where it was not noted.</summary>
    public async ValueTask<EnrolmentNote?> EnrolmentOfAsync(
        string personId, string encounterId, CancellationToken cancel) =>
        await store.ReadAsync(IdOf(personId, encounterId), cancel) is { Kind: EnrolmentKind } task
            ? JsonSerializer.Deserialize(task.Result.Span, EnrolmentNoteJson.Default.EnrolmentNote) : null;

    /// <summary>Deletes notes of enrolments from before a time.</summary>
    /// <returns>How many; some may be left where it is <paramref name="most"/>.</returns>
    public ValueTask<int> PurgeEnrolmentsAsync(DateTimeOffset before, int most, CancellationToken cancel) =>
        store.PurgeAsync(before, most, cancel);

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

    /// <summary>A UUID of version 8 (RFC 9562): the first bits of a hash.</summary>
    private static string IdOf(string personId, string encounterId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{personId.Length}:{personId}{encounterId}")));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

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

/// <summary>Who brought an encounter.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Purpose">For what; null where nothing was stated.</param>
/// <param name="At">When.</param>
public sealed record EnrolmentNote(string Partner, string? Purpose, DateTimeOffset At)
{
    /// <summary>The note that it took the place of; null where there was none.</summary>
    public EnrolmentNote? Before { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnrolmentNote))]
internal sealed partial class EnrolmentNoteJson : JsonSerializerContext;

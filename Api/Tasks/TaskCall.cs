using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>A call as a task keeps it: what its endpoint is asked, and who asks; never the credentials.</summary>
internal sealed record TaskCall
{
    private const byte Version = 1;
    private const int HeadAt = 1 + sizeof(int);

    /// <summary>The endpoint's name, OSIA's operation.</summary>
    public required string Operation { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Without the callback; with its question mark.</summary>
    public required string Query { get; init; }

    public required IReadOnlyDictionary<string, string> Route { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Partner { get; init; }

    public required string Subject { get; init; }

    public required CallerKind CallerKind { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The body, as it came.</summary>
    [JsonIgnore]
    public byte[] Body { get; init; } = [];

    /// <summary>Version (1), length of the JSON (4, little endian), the JSON, the body.</summary>
    public byte[] Encode() => [.. Head(), .. Body];

    /// <summary>SHA-256 of the call, whoever makes it.</summary>
    public byte[] Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData((this with { Partner = "", Subject = "", Scopes = [] }).Head());
        hash.AppendData(Body);
        return hash.GetHashAndReset();
    }

    /// <exception cref="InvalidDataException">The bytes are no call.</exception>
    public static TaskCall Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadAt || bytes[0] != Version)
        {
            throw new InvalidDataException($"found {bytes.Length} bytes, wanted a call of version {Version}");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        return length < 0 || length > bytes.Length - HeadAt
            || JsonSerializer.Deserialize(bytes.Slice(HeadAt, length), TaskJson.Default.TaskCall) is not { } call
            ? throw new InvalidDataException($"found a head of {length} bytes in {bytes.Length}")
            : call with { Body = bytes[(HeadAt + length)..].ToArray() };
    }

    /// <summary>All but the body.</summary>
    private byte[] Head()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.TaskCall);
        byte[] head = new byte[HeadAt + json.Length];
        head[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(1), json.Length);
        json.CopyTo(head, HeadAt);
        return head;
    }
}

/// <summary>What a task notes for whoever goes on after it.</summary>
/// <param name="Callback">Where its result is sent.</param>
/// <param name="TransactionId">The caller's name of the transaction.</param>
internal sealed record TaskNotes(string Callback, string TransactionId)
{
    /// <summary>
    /// Whether what the call takes away was there before it was executed first: where it is gone later, the call was
    /// done.
    /// </summary>
    public bool WasThere { get; init; }

    /// <summary>What the agreements are asked before the result is sent; null in notes of older versions.</summary>
    public AskedUse? Asked { get; init; }

    /// <summary>Why the result is sent no more; null while it is.</summary>
    public string? Reason { get; init; }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.TaskNotes);

    /// <exception cref="JsonException">The bytes are no notes.</exception>
    public static TaskNotes Decode(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, TaskJson.Default.TaskNotes) ?? throw new JsonException("found null");

    /// <summary>What a delivered kind of task notes; null where nobody can read it.</summary>
    public static TaskNotes? Read(TaskRecord task)
    {
        try
        {
            return TaskKinds.Delivered.Contains(task.Kind) ? Decode(task.Progress.Span) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TaskCall))]
[JsonSerializable(typeof(TaskNotes))]
[JsonSerializable(typeof(TaskIdAnswer))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(RedeliverAnswer))]
internal sealed partial class TaskJson : JsonSerializerContext;

/// <summary>OSIA's TaskId: the answer of a call with a callback.</summary>
internal sealed record TaskIdAnswer(string TaskId);

/// <summary>Some tasks, in the order in which they were accepted.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Counts">How many there are by state, of all kinds; null where the caller sees its own alone.</param>
internal sealed record TaskPage(IReadOnlyList<TaskLine> Tasks, IReadOnlyDictionary<string, long>? Counts);

/// <summary>One task for an operator: nothing of what was asked or answered.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Kind">What it is: osia, alert, or a kind of job.</param>
/// <param name="Partner">Whose it is; left out where callers are not checked.</param>
/// <param name="State">Where it is.</param>
/// <param name="Priority">0..9.</param>
/// <param name="Attempts">How often its result was sent in vain.</param>
/// <param name="Due">When something is done with it next, at the earliest.</param>
/// <param name="Created">When it was accepted.</param>
/// <param name="Changed">When its state changed last.</param>
/// <param name="Reason">Why its result is sent no more; left out of all but dead letters.</param>
internal sealed record TaskLine(
    string TaskId, string Kind, string? Partner, string State, int Priority, int Attempts, DateTimeOffset Due,
    DateTimeOffset Created, DateTimeOffset Changed, string? Reason = null);

/// <param name="Redelivered">Dead letters that are sent again from now on.</param>
internal sealed record RedeliverAnswer(int Redelivered);

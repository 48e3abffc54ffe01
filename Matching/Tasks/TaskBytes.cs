using System.Globalization;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tasks;

/// <summary>The long fields of a task as a store keeps them; null stays as it is.</summary>
public sealed record TaskBytes(byte[]? Request, byte[]? Result, byte[]? Progress)
{
    private const string RequestName = "request";
    private const string ResultName = "result";
    private const string ProgressName = "progress";

    /// <summary>What of a task a part of its result is.</summary>
    public static string PartName(int number) => $"part {number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Those of a new task.</summary>
    public static TaskBytes Of(TaskCodec codec, TaskRecord task) => new(
        codec.Encode(task.Id, RequestName, task.Request.Span), codec.Encode(task.Id, ResultName, task.Result.Span),
        codec.Encode(task.Id, ProgressName, task.Progress.Span));

    /// <summary>Those of a change.</summary>
    public static TaskBytes Of(TaskCodec codec, string id, TaskChange change) => new(
        change.ErasesRequest ? [] : null,
        change.Result is { } result ? codec.Encode(id, ResultName, result.Span) : null,
        change.Progress is { } progress ? codec.Encode(id, ProgressName, progress.Span) : null);

    /// <summary>The task whose fields are as they are kept, with those that were given.</summary>
    public static TaskRecord Decoded(TaskCodec codec, TaskRecord task) => task with
    {
        Request = codec.Decode(task.Id, RequestName, task.Request.Span),
        Result = codec.Decode(task.Id, ResultName, task.Result.Span),
        Progress = codec.Decode(task.Id, ProgressName, task.Progress.Span),
    };

    /// <summary>
    /// Those of claimed tasks that can be read: one whose bytes are broken or whose key is missing holds up no other.
    /// </summary>
    /// <exception cref="StoreException">There are some, and none can be read.</exception>
    public static IReadOnlyList<TaskRecord> Readable(TaskCodec codec, IReadOnlyList<TaskRecord> tasks)
    {
        List<TaskRecord> readable = [];
        StoreException? broken = null;
        foreach (TaskRecord task in tasks)
        {
            try
            {
                readable.Add(Decoded(codec, task));
            }
            catch (StoreException fault)
            {
                broken = fault;
            }
        }

        return readable.Count == 0 && broken is not null ? throw broken : readable;
    }

    /// <summary>A part has the number after those that are there, or is the last one once more.</summary>
    /// <exception cref="ArgumentException">It has another one.</exception>
    public static void CheckPart(TaskPart part, int parts)
    {
        if (part.Number != parts && part.Number != parts - 1)
        {
            throw new ArgumentException($"found part {part.Number}, wanted {parts}", nameof(part));
        }
    }
}

using System.Buffers;
using System.Text.Json;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Jobs;

/// <summary>Writes lines of the batch search. Biometric data goes from bytes to bytes and becomes no text.</summary>
/// <param name="format">The form of the body.</param>
/// <param name="columns">Its columns, where it is CSV.</param>
internal sealed class LineWriter(string format, IReadOnlyList<string> columns)
{
    private const string Id = "id";
    private const string Threshold = "threshold";
    private const string Candidates = "maxNbCand";
    private const string Exhaustive = "exhaustive";

    /// <summary>The word of a labelled line that is "no" where the person counts as not enrolled.</summary>
    public const string Enrolled = "enrolled";

    /// <summary>Columns of references: persons, and of each one encounter where it is named.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["personId", "encounterId", Id];

    /// <summary>The columns of a kind's references.</summary>
    public static IReadOnlyList<string> ColumnsOf(string kind) =>
        kind == JobKinds.Accuracy ? [.. Columns, Enrolled] : Columns;

    /// <summary>
    /// A line as it came, with what it does not say itself. What is no object is asked as it is: the door of batch
    /// searches says what is wrong with it.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="output">Gets the line of the batch search.</param>
    /// <param name="call">What the job says for lines that do not.</param>
    /// <returns>Why it is not searched; null where it is.</returns>
    public Failure? Write(JobLine line, IBufferWriter<byte> output, JobCall call)
    {
        if (format == JobBody.Csv)
        {
            IReadOnlyList<string> cells = JobInput.CellsOf(line.Bytes.Span);
            if (cells.Count != columns.Count)
            {
                return new Failure(
                    FailureCode.MalformedBody, $"found {cells.Count} cells, wanted {columns.Count} as in line 1");
            }

            using Utf8JsonWriter json = Begin(output);
            string? id = null;
            for (int i = 0; i < cells.Count; i++)
            {
                id = columns[i] == Id ? cells[i] : id;
                if (cells[i].Length > 0 && columns[i] is not (Id or Enrolled))
                {
                    json.WriteString(columns[i], cells[i]);
                }
            }

            json.WriteString(Id, string.IsNullOrEmpty(id) ? cells[IndexOf(Columns[0])] : id);
            WriteDefaults(json, call, default);
            End(json, output);
            return null;
        }

        bool isObject = Read(line.Bytes, output, out Failure? wrong, (document, own) =>
        {
            using Utf8JsonWriter json = Begin(own);
            foreach (JsonProperty member in document.EnumerateObject())
            {
                member.WriteTo(json);
            }

            WriteDefaults(json, call, document);
            End(json, own);
        });
        return isObject ? wrong : Raw(line, output);
    }

    /// <summary>Gives an object to its reader, and what that writes to the output: all of it or nothing.</summary>
    /// <param name="line">The line.</param>
    /// <param name="output">Gets what is written of it.</param>
    /// <param name="wrong">Why the object cannot be read; null where it can.</param>
    /// <param name="read">Gets the object, and a buffer for what it writes.</param>
    /// <returns>False where the line is no object.</returns>
    public static bool Read(
        ReadOnlyMemory<byte> line, IBufferWriter<byte> output, out Failure? wrong,
        Action<JsonElement, IBufferWriter<byte>> read)
    {
        ArrayBufferWriter<byte> own = new();
        wrong = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            read(document.RootElement, own);
            output.Write(own.WrittenSpan);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (Exception unread) when (unread is InvalidOperationException or ArgumentException)
        {
            // The parser lets through strings that are no text, such as half of a surrogate pair.
            wrong = new Failure(FailureCode.MalformedBody, "found a string that is no Unicode text");
            return true;
        }
        finally
        {
            own.Clear();
        }
    }

    /// <summary>Begins a line.</summary>
    public static Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        return json;
    }

    /// <summary>Ends a line.</summary>
    public static void End(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private static Failure? Raw(JobLine line, IBufferWriter<byte> output)
    {
        output.Write(line.Bytes.Span);
        output.Write("\n"u8);
        return null;
    }

    /// <summary>Writes what the job says for lines that do not.</summary>
    public static void WriteDefaults(Utf8JsonWriter json, JobCall call, JsonElement said)
    {
        bool Says(string name) => said.ValueKind == JsonValueKind.Object && said.TryGetProperty(name, out _);

        if (call.Threshold is { } threshold && !Says(Threshold) && !Says("targetFPIR") && !Says("filter"))
        {
            json.WriteNumber(Threshold, threshold);
        }

        if (call.MaxCandidates is { } most && !Says(Candidates))
        {
            json.WriteNumber(Candidates, most);
        }

        if (call.Exhaustive && !Says(Exhaustive) && !Says("fast"))
        {
            json.WriteBoolean(Exhaustive, true);
        }
    }

    private int IndexOf(string column) => columns.ToList().IndexOf(column);
}

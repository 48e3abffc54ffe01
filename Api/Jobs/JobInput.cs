using System.Text;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Jobs;

/// <summary>One line of a job's body.</summary>
/// <param name="Number">Its number in the body, counted from 1; empty lines and a header count.</param>
/// <param name="Bytes">The line without its line feed.</param>
/// <param name="Next">Where the line after it begins.</param>
internal readonly record struct JobLine(long Number, ReadOnlyMemory<byte> Bytes, int Next);

/// <summary>
/// The lines of a job's body: NDJSON, a probe on each, or CSV whose first line names the columns. Empty lines are
/// passed over.
/// </summary>
internal sealed class JobInput
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private readonly ReadOnlyMemory<byte> body;
    private readonly JobLine? header;

    private JobInput(ReadOnlyMemory<byte> body, string format)
    {
        this.body = body;
        JobLine? first = Lines(body.Span.StartsWith(Mark) ? Mark.Length : 0, 0).Cast<JobLine?>().FirstOrDefault();
        header = format == JobBody.Csv ? first : null;
        Columns = header is { } line ? CellsOf(line.Bytes.Span) : [];
    }

    /// <summary>Names of the columns; none of NDJSON.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>A body that was checked before.</summary>
    public static JobInput Of(ReadOnlyMemory<byte> body, string format) => new(body, format);

    /// <summary>What is wrong with a body as a whole, or its number of lines.</summary>
    /// <param name="body">The body.</param>
    /// <param name="format">Its form, one of <see cref="JobBody"/>.</param>
    /// <param name="known">Columns that there may be, the first of which there must be.</param>
    public static Parsed<long> Check(ReadOnlyMemory<byte> body, string format, IReadOnlyList<string> known)
    {
        JobInput input = new(body, format);
        if (format == JobBody.Csv && (!input.Columns.Contains(known[0])
            || input.Columns.Except(known).Any() || input.Columns.Distinct().Count() != input.Columns.Count))
        {
            return new Failure(FailureCode.MalformedBody,
                $"line 1: found other columns, wanted {known[0]} and maybe {string.Join(", ", known.Skip(1))}, "
                + "each once");
        }

        long count = input.From(0, 0).LongCount();
        return count is 0 or > ApiLimits.JobLines
            ? new Failure(FailureCode.MalformedBody, $"found {count} lines, wanted 1..{ApiLimits.JobLines}")
            : Parsed<long>.Of(count);
    }

    /// <summary>The lines from a place on.</summary>
    /// <param name="at">Where the next line begins; 0 for the first one.</param>
    /// <param name="number">Number of the line before it.</param>
    public IEnumerable<JobLine> From(int at, long number) =>
        at > 0 ? Lines(at, number)
        : header is { } first ? Lines(first.Next, first.Number)
        : Lines(body.Span.StartsWith(Mark) ? Mark.Length : 0, 0);

    /// <summary>The cells of a line of CSV (RFC 4180); no cell has a line break.</summary>
    public static IReadOnlyList<string> CellsOf(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line).TrimEnd('\r');
        List<string> cells = [];
        StringBuilder cell = new();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                if (isQuoted && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = !isQuoted;
                }
            }
            else if (c == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }

    private IEnumerable<JobLine> Lines(int at, long number)
    {
        while (at < body.Length)
        {
            number++;
            int length = body.Span[at..].IndexOf((byte)'\n');
            int end = length < 0 ? body.Length : at + length;
            ReadOnlyMemory<byte> line = body[at..end];
            at = Math.Min(end + 1, body.Length);
            if (line.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                yield return new JobLine(number, line, at);
            }
        }
    }
}

using System.Buffers;
using System.Text;

namespace MatchCluster.Api.Osia.Writing;

/// <summary>
/// CSV as RFC 4180 has it, which counts a blank beside a comma as part of the cell: the contract's example has
/// one, and readers then take the quotes after it for text.
/// </summary>
/// <remarks>
/// Spreadsheets compute a cell that starts with <c>= + - @</c>, a tab or a carriage return. Such a cell has a
/// <c>'</c> before it, and so has one that starts with <c>'</c> itself: whoever takes one <c>'</c> off the front of
/// every cell has what was stored.
/// </remarks>
internal static class CsvText
{
    private const string Computed = "=+-@\t\r'";
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\" \t\r\n'");

    /// <summary>A header line and one line for each pair, each ended by a line feed.</summary>
    public static string Of((string, string) header, IEnumerable<(string, string)> rows)
    {
        var text = new StringBuilder();
        foreach ((string first, string second) in rows.Prepend(header))
        {
            text.Append(Cell(first)).Append(',').Append(Cell(second)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One cell, as it stands between commas.</summary>
    public static string Cell(string value)
    {
        string shown = value.Length > 0 && Computed.Contains(value[0], StringComparison.Ordinal)
            ? "'" + value : value;
        return shown.AsSpan().IndexOfAny(Quoted) < 0 ? shown : $"\"{shown.Replace("\"", "\"\"")}\"";
    }
}

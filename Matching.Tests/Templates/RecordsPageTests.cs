using System.Text.RegularExpressions;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>docs/records.md says what is forgiven and refused in which format, and the decoders do so.</summary>
public sealed partial class RecordsPageTests
{
    private static readonly Dictionary<string, TemplateFormat> Names = new()
    {
        ["ISO 2005"] = TemplateFormat.Iso19794v2005,
        ["ISO 2011"] = TemplateFormat.Iso19794v2011,
        ["ANSI 2004"] = TemplateFormat.Ansi378v2004,
        ["ANSI 2009"] = TemplateFormat.Ansi378v2009,
        ["open-iris"] = TemplateFormat.OpenIrisJson,
    };

    private static readonly string Page =
        File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "records.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_kind_that_is_forgiven_has_its_row_with_its_formats()
    {
        Dictionary<string, TemplateFormat[]> rows = Rows("## What is forgiven")
            .ToDictionary(row => row[0], row => row[^1].Split(", ").Select(name => Names[name]).ToArray());

        Assert.Equal(
            Enum.GetValues<ForgivenKind>().Select(Forgiven.CodeOf).Order(StringComparer.Ordinal),
            rows.Keys.Order(StringComparer.Ordinal));
        foreach (ForgivenKind kind in Enum.GetValues<ForgivenKind>())
        {
            Assert.Equal(
                Names.Values.Where(format => FieldRecords.Of(kind, format) is not null),
                rows[Forgiven.CodeOf(kind)].Order());
        }
    }

    [Fact]
    public void Every_refusal_has_its_row_with_its_formats_and_is_one()
    {
        Dictionary<string, TemplateFormat[]> rows = Rows("## What is refused")
            .ToDictionary(row => row[0], row => row[^1].Split(", ").Select(name => Names[name]).ToArray());
        Dictionary<string, HashSet<TemplateFormat>> seen = [];
        foreach ((TemplateFormat format, byte[] record, string found) in FieldRecords.Refused())
        {
            Rejection rejection = Same.Rejected(FingerRecords.Decode(format, record));
            Assert.Contains(found, rejection.Found, StringComparison.Ordinal);
            string row = rows.Keys.Single(each => rejection.Found.Contains(each, StringComparison.Ordinal));
            seen.TryAdd(row, []);
            seen[row].Add(format);
        }

        Assert.Equal(rows.Keys.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(row.Value.Order(), seen[row.Key].Order()));
    }

    /// <summary>The cells of a section's table, row by row; the first cell without its quotes.</summary>
    private static IEnumerable<string[]> Rows(string heading)
    {
        string section = Page[Page.IndexOf(heading, StringComparison.Ordinal)..];
        int end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return TableRow().Matches(end < 0 ? section : section[..end]).Select(match => match.Value.Trim('|', ' '))
            .Select(line => line.Split(" | ").Select(cell => cell.Trim(' ', '`')).ToArray());
    }

    [GeneratedRegex(@"^\| `.*\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}

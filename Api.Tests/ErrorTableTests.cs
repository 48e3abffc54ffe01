using System.Globalization;
using System.Text.RegularExpressions;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests;

/// <summary>The documented table of errors and the code say the same, both ways.</summary>
public sealed partial class ErrorTableTests
{
    [Fact]
    public async Task The_table_has_every_code_with_its_name_and_status_in_the_order_of_the_numbers()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(SharedData.Repository, "docs", "errors.md"));
        (int, string, int)[] written =
        [
            .. Rows().Matches(page).Cast<Match>().Select(row => (
                int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture),
                row.Groups["name"].Value,
                int.Parse(row.Groups["status"].Value, CultureInfo.InvariantCulture))),
        ];

        Assert.Equal(
            Enum.GetValues<FailureCode>().Order().Select(
                code => ((int)code, code.ToString(), HttpAnswers.StatusOf(code))),
            written);
    }

    [GeneratedRegex(
        @"^\| (?<code>[0-9]+) \| `(?<name>\w+)` \| (?<status>[0-9]+) \| [^|]+ \| [^|]+ \|\r?$",
        RegexOptions.Multiline)]
    private static partial Regex Rows();
}

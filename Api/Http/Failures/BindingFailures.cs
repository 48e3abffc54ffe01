using System.Text.RegularExpressions;

namespace MatchCluster.Api.Http.Failures;

/// <summary>
/// Says which parameter is missing or malformed in the caller's words: the web server speaks of C# parameters.
/// </summary>
internal static partial class BindingFailures
{
    /// <summary>The failure of a query or path parameter, or null where the message is about something else.</summary>
    public static Failure? Of(string message)
    {
        if (Missing().Match(message) is { Success: true } missing)
        {
            return Invalid($"{Name(missing)}: found nothing, wanted a value");
        }

        return Malformed().Match(message) is { Success: true } malformed
            ? Invalid($"{Name(malformed)}: found '{malformed.Groups["value"].Value}', wanted a value of its type")
            : null;
    }

    private static string Name(Match match)
    {
        string parameter = match.Groups["name"].Value;
        return char.ToLowerInvariant(parameter[0]) + parameter[1..];
    }

    private static Failure Invalid(string message) => new(FailureCode.InvalidParameter, message);

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""")]
    private static partial Regex Missing();

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""")]
    private static partial Regex Malformed();
}

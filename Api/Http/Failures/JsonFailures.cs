using System.Text.Json;
using System.Text.RegularExpressions;

namespace MatchCluster.Api.Http.Failures;

/// <summary>
/// Says what is wrong with a body in the caller's words: the serializer speaks of its own types.
/// </summary>
internal static partial class JsonFailures
{
    /// <param name="error">The serializer's.</param>
    /// <param name="isOneLine">The text is one line of a stream, whose number the answer has beside it.</param>
    public static Failure Of(JsonException error, bool isOneLine = false)
    {
        string place = error.Path is { Length: > 0 } path ? $"at {Reflected.Text(path)}" : "in the body";
        string position = error.LineNumber is not { } line ? ""
            : isOneLine ? $" (byte {error.BytePositionInLine})"
            : $" (line {line + 1}, byte {error.BytePositionInLine})";
        return new Failure(FailureCode.MalformedBody, $"{place}{position}: {Sentence(error)}");
    }

    private static string Sentence(JsonException error)
    {
        if (error.InnerException?.Message.Contains("UTF-16", StringComparison.Ordinal) == true)
        {
            return "found half of a UTF-16 pair or bytes that are not UTF-8, wanted text";
        }

        string message = PlaceAtTheEnd().Replace(error.Message, "");
        if (Unmapped().Match(message) is { Success: true } unmapped)
        {
            return $"unknown property '{Reflected.Text(unmapped.Groups[1].Value)}'";
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return $"missing properties: {missing.Groups[1].Value}";
        }

        if (WrongType().IsMatch(message))
        {
            return "a value of another type was wanted here";
        }

        if (NotNull().IsMatch(message))
        {
            return "found null, wanted a value";
        }

        // The reader speaks of its own settings where the text ends or goes on too early.
        return message.Contains("isFinalBlock", StringComparison.Ordinal) ? "the text ends before the JSON does"
            : ReaderTail().Replace(LongQuote().Replace(TypeName().Replace(message, ""), Shortened), "");
    }

    private static string Shortened(Match quote) => $"'{Reflected.Text(quote.Groups[1].Value)}'";

    [GeneratedRegex(@"'(.*)'", RegexOptions.Singleline)]
    private static partial Regex LongQuote();

    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    [GeneratedRegex(@"missing required properties including: (.*?)\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON value could not be converted")]
    private static partial Regex WrongType();

    [GeneratedRegex("doesn't allow (setting )?null values")]
    private static partial Regex NotNull();

    [GeneratedRegex(@" Path: \$.*$", RegexOptions.Singleline)]
    private static partial Regex PlaceAtTheEnd();

    [GeneratedRegex(@"( LineNumber: | Change the reader options).*$", RegexOptions.Singleline)]
    private static partial Regex ReaderTail();

    [GeneratedRegex(@" (on|contained in|of|for) type '[^']*'")]
    private static partial Regex TypeName();
}

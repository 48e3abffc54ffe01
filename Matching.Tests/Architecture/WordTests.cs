using System.Text.RegularExpressions;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>Words that comments and documents avoid, because they are hard to read.</summary>
public sealed partial class WordTests
{
    private static readonly string Root = SharedData.Repository;

    private static readonly string[] Skipped = ["bin", "obj", "TestResults"];

    private static readonly (Regex Words, string Instead)[] Avoided =
    [
        (SameAsBefore(), "say what the member is"),
        (Fragment(), "begin with the noun: \"Shape of both codes\""),
        (Anew(), "\"again\" or \"new\""),
        (Behind(), "\"after\" for an order in time or in bytes"),
        (Stranger(), "\"non-mated\", or whose it is"),
        (Crosswise(), "\"with swapped hands\""),
    ];

    [Fact]
    public void Comments_and_documents_use_plain_words()
    {
        List<string> found = [];
        foreach (string file in Files("*.cs"))
        {
            found.AddRange(Findings(file, File.ReadAllLines(file).Select(CommentOf)));
        }

        foreach (string file in Files("*.md"))
        {
            found.AddRange(Findings(file, ProseOf(File.ReadAllLines(file))));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("    /// <summary>The same of a 1.</summary>")]
    [InlineData("    /// <summary>The same with data.</summary>")]
    [InlineData("    /// <summary>Of both codes.</summary>")]
    [InlineData("/// <param name=\"shape\">Of the codes.</param>")]
    [InlineData("        count++; // begins anew")]
    [InlineData("// The length lies behind the header.")]
    [InlineData("/// Half of the strangers go either way.")]
    public void A_word_to_avoid_is_found_in_a_comment(string line) =>
        Assert.Single(Findings("file.cs", [CommentOf(line)]));

    [Theory]
    [InlineData("    string text = \"begins anew\";")]
    [InlineData("    /// <summary>Two threads see the same of everything.</summary>")]
    [InlineData("    /// <see cref=\"Strangers\"/> and <c>anew</c> are names.")]
    [InlineData("    // Behind a proxy that ends TLS the scheme differs.")]
    public void What_is_no_comment_or_a_name_is_left_alone(string line) =>
        Assert.Empty(Findings("file.cs", [CommentOf(line)]));

    [Fact]
    public void Code_in_a_document_is_no_prose() =>
        Assert.Equal(["text ", "", "", "", "end"], ProseOf(["text `anew`", "```sh", "anew", "```", "end"]));

    private static IEnumerable<string> Findings(string file, IEnumerable<string> lines) => lines.SelectMany(
        (line, i) => Avoided.Where(word => word.Words.IsMatch(line)).Select(word =>
            $"{Path.GetRelativePath(Root, file)}:{i + 1}: found \"{word.Words.Match(line).Value}\", "
            + $"wanted {word.Instead}"));

    /// <summary>The comment of a line of code, without the names of code in it; empty where there is none.</summary>
    private static string CommentOf(string line)
    {
        Match comment = Comment().Match(line);
        return comment.Success ? Name().Replace(comment.Value, "") : "";
    }

    /// <summary>The lines of a document, empty where they are code.</summary>
    private static IEnumerable<string> ProseOf(IEnumerable<string> lines)
    {
        bool isCode = false;
        foreach (string line in lines)
        {
            bool isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            yield return isCode || isFence ? "" : Span().Replace(line, "");
        }
    }

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateDirectories(Root)
        .Where(folder => Path.GetFileName(folder)[0] != '.')
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Root, pattern))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(Skipped.Contains));

    // A comment after code begins outside of every text in quotes.
    [GeneratedRegex(@"(^\s*//.*)|(?<=^[^""]*(""[^""]*""[^""]*)*\s)// .*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"<[a-z]+ (cref|name)=""[^""]*""/>|<c>[^<]*</c>")]
    private static partial Regex Name();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\bThe same (of|with|by|for|to|in|where|at|over|from|on)\b|>The same[.,;]")]
    private static partial Regex SameAsBefore();

    [GeneratedRegex("<(summary|returns|param name=\"[A-Za-z]*\")>Of ")]
    private static partial Regex Fragment();

    [GeneratedRegex(@"\banew\b", RegexOptions.IgnoreCase)]
    private static partial Regex Anew();

    [GeneratedRegex(@"\bbehind\b(?! an? (reverse )?proxy)", RegexOptions.IgnoreCase)]
    private static partial Regex Behind();

    [GeneratedRegex(@"(?<!name="")\bstrangers?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Stranger();

    [GeneratedRegex(@"\bcrosswise\b", RegexOptions.IgnoreCase)]
    private static partial Regex Crosswise();
}

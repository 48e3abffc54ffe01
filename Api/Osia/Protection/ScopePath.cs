using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// One path of a scope: names, <c>[0]</c>, <c>[*]</c> and <c>[?@.id=='1']</c> of RFC 9535, counted from the object that
/// has the protection; a <c>$.</c> before them may stand or not. Descendants (<c>..</c>) and slices are refused.
/// </summary>
internal sealed partial class ScopePath
{
    private const int MostCharacters = 4 * 1024;
    private const int MostPaths = 64;
    private const int MostSteps = 16;

    private readonly List<Step> steps = [];

    private ScopePath()
    {
    }

    /// <summary>The last name of the path; empty where it ends in a place of an array.</summary>
    public string LastName => steps[^1] is { Kind: StepKind.Name, Text: { } name } ? name : "";

    /// <summary>The paths of a scope, which stand with white space between.</summary>
    public static Parsed<IReadOnlyList<ScopePath>> ReadAll(string scope, string path)
    {
        if (scope.Length > MostCharacters)
        {
            return JoseHeader.Wrong(path, $"found {scope.Length} characters, wanted at most {MostCharacters}");
        }

        string[] texts = scope.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length is 0 or > MostPaths)
        {
            return JoseHeader.Wrong(path, $"found {texts.Length} paths, wanted 1..{MostPaths}");
        }

        List<ScopePath> all = [];
        foreach (string text in texts)
        {
            if (Read(text) is not { } read)
            {
                return JoseHeader.Wrong(
                    path, $"found {JoseHeader.Shown(text)}, wanted paths such as template, biometricData[*].template "
                        + "or integrity[?@.id=='1'].hash");
            }

            all.Add(read);
        }

        return all;
    }

    /// <summary>
    /// Walks to what the paths select: each node once, and none inside of one that is selected itself.
    /// </summary>
    /// <param name="from">The object that has the protection.</param>
    /// <param name="paths">The scope.</param>
    /// <param name="work">What the walks of one body may do together.</param>
    /// <param name="select">Told each selected node that is not null, with the last name of its path.</param>
    /// <returns>The value limited to what is selected; null where nothing is.</returns>
    /// <exception cref="FailureException">They would do more.</exception>
    public static JsonNode? Limit(
        JsonObject from, IReadOnlyList<ScopePath> paths, ScopeWork work, Action<JsonNode, string> select)
    {
        (bool isFound, JsonNode? limited) = new Walk(work, select).Limit(
            from, [.. paths.Select(path => new Rest(path, 0))]);
        return isFound ? limited : null;
    }

    private static ScopePath? Read(string text)
    {
        string steps = text.StartsWith('$') ? text[1..] : text.StartsWith('[') ? text : "." + text;
        ScopePath path = new();
        for (int at = 0; at < steps.Length;)
        {
            Match step = StepText().Match(steps, at);
            if (!step.Success || path.steps.Count == MostSteps)
            {
                return null;
            }

            path.steps.Add(Step.Of(step));
            at += step.Length;
        }

        return path.steps.Count > 0 ? path : null;
    }

    [GeneratedRegex(
        """\G(?:\.(?<name>[A-Za-z_][A-Za-z0-9_-]*)|\[(?:'(?<name>[^'\\\]]+)'|"(?<name>[^"\\\]]+)")\]"""
        + """|(?<any>\.\*|\[\*\])|\[(?<index>[0-9]{1,6})\]"""
        + """|\[\?\(?@\.(?<member>[A-Za-z_][A-Za-z0-9_-]*)==(?:'(?<value>[^'\\]*)'|"(?<value>[^"\\]*)")\)?\])""",
        RegexOptions.CultureInvariant)]
    private static partial Regex StepText();

    private enum StepKind
    {
        Name,
        Index,
        Any,
        Member,
    }

    private sealed record Step(StepKind Kind, string? Text, int Index, string? Value)
    {
        public static Step Of(Match match) =>
            match.Groups["name"] is { Success: true } name ? new(StepKind.Name, name.Value, 0, null)
            : match.Groups["any"].Success ? new(StepKind.Any, null, 0, null)
            : match.Groups["index"] is { Success: true } index
                ? new(StepKind.Index, null, int.Parse(index.ValueSpan, CultureInfo.InvariantCulture), null)
            : new(StepKind.Member, match.Groups["member"].Value, 0, match.Groups["value"].Value);

        public bool TakesName(string name) => Kind == StepKind.Any || (Kind == StepKind.Name && Text == name);

        public bool TakesItem(int index, JsonNode? item) => Kind switch
        {
            StepKind.Any => true,
            StepKind.Index => index == Index,
            StepKind.Member => item is JsonObject members && members.TryGetPropertyValue(Text!, out JsonNode? value)
                && value is JsonValue said && said.TryGetValue(out string? text) && text == Value,
            StepKind.Name => false,
        };
    }

    /// <summary>A path of which some steps were taken.</summary>
    private readonly record struct Rest(ScopePath Path, int Taken)
    {
        public bool IsAtEnd => Taken == Path.steps.Count;

        public Step Step => Path.steps[Taken];

        public Rest Next => this with { Taken = Taken + 1 };
    }

    /// <summary>One walk over a body.</summary>
    private sealed class Walk(ScopeWork work, Action<JsonNode, string> select)
    {
        public (bool IsFound, JsonNode? Value) Limit(JsonNode? node, List<Rest> rests)
        {
            if (rests.Find(rest => rest.IsAtEnd) is { Path: { } ended })
            {
                if (node is not null)
                {
                    select(node, ended.LastName);
                }

                return (true, node?.DeepClone());
            }

            return node switch
            {
                JsonObject members => LimitObject(members, rests),
                JsonArray items => LimitArray(items, rests),
                _ => default,
            };
        }

        private (bool IsFound, JsonNode? Value) LimitObject(JsonObject members, List<Rest> rests)
        {
            work.Take(members.Count * rests.Count);
            JsonObject limited = [];
            foreach ((string name, JsonNode? value) in members)
            {
                List<Rest> on = rests.FindAll(rest => rest.Step.TakesName(name));
                if (on.Count > 0 && Limit(value, on.ConvertAll(rest => rest.Next)) is { IsFound: true } found)
                {
                    limited[name] = found.Value;
                }
            }

            return (limited.Count > 0, limited);
        }

        /// <summary>Places of an array that are not selected are left out, and those after them move up.</summary>
        private (bool IsFound, JsonNode? Value) LimitArray(JsonArray items, List<Rest> rests)
        {
            work.Take(items.Count * rests.Count);
            JsonArray limited = [];
            for (int i = 0; i < items.Count; i++)
            {
                List<Rest> on = rests.FindAll(rest => rest.Step.TakesItem(i, items[i]));
                if (on.Count > 0 && Limit(items[i], on.ConvertAll(rest => rest.Next)) is { IsFound: true } found)
                {
                    limited.Add(found.Value);
                }
            }

            return (limited.Count > 0, limited);
        }
    }
}

/// <summary>How many comparisons of names the walks of one body may take together.</summary>
internal sealed class ScopeWork
{
    private const int Most = 4_000_000;

    private int taken;

    /// <exception cref="FailureException">It is too many.</exception>
    public void Take(int count)
    {
        taken += count;
        if (taken > Most)
        {
            throw new FailureException(
                JoseHeader.Wrong("scope", $"found more than {Most} places to compare with paths, wanted fewer"));
        }
    }
}

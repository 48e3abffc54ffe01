using System.Globalization;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Reads the text form in which OpenCV 2 writes a forest and NIST publishes NFIQ 2's: a head of settings, then each
/// tree as its nodes in the order root, left branch, right branch. Read strictly: only tests "at most" on the 69
/// measures, leaves of class 0 or 1, and trees that are whole.
/// </summary>
public static class QualityForestReader
{
    private const string Begin = "%YAML:1.0";
    private const string Root = "my_random_trees: !!opencv-ml-random-trees";

    /// <summary>What the head must say; everything else in it describes how the forest was grown.</summary>
    private static readonly (string Key, string Value)[] Head =
    [
        ("nclasses", "2"), ("is_classifier", "1"), ("var_all", "69"), ("var_count", "69"), ("ord_var_count", "69"),
        ("cat_var_count", "0"),
    ];

    /// <summary>The forest of a file, or the line that is wrong.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Decoded<QualityForest> Read(Stream file)
    {
        using var lines = new ForestLines(file);
        var growth = new ForestGrowth();
        string? fault = ReadHead(lines, out int trees) ?? ReadTrees(lines, growth);
        if (fault is null && growth.Trees != trees)
        {
            fault = $"{growth.Trees} trees, wanted {trees} as the head says";
        }

        string md5 = fault is null ? lines.Md5() : "";
        fault ??= lines.Fault;
        return fault is null ? growth.Finish(md5)
            : new Rejection(
                -1, $"line {lines.Number}: {lines.Fault ?? fault}", "a forest of NFIQ 2 as OpenCV writes it");
    }

    private static string? ReadHead(ForestLines lines, out int trees)
    {
        trees = 0;
        if (lines.Next() is var first && first != Begin)
        {
            return $"{Quoted(first)}, wanted {Begin}";
        }

        if (lines.Next() is var second && second != Root)
        {
            return $"{Quoted(second)}, wanted {Root}";
        }

        Dictionary<string, string> said = [];
        for (string? line = lines.Next(); line != "trees:"; line = lines.Next())
        {
            if (line is null || said.Count > 100)
            {
                return "no line \"trees:\"";
            }

            // A list goes on to the bracket that ends it; the head says nothing in lists that is needed.
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !said.TryAdd(line[..colon], line[(colon + 1)..].Trim())
                && Head.Any(it => it.Key == line[..colon]))
            {
                return $"{line[..colon]} twice";
            }
        }

        foreach ((string key, string value) in Head)
        {
            if (said.GetValueOrDefault(key) is var found && found != value)
            {
                return $"{key} {Quoted(found)}, wanted {value}";
            }
        }

        return Whole(said.GetValueOrDefault("ntrees"), 1, ForestLimits.Trees, out trees)
            ? null : $"ntrees {Quoted(said.GetValueOrDefault("ntrees"))}, wanted 1..{ForestLimits.Trees}";
    }

    private static string? ReadTrees(ForestLines lines, ForestGrowth growth)
    {
        string? line = lines.Next();
        while (line is not null)
        {
            if (line != "-" || lines.Next()?.StartsWith("best_tree_idx:", StringComparison.Ordinal) != true
                || lines.Next() != "nodes:")
            {
                return $"{Quoted(line)}, wanted \"-\", \"best_tree_idx:\" and \"nodes:\" of a tree";
            }

            if (growth.BeginTree() is { } full)
            {
                return full;
            }

            line = lines.Next();
            while (line == "-" && !growth.IsTreeWhole)
            {
                if (ReadNode(lines, growth, out line) is { } fault)
                {
                    return fault;
                }
            }

            if (!growth.IsTreeWhole)
            {
                return $"{Quoted(line)} in a tree that lacks a branch";
            }
        }

        return null;
    }

    /// <summary>Reads the lines of a node, and the first line after it.</summary>
    private static string? ReadNode(ForestLines lines, ForestGrowth growth, out string? next)
    {
        string? depth = null;
        string? leaf = null;
        string? split = null;
        for (next = lines.Next(); next is not null && next != "-"; next = lines.Next())
        {
            if (next == "splits:")
            {
                split = lines.Next() + " ";
                split += split.Contains('}', StringComparison.Ordinal) ? "" : lines.Next();
                next = lines.Next();
                break;
            }

            string[] parts = next.Split(": ", 2);
            if (parts.Length != 2)
            {
                return $"{Quoted(next)}, wanted a number of a node";
            }

            depth = parts[0] == "depth" ? parts[1] : depth;
            leaf = parts[0] == "norm_class_idx" ? parts[1] : leaf;
        }

        return split is null ? growth.AddLeaf(depth, leaf) : growth.AddTest(depth, split);
    }

    /// <summary>Reads a whole number within limits, without signs or blanks.</summary>
    internal static bool Whole(string? text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value >= least && value <= most;

    internal static string Quoted(string? text) => text is null ? "nothing" : $"\"{text}\"";
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Puts the nodes of a forest together as they are read; each step returns a fault or null.</summary>
internal sealed partial class ForestGrowth
{
    private readonly List<ForestNode> nodes = [];
    private readonly List<int> roots = [];

    /// <summary>Tests whose right branch is still to come, the deepest on top.</summary>
    private readonly Stack<int> open = new();

    public int Trees => this.roots.Count;

    /// <summary>Whether the last tree has all its branches.</summary>
    public bool IsTreeWhole { get; private set; } = true;

    public string? BeginTree()
    {
        if (this.roots.Count == ForestLimits.Trees)
        {
            return $"more than {ForestLimits.Trees} trees";
        }

        this.roots.Add(this.nodes.Count);
        IsTreeWhole = false;
        return null;
    }

    /// <summary>Adds a test, written as "- { var:N, quality:Q, le:T }".</summary>
    public string? AddTest(string? depth, string split)
    {
        Match parts = Split().Match(split);
        if (!parts.Success || !QualityForestReader.Whole(parts.Groups[1].Value, 0, 68, out int measure)
            || !float.TryParse(parts.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out float at)
            || !float.IsFinite(at))
        {
            return $"{QualityForestReader.Quoted(split)}, wanted a test \"- {{ var:0..68, quality:Q, le:T }}\"";
        }

        int place = this.nodes.Count;
        string? fault = Add(depth, new ForestNode(measure, at, 0));
        this.open.Push(place);
        this.isBranchOpen = true;
        return fault;
    }

    /// <summary>Adds a leaf of class 0 or 1.</summary>
    public string? AddLeaf(string? depth, string? kind)
    {
        if (!QualityForestReader.Whole(kind, 0, 1, out int vote))
        {
            return $"norm_class_idx {QualityForestReader.Quoted(kind)}, wanted 0 or 1";
        }

        string? fault = Add(depth, new ForestNode(QualityForest.Leaf, 0, vote));
        this.isBranchOpen = false;
        IsTreeWhole = this.open.Count == 0;
        return fault;
    }

    public QualityForest Finish(string md5) => new([.. this.nodes], [.. this.roots], md5);

    /// <summary>Whether the next node is the left branch of the last one.</summary>
    private bool isBranchOpen;

    private readonly List<int> depths = [];

    private string? Add(string? depth, ForestNode node)
    {
        // The left branch follows its test; otherwise the node is the right branch of the deepest open test.
        int wanted = 0;
        if (this.isBranchOpen)
        {
            wanted = this.depths[^1] + 1;
        }
        else if (this.open.TryPop(out int test))
        {
            this.nodes[test] = this.nodes[test] with { Right = this.nodes.Count };
            wanted = this.depths[test] + 1;
        }

        if (!QualityForestReader.Whole(depth, wanted, wanted, out int _))
        {
            return $"depth {QualityForestReader.Quoted(depth)}, wanted {wanted}";
        }

        if (wanted > ForestLimits.Depth || this.nodes.Count == ForestLimits.Nodes)
        {
            return $"depth {wanted} and {this.nodes.Count} nodes, wanted at most {ForestLimits.Depth} and "
                + $"{ForestLimits.Nodes}";
        }

        this.nodes.Add(node);
        this.depths.Add(wanted);
        return null;
    }

    [GeneratedRegex(@"^- \{ var:(\d{1,2}), quality:[-+.e\d]+, *le:([-+.e\d]+) \} ?$")]
    private static partial Regex Split();
}

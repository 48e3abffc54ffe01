using System.Text;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>Small forests in the text form that OpenCV 2 writes.</summary>
internal static class ForestText
{
    /// <summary>A head for so many trees.</summary>
    public static string Head(int trees) =>
        $$"""
        %YAML:1.0
        my_random_trees: !!opencv-ml-random-trees
           nclasses: 2
           nsamples: 12
           var_importance: !!opencv-matrix
              rows: 1
              cols: 3
              data: [ 3.0e-003, 9.0e-003,
                  8.0e-003 ]
           ntrees: {{trees}}
           is_classifier: 1
           var_all: 69
           var_count: 69
           ord_var_count: 69
           cat_var_count: 0
           trees:

        """;

    /// <summary>A tree of nodes as <see cref="Test"/> and <see cref="Leaf"/> write them.</summary>
    public static string Tree(params string[] nodes) =>
        "      -\n         best_tree_idx: -1\n         nodes:\n" + string.Concat(nodes);

    /// <summary>A test: left where the measure is at most the threshold.</summary>
    public static string Test(int depth, int measure, string threshold, bool twoLines = false) =>
        Node(depth, 0) + "               splits:\n"
        + $"                  - {{ var:{measure}, quality:1.5e+003,"
        + (twoLines ? "\n                      " : " ") + $"le:{threshold} }}\n";

    public static string Leaf(int depth, int kind) => Node(depth, kind);

    public static Stream Stream(string text) => new MemoryStream(Encoding.ASCII.GetBytes(text));

    private static string Node(int depth, int kind) =>
        $"            -\n               depth: {depth}\n               sample_count: 3\n"
        + $"               value: {kind}.\n               norm_class_idx: {kind}\n               alpha: 0.\n";
}

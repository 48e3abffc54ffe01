namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// A forest of decision trees with two classes over the 69 measures. The score is the share of trees that vote for the
/// second class, 0..100.
/// </summary>
public sealed class QualityForest
{
    /// <summary>Marks a node without a test in <see cref="ForestNode.Measure"/>.</summary>
    internal const int Leaf = -1;

    private readonly ForestNode[] nodes;
    private readonly int[] roots;

    internal QualityForest(ForestNode[] nodes, int[] roots, string md5) =>
        (this.nodes, this.roots, Md5) = (nodes, roots, md5);

    /// <summary>MD5 of the file's text with line feeds at its line ends, as 32 hexadecimal digits.</summary>
    public string Md5 { get; }

    /// <summary>Number of trees.</summary>
    public int Trees => this.roots.Length;

    /// <summary>Number of nodes in all trees.</summary>
    public int Nodes => this.nodes.Length;

    /// <summary>What the file is by its MD5; null for one that NIST did not publish.</summary>
    public PublishedForest? Published => PublishedForest.ByMd5(Md5);

    /// <summary>The edition whose measures it reads: 2.2's where the file is not known.</summary>
    public NfiqEdition Edition => Published?.Edition ?? NfiqEdition.Version22;

    /// <summary>0..100. It is NFIQ 2's own only with a published forest and FingerJetFX's minutiae.</summary>
    /// <exception cref="ArgumentException">The measures are those of another edition.</exception>
    public int Score(NfiqMeasures measures)
    {
        if (measures.Edition != Edition)
        {
            throw new ArgumentException($"found measures of {measures.Edition}, wanted {Edition}", nameof(measures));
        }

        int votes = 0;
        foreach (int root in this.roots)
        {
            int at = root;
            while (this.nodes[at].Measure != Leaf)
            {
                ForestNode node = this.nodes[at];
                at = (float)measures.Values[node.Measure] <= node.Threshold ? at + 1 : node.Right;
            }

            votes += this.nodes[at].Right;
        }

        return (int)Math.Floor(((double)votes / Trees * 100) + 0.5);
    }
}

/// <summary>
/// A node; the left branch follows it directly and is taken where the measure is at most the threshold.
/// </summary>
/// <param name="Measure">The measure that is tested, or <see cref="QualityForest.Leaf"/>.</param>
/// <param name="Threshold">The largest value that goes left.</param>
/// <param name="Right">Index of the right branch; the class, 0 or 1, of a leaf.</param>
internal readonly record struct ForestNode(int Measure, float Threshold, int Right);

/// <summary>A forest that NIST published for plain impressions from optical sensors and ink.</summary>
/// <param name="Name">Its name with the editions of NFIQ 2 that it is for.</param>
/// <param name="Edition">The edition of its measures.</param>
public sealed record PublishedForest(string Name, NfiqEdition Edition)
{
    private const string Md5Of22 = "ccd75820b48c19f1645ef5e9c481c592";
    private const string Md5Of23 = "b4a1e7586b3be906f9770e4b77768038";

    /// <summary>The forest of an MD5 (lower-case digits); null for any other.</summary>
    public static PublishedForest? ByMd5(string md5) => md5 switch
    {
        Md5Of22 => new("NIST plain TIR + ink 1.0.0, for NFIQ 2.0 to 2.2", NfiqEdition.Version22),
        Md5Of23 => new("NIST plain TIR + ink 2.0.0, for NFIQ 2.3", NfiqEdition.Version23),
        _ => null,
    };
}

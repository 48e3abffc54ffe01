namespace MatchCluster.Matching.Uses;

/// <summary>What is done with a gallery or with samples, as agreements see it.</summary>
public enum Operation
{
    /// <summary>One probe against a gallery.</summary>
    Identify,

    /// <summary>One probe against one person of a gallery.</summary>
    Verify,

    /// <summary>Two probes that are both sent; no gallery takes part.</summary>
    Compare,

    /// <summary>A candidate taken apart for an examiner.</summary>
    Explain,

    /// <summary>Stored encounters with their samples, or a search with them.</summary>
    Read,

    /// <summary>Who is in a gallery.</summary>
    ReadGallery,

    /// <summary>Which galleries there are.</summary>
    ListGalleries,

    /// <summary>A new encounter.</summary>
    Enrol,

    /// <summary>A change of an encounter: its data, status, galleries or person.</summary>
    Change,

    /// <summary>The end of an encounter or a person.</summary>
    Delete,
}

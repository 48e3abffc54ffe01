namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>The arrows between the folders of a project, read from its compiled assembly.</summary>
public sealed class FolderArrowTests
{
    /// <summary>The engine, from the words that everybody knows to what knows everything.</summary>
    private static readonly FolderTable Matching = new(
        "Matching",
        new FolderArrows("."),
        new FolderArrows("Model", "."),
        new FolderArrows("Bytes", "Model"),
        new FolderArrows("Keys", "Model", "Bytes"),
        new FolderArrows("Templates", ".", "Model", "Bytes"),
        new FolderArrows("Images", "Model", "Templates"),
        new FolderArrows("Synthesis", "Model", "Images"),
        new FolderArrows("Extraction", ".", "Model", "Images", "Synthesis"),
        new FolderArrows("Quality", "Model", "Images", "Synthesis"),
        new FolderArrows("IrisImages", "Model", "Images", "Synthesis"),
        new FolderArrows("Fingers", ".", "Model"),
        new FolderArrows("Irises", ".", "Model", "Synthesis"),
        new FolderArrows("Scores", "Model", "Fingers", "Irises"),
        new FolderArrows("Uses", ".", "Model"),
        new FolderArrows("Seam", ".", "Model", "Scores", "Uses"),
        new FolderArrows("Explain", "Model", "Fingers", "Irises", "Scores"),
        new FolderArrows("Drawings", "Model", "Images", "Extraction", "IrisImages"),
        new FolderArrows("Modalities",
            ".", "Model", "Templates", "Images", "Extraction", "Quality", "IrisImages", "Fingers", "Irises", "Scores",
            "Seam", "Explain", "Drawings"),
        new FolderArrows("Feeds", ".", "Model", "Bytes"),
        new FolderArrows("Storage", ".", "Model", "Bytes", "Keys", "Seam", "Modalities", "Feeds"),
        new FolderArrows("Audit", ".", "Model", "Storage"),
        new FolderArrows("Governance", ".", "Model", "Uses", "Storage"),
        new FolderArrows("Tasks", ".", "Model", "Bytes", "Keys", "Storage"),
        new FolderArrows("Galleries",
            ".", "Model", "Bytes", "Keys", "Fingers", "Irises", "Scores", "Seam", "Modalities", "Feeds",
            "Storage"),
        new FolderArrows("Turns", "Seam"),
        new FolderArrows("Scan", ".", "Model", "Bytes", "Fingers", "Irises", "Scores", "Seam", "Galleries", "Turns"),
        new FolderArrows("Quotas", "Model", "Uses", "Storage", "Governance"),
        new FolderArrows("Partitions",
            ".", "Model", "Keys", "Scores", "Modalities", "Seam", "Feeds", "Storage", "Galleries", "Scan"),
        new FolderArrows("Deduplication", ".", "Model", "Scores", "Irises", "Seam", "Scatter"),
        new FolderArrows("Scatter",
            ".", "Model", "Keys", "Fingers", "Irises", "Scores", "Uses", "Seam", "Feeds", "Storage", "Galleries",
            "Scan", "Partitions"),
        new FolderArrows(
            "Packs", ".", "Model", "Bytes", "Keys", "Uses", "Seam", "Feeds", "Storage", "Audit", "Galleries",
            "Partitions", "Scatter"),
        new FolderArrows(
            "Cases", ".", "Model", "Bytes", "Keys", "Scores", "Uses", "Seam", "Storage", "Governance", "Scatter"),
        new FolderArrows("Subscriptions",
            ".", "Model", "Scores", "Uses", "Seam", "Storage", "Tasks", "Scan", "Scatter"),
        new FolderArrows(
            "Starting", "Model", "Templates", "Synthesis", "Scores", "Uses", "Seam", "Modalities", "Storage",
            "Scatter"),
        new FolderArrows("Frames",
            ".", "Model", "Bytes", "Fingers", "Irises", "Scores", "Seam", "Modalities", "Storage", "Partitions"));

    [Fact]
    public void The_folders_of_the_engine_use_only_what_the_table_allows()
    {
        IReadOnlyList<string> faults = Matching.FaultsOf(typeof(Limits).Assembly);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_table_has_no_circle() => Assert.Empty(Matching.Circles());
}

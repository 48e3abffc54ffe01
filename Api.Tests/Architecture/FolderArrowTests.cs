using MatchCluster.Api.Http;
using MatchCluster.Matching.Tests.Architecture;

namespace MatchCluster.Api.Tests.Architecture;

/// <summary>The arrows between the folders of the front end, read from its compiled assembly.</summary>
public sealed class FolderArrowTests
{
    /// <summary>The front end, from what every call meets to what puts it together.</summary>
    private static readonly FolderTable Api = new(
        "Api",
        new FolderArrows("Http"),
        new FolderArrows("Options", "Http"),
        new FolderArrows("Telemetry", "Http"),
        new FolderArrows("Searching", "Http", "Telemetry"),
        new FolderArrows("Health", "Http", "Searching"),
        new FolderArrows("Osia/Contract", "Http"),
        new FolderArrows("Osia/Reading", "Http", "Osia/Contract"),
        new FolderArrows("Osia/Writing", "Http", "Osia/Contract", "Osia/Reading"),
        new FolderArrows("Osia/Endpoints",
            "Http", "Searching", "Osia/Contract", "Osia/Reading", "Osia/Writing"),
        new FolderArrows("Streams",
            "Http", "Searching", "Osia/Contract", "Osia/Reading", "Osia/Writing", "Osia/Endpoints"),
        new FolderArrows("Operator",
            "Http", "Telemetry", "Searching", "Health", "Osia/Contract", "Osia/Reading", "Osia/Writing",
            "Osia/Endpoints", "Streams"),
        new FolderArrows("OpenApi", "Http", "Osia/Contract", "Streams"),
        new FolderArrows("Demo", "Http", "Osia/Contract", "Osia/Endpoints"),
        new FolderArrows("Page", "Osia/Contract", "Demo"),
        new FolderArrows("Hosting",
            "Http", "Options", "Telemetry", "Searching", "Health", "Osia/Contract", "Osia/Endpoints", "Streams",
            "Operator", "OpenApi", "Demo", "Page"));

    [Fact]
    public void The_folders_of_the_front_end_use_only_what_the_table_allows()
    {
        IReadOnlyList<string> faults = Api.FaultsOf(typeof(Failure).Assembly);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_table_has_no_circle() => Assert.Empty(Api.Circles());
}

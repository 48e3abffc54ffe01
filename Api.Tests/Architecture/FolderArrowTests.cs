using System.Reflection;
using MatchCluster.Api.Http.Failures;
using MatchCluster.LoadTest.Runs;
using MatchCluster.Matching.Tests.Architecture;

namespace MatchCluster.Api.Tests.Architecture;

/// <summary>
/// The arrows between the folders of the front end and of the load generator, read from their compiled assemblies.
/// </summary>
public sealed class FolderArrowTests
{
    /// <summary>The front end, from what every call meets to what puts it together.</summary>
    private static readonly FolderTable Api = new(
        "Api",
        new FolderArrows("Http"),
        new FolderArrows("Http/Failures", "Http"),
        new FolderArrows("Http/Access", "Http", "Http/Failures"),
        new FolderArrows("Http/Callers", "Http", "Http/Failures", "Http/Access", "Http/Requests"),
        new FolderArrows("Http/Requests", "Http", "Http/Failures"),
        new FolderArrows("Http/Outgoing"),
        new FolderArrows("Http/Images", "Http/Failures", "Http/Outgoing"),
        new FolderArrows("Audit", "Http", "Http/Failures", "Http/Access", "Http/Callers", "Telemetry"),
        new FolderArrows("Deliveries", "Http/Failures", "Http/Access", "Http/Outgoing", "Audit", "Telemetry"),
        new FolderArrows("Administration", "Http/Failures", "Http/Access", "Audit"),
        new FolderArrows("Options",
            "Http", "Http/Access", "Http/Callers", "Http/Images", "Http/Outgoing", "Deliveries", "Tasks",
            "Retention", "Osia/Protection"),
        new FolderArrows("Telemetry", "Http/Access", "Http/Callers"),
        new FolderArrows("Searching", "Http/Failures", "Http/Callers", "Telemetry"),
        new FolderArrows("Health", "Http/Failures", "Http/Access", "Audit", "Searching"),
        new FolderArrows("Retention", "Http/Failures", "Http/Access", "Http/Callers"),
        new FolderArrows("Osia/Contract", "Http/Failures"),
        new FolderArrows("Osia/Protection",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Osia/Contract"),
        new FolderArrows("Osia/Reading",
            "Http", "Http/Failures", "Http/Callers", "Http/Requests", "Http/Images", "Telemetry", "Osia/Contract",
            "Osia/Protection"),
        new FolderArrows("Osia/Writing", "Http/Failures", "Osia/Contract", "Osia/Reading"),
        new FolderArrows("Tasks",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Audit", "Deliveries",
            "Telemetry"),
        new FolderArrows("Osia/Endpoints",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Http/Images", "Audit",
            "Tasks", "Searching", "Retention", "Osia/Contract", "Osia/Protection", "Osia/Reading", "Osia/Writing"),
        new FolderArrows("Jobs",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Http/Images", "Telemetry",
            "Tasks", "Searching", "Osia/Endpoints", "Osia/Writing"),
        new FolderArrows("Streams",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Audit", "Searching",
            "Retention", "Osia/Contract", "Osia/Protection", "Osia/Reading", "Osia/Writing", "Osia/Endpoints"),
        new FolderArrows("Feeds",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Audit", "Searching", "Osia/Contract",
            "Osia/Protection", "Osia/Writing"),
        new FolderArrows("Unique",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Audit", "Searching",
            "Retention", "Osia/Contract", "Osia/Protection", "Osia/Reading", "Osia/Writing", "Osia/Endpoints"),
        new FolderArrows("Subscriptions",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Audit", "Deliveries", "Telemetry", "Searching",
            "Osia/Contract", "Osia/Protection", "Osia/Reading", "Tasks"),
        new FolderArrows("Operator",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Http/Images", "Audit", "Tasks",
            "Jobs", "Administration", "Deliveries", "Telemetry", "Searching", "Health", "Retention",
            "Osia/Contract", "Osia/Protection", "Osia/Reading", "Osia/Writing", "Osia/Endpoints", "Streams", "Feeds",
            "Unique", "Subscriptions"),
        new FolderArrows("OpenApi",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Images", "Searching", "Retention",
            "Osia/Contract", "Osia/Protection", "Streams"),
        new FolderArrows("Demo", "Http/Failures", "Http/Access", "Osia/Contract", "Osia/Endpoints"),
        new FolderArrows("Page", "Http/Access", "Audit", "Osia/Contract", "Demo"),
        new FolderArrows("Hosting",
            "Tasks", "Jobs",
            "Http", "Http/Failures", "Http/Access", "Http/Callers", "Http/Requests", "Http/Images", "Audit",
            "Administration", "Deliveries", "Options", "Telemetry", "Searching", "Health", "Retention", "Osia/Contract",
            "Osia/Protection", "Osia/Reading", "Osia/Endpoints", "Streams", "Feeds", "Unique", "Subscriptions",
            "Operator", "OpenApi", "Demo", "Page"));

    /// <summary>The load generator, from what is asked for to the commands.</summary>
    private static readonly FolderTable LoadTest = new(
        "LoadTest",
        new FolderArrows("Workload"),
        new FolderArrows("Client", "Workload"),
        new FolderArrows("Runs", "Workload", "Client"),
        new FolderArrows("Reports", "Workload", "Runs"),
        new FolderArrows("Ladders", "Workload", "Client", "Runs", "Reports"),
        new FolderArrows("Capacity", "Runs"),
        new FolderArrows("Fairness", "Workload", "Client", "Runs", "Reports", "Ladders"),
        new FolderArrows("Commands", "Workload", "Client", "Runs", "Reports", "Ladders", "Capacity", "Fairness"),
        new FolderArrows(".", "Commands"));

    [Fact]
    public void The_folders_of_the_front_end_use_only_what_the_table_allows() =>
        AssertHolds(Api, typeof(Failure).Assembly);

    [Fact]
    public void The_folders_of_the_load_generator_use_only_what_the_table_allows() =>
        AssertHolds(LoadTest, typeof(LoadRun).Assembly);

    [Fact]
    public void The_tables_have_no_circle() => Assert.Empty(Api.Circles().Concat(LoadTest.Circles()));

    private static void AssertHolds(FolderTable table, Assembly assembly)
    {
        IReadOnlyList<string> faults = table.FaultsOf(assembly);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}

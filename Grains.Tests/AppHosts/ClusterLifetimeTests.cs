using Aspire.Hosting.ApplicationModel;
using MatchCluster.AppHost;

namespace MatchCluster.Grains.Tests.AppHosts;

public sealed class ClusterLifetimeTests
{
    /// <summary>Asked to stop what has no process, Aspire's orchestrator looks for one for 17 seconds.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("NotStarted", false)]
    [InlineData("Waiting", false)]
    [InlineData("Finished", false)]
    [InlineData("Exited", false)]
    [InlineData("FailedToStart", false)]
    [InlineData("Starting", true)]
    [InlineData("Running", true)]
    [InlineData("Stopping", true)]
    public void Only_what_has_a_process_is_asked_to_stop(string? state, bool isAsked) => Assert.Equal(
        isAsked,
        ClusterLifetime.HasProcess(new CustomResourceSnapshot
        {
            ResourceType = "Project",
            Properties = [],
            State = state is null ? null : new ResourceStateSnapshot(state, null),
        }));
}

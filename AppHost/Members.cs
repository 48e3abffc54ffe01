using Aspire.Hosting.Orleans;

namespace MatchCluster.AppHost;

/// <summary>What every member of the cluster is given.</summary>
internal static class Members
{
    public const string Api = "api";

    /// <param name="member">A silo or the api.</param>
    /// <param name="orleans">The cluster, as Orleans' own settings.</param>
    /// <param name="redis">Where its gallery and its members are kept.</param>
    /// <param name="name">The member's name, equal at every start: partitions are placed by it.</param>
    public static IResourceBuilder<ProjectResource> WithMember(
        this IResourceBuilder<ProjectResource> member, OrleansService orleans,
        IResourceBuilder<IResourceWithConnectionString> redis, string name) => member
        .WithReference(orleans)
        .WithReference(redis, connectionName: "redis")
        .WithEnvironment("Orleans__Name", name)
        .WithEnvironment("Orleans__Endpoints__GatewayPort", "0")
        .WithUrls(context => context.Urls.RemoveAll(url => url.Endpoint?.EndpointName is not (null or "http")))
        .WaitFor(redis);

    /// <summary>An address on loopback, by argument: neither program takes it from anywhere else.</summary>
    public static IResourceBuilder<ProjectResource> WithListenAddress(
        this IResourceBuilder<ProjectResource> member, int? port, string kind)
    {
        member.WithHttpEndpoint(port).WithHttpHealthCheck("/health").WithIconName(kind == Api ? "Globe" : "Server");
        return member.WithArgs(context =>
        {
            EndpointReference http = member.GetEndpoint("http");
            context.Args.Add("--urls");
            context.Args.Add(ReferenceExpression.Create(
                $"http://127.0.0.1:{http.Property(EndpointProperty.TargetPort)}"));
        });
    }
}

using System.Diagnostics;

namespace MatchCluster.AppHost;

/// <summary>A redis-server of this machine, where there is no container runtime.</summary>
internal sealed class RedisServerResource(string name, string command, string folder)
    : ExecutableResource(name, command, folder), IResourceWithConnectionString
{
    public EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{Endpoint.Property(EndpointProperty.HostAndPort)}");
}

internal static class RedisServer
{
    public const string Name = "redis";

    private const string Program = "redis-server";

    /// <summary>Acked writes survive a loss of power, as docs/cluster.md starts it.</summary>
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];

    /// <summary>A container where one can run, else the program on the PATH.</summary>
    /// <exception cref="InvalidOperationException">There is neither.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> AddClusterRedis(
        this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        if (settings.Redis == "container" || (settings.Redis.Length == 0 && ContainersRun()))
        {
            return builder.AddRedis(Name).WithDataVolume("matchcluster-redis").WithArgs([.. Durable]);
        }

        string program = OnPath() ?? throw new InvalidOperationException(
            $"no container runtime answers and no {Program} is on the PATH; start one or install the other");
        string folder = Directory.CreateDirectory(
            settings.Data ?? Path.Combine(builder.AppHostDirectory, "data")).FullName;
        IResourceBuilder<RedisServerResource> server = builder
            .AddResource(new RedisServerResource(Name, program, folder))
            .WithEndpoint(scheme: "tcp", name: "tcp")
            .WithOrleansProviderType("Redis")
            .WithIconName("Database");
        return server.WithArgs(context =>
        {
            context.Args.Add("--port");
            context.Args.Add(server.Resource.Endpoint.Property(EndpointProperty.TargetPort));
            foreach (string each in (string[])["--bind", "127.0.0.1", "--dir", folder, .. Durable])
            {
                context.Args.Add(each);
            }
        });
    }

    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    /// <summary>A client may be installed where no engine runs: it is asked.</summary>
    private static bool ContainersRun() => Answers("docker") || Answers("podman");

    private static bool Answers(string client)
    {
        try
        {
            using Process? asked = Process.Start(new ProcessStartInfo(client, ["info"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            return asked is not null && asked.WaitForExit(TimeSpan.FromSeconds(5)) && asked.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

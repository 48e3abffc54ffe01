using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.AppHost;

/// <summary>A program of this machine that speaks the protocol of Redis, where there is no container runtime.</summary>
internal sealed class RedisServerResource(string name, string command, string folder)
    : ExecutableResource(name, command, folder), IResourceWithConnectionString
{
    public EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{Endpoint.Property(EndpointProperty.HostAndPort)}");
}

/// <summary>Where the cluster keeps its gallery and its members.</summary>
internal static partial class RedisServer
{
    public const string Name = "redis";

    private const string Program = "redis-server";

    /// <summary>Acked writes survive a loss of power, as docs/cluster.md starts it.</summary>
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];

    /// <summary>
    /// Redis in a container where one can run, else redis-server from the PATH, else Garnet out of this host's own
    /// program.
    /// </summary>
    /// <exception cref="InvalidOperationException">redis-server is asked for and is not there.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> AddClusterRedis(
        this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        string? program = OnPath();
        switch (settings.Redis)
        {
            case "container":
            case "" when ContainersRun():
                builder.SayAtStart(log => LogContainer(log));
                return builder.AddRedis(Name).WithoutHttpsCertificate().WithDataVolume("matchcluster-redis")
                    .WithArgs([.. Durable]);
            case "process" when program is null:
                throw new InvalidOperationException(
                    $"MatchCluster:Redis: found process, and there is no {Program} on the PATH to start");
            case "process" or "" when program is not null:
                builder.SayAtStart(log => LogProgram(log, program, settings.Data));
                return builder.AddProgram(
                    program, settings.Data, [], ["--bind", "127.0.0.1", "--dir", settings.Data, .. Durable]);
            default:
                string folder = settings.Folder(GarnetProgram.Verb);
                builder.SayAtStart(log => LogGarnet(log, folder));
                return builder.AddGarnet(folder);
        }
    }

    private static IResourceBuilder<RedisServerResource> AddGarnet(
        this IDistributedApplicationBuilder builder, string folder) => builder
        .AddProgram(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder,
            ["exec", typeof(RedisServer).Assembly.Location, GarnetProgram.Verb], GarnetProgram.Arguments(folder));

    /// <param name="builder">The host.</param>
    /// <param name="program">What is started.</param>
    /// <param name="folder">Its working directory, where it keeps its files.</param>
    /// <param name="first">Its command line before the port.</param>
    /// <param name="last">Its command line after the port.</param>
    private static IResourceBuilder<RedisServerResource> AddProgram(
        this IDistributedApplicationBuilder builder, string program, string folder, string[] first, string[] last)
    {
        const string Answers = "redis-answers";
        IResourceBuilder<RedisServerResource> server = builder
            .AddResource(new RedisServerResource(Name, program, folder))
            .WithEndpoint(scheme: "tcp", name: "tcp")
            .WithOrleansProviderType("Redis")
            .WithIconName("Database")
            .WithHealthCheck(Answers);
        builder.Services.AddHealthChecks().AddRedis(
            _ => $"{server.Resource.Endpoint.Host}:{server.Resource.Endpoint.Port}", Answers);
        return server.WithArgs(context =>
        {
            foreach (object each in (object[])
                [.. first, "--port", server.Resource.Endpoint.Property(EndpointProperty.TargetPort), .. last])
            {
                context.Args.Add(each);
            }
        });
    }

    private static void SayAtStart(this IDistributedApplicationBuilder builder, Action<ILogger> say) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            say(start.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MatchCluster.AppHost.Redis"));
            return Task.CompletedTask;
        });

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

    [LoggerMessage(1, LogLevel.Information, "Redis runs in a container; its data are in the volume matchcluster-redis")]
    private static partial void LogContainer(ILogger log);

    [LoggerMessage(2, LogLevel.Information, "Redis is {Program}; its data are in {Folder}")]
    private static partial void LogProgram(ILogger log, string program, string folder);

    [LoggerMessage(3, LogLevel.Warning,
        "There is no container runtime and no redis-server: Microsoft.Garnet takes the place of Redis, for development"
        + " only; its data are in {Folder}")]
    private static partial void LogGarnet(ILogger log, string folder);
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using TempDirectory = MatchCluster.Matching.Tests.Storage.TempDirectory;

namespace MatchCluster.Grains.Tests.AppHosts;

/// <summary>The app host with everything it starts, small, in a folder that ends with it.</summary>
internal sealed class RunningAppHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TempDirectory data = new();
    private readonly CancellationTokenSource late = new(Patience);
    private DistributedApplication? app;

    private DistributedApplication App => app ?? throw new InvalidOperationException("it was not started");

    private ResourceNotificationService States => App.ResourceNotifications;

    /// <summary>The test is skipped where Aspire's orchestrator does not run.</summary>
    public static async Task<RunningAppHost> StartAsync(params string[] settings)
    {
        string? missing = MissingOrchestrator();
        Skip.IfNot(missing is null, missing);
        RunningAppHost host = new();
        try
        {
            IDistributedApplicationTestingBuilder builder =
                await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                    [$"--MatchCluster:Data={host.data.Path}", .. settings], host.late.Token);
            host.app = await builder.BuildAsync(host.late.Token);
            await host.app.StartAsync(host.late.Token);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task HealthyAsync(params string[] resources) => await Task.WhenAll(
        resources.Select(resource => States.WaitForResourceHealthyAsync(resource, late.Token)));

    public HttpClient Client(string resource) => App.CreateHttpClient(resource);

    /// <summary>Presses a button of the dashboard.</summary>
    /// <param name="resource">Whose button.</param>
    /// <param name="command">Its name.</param>
    /// <param name="inputs">What a person types; the rest stays as it is offered.</param>
    public Task<ExecuteCommandResult> PressAsync(
        string resource, string command, params (string Name, string Value)[] inputs) =>
        App.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            resource, command,
            new InteractionInputCollection([.. inputs.Select(input => new InteractionInput
            {
                Name = input.Name,
                Value = input.Value,
                InputType = InputType.Text,
            })]),
            late.Token);

    /// <summary>Waits until a resource says what is asked for.</summary>
    public async Task<CustomResourceSnapshot> UntilAsync(string resource, Func<CustomResourceSnapshot, bool> isSo) =>
        (await States.WaitForResourceAsync(resource, change => isSo(change.Snapshot), late.Token)).Snapshot;

    /// <summary>The process that Aspire started for a resource.</summary>
    public async Task<int> ProcessOfAsync(string resource)
    {
        CustomResourceSnapshot running = await UntilAsync(resource, now => ProcessIn(now) is not null);
        return ProcessIn(running)!.Value;
    }

    /// <summary>As Ctrl+C ends it.</summary>
    /// <returns>What still ran afterwards of everything that ran before, after a wait.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync(params string[] resources)
    {
        int[] roots = await Task.WhenAll(resources.Select(ProcessOfAsync));
        IReadOnlyDictionary<int, string> before = ProcessTree.Of(roots);
        await App.StopAsync(late.Token);
        Stopwatch waited = Stopwatch.StartNew();
        string[] left;
        do
        {
            await Task.Delay(50);
            left = [.. before.Where(each => ProcessTree.CommandOf(each.Key) == each.Value).Select(each => each.Value)];
        }
        while (left.Length > 0 && waited.Elapsed < TimeSpan.FromSeconds(30));
        return left;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        late.Dispose();
        data.Dispose();
    }

    private static int? ProcessIn(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(each => each.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;

    private static string? MissingOrchestrator()
    {
        string? orchestrator = typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(each => each.Key.Equals("dcpclipath", StringComparison.OrdinalIgnoreCase))?.Value;
        if (!File.Exists(orchestrator))
        {
            return $"Aspire's orchestrator is not at '{orchestrator}'";
        }

        try
        {
            using Process asked = Process.Start(new ProcessStartInfo(orchestrator, ["version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return asked.WaitForExit(TimeSpan.FromSeconds(30)) && asked.ExitCode == 0
                ? null : $"Aspire's orchestrator does not run here: {asked.StandardError.ReadToEnd()}";
        }
        catch (Win32Exception refused)
        {
            return $"Aspire's orchestrator cannot be started here: {refused.Message}";
        }
    }
}

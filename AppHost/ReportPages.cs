using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace MatchCluster.AppHost;

/// <summary>
/// The reports of the ladder as pages: a browser opens no file from a page that came over HTTP, so that a link in the
/// dashboard needs a server.
/// </summary>
/// <param name="folder">Where the reports are; they stay there.</param>
/// <param name="clock">Names them.</param>
internal sealed class ReportPages(string folder, TimeProvider clock) : IAsyncDisposable
{
    private const string Prefix = "capacity-";
    private const string Suffix = ".html";

    private const string TimeForm = "yyyy-MM-dd_HH.mm.ss.fff";

    /// <summary>Characters of a name's time that a person reads; the milliseconds after them are left out.</summary>
    private const int ToSeconds = 19;

    private WebApplication? server;

    /// <summary>A name that no report has yet: its time, so that the last name is the newest.</summary>
    public string NewFile() => Path.Combine(
        folder,
        Prefix + clock.GetLocalNow().ToString(TimeForm, CultureInfo.InvariantCulture) + Suffix);

    /// <summary>Listens on a free port of this machine and on no other address.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");

        // A page of somebody else whose name was made to point here must not read them.
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = ["localhost", "127.0.0.1"]);
        server = builder.Build();
        server.UseHostFiltering();
        server.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            ContentTypeProvider = new FileExtensionContentTypeProvider(
                new Dictionary<string, string> { [".html"] = "text/html; charset=utf-8" }),
        });
        await server.StartAsync(cancel);
    }

    /// <summary>
    /// Where the newest report is read, and its time; null where there is none. What a person has copied there under
    /// another name is no newest one.
    /// </summary>
    public (string Address, string Time)? Newest() =>
        Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}").Select(file => Path.GetFileName(file))
            .Where(IsOurs).Max(StringComparer.Ordinal) is { } name
            ? ($"{server!.Urls.First()}/{name}", name.Substring(Prefix.Length, ToSeconds).Replace('_', ' '))
            : null;

    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
        && DateTime.TryParseExact(
            name[Prefix.Length..^Suffix.Length], TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}

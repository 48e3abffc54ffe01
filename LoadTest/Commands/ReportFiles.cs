using System.CommandLine;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary>
/// The options <c>--json</c> and <c>--html</c> of a command whose report has a page, and their files.
/// </summary>
internal sealed class ReportFiles
{
    private readonly Option<FileInfo?> json = new("--json") { Description = "Also write the report to this file." };

    private readonly Option<FileInfo?> html = new("--html")
    {
        Description = "Also write a page with plots to this file.",
    };

    public void AddTo(Command command)
    {
        command.Add(json);
        command.Add(html);
    }

    /// <summary>Writes the files that the user named; the console says where the page is.</summary>
    public async Task WriteAsync(
        ParseResult parsed, IAnsiConsole console, Func<FileInfo, Task> writeJson, Func<string> pageOf)
    {
        if (parsed.GetValue(json) is { } file)
        {
            await writeJson(file);
        }

        if (parsed.GetValue(html) is { } page)
        {
            page.Directory?.Create();
            await File.WriteAllTextAsync(page.FullName, pageOf(), CancellationToken.None);
            console.WriteLine($"report: {page.FullName}");
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using MatchCluster.Matching.Tests.Storage;
using ReportPages = MatchCluster.AppHost.ReportPages;

namespace MatchCluster.Grains.Tests.AppHosts;

public sealed class ReportPagesTests
{
    /// <summary>An error there would end the whole app host.</summary>
    [Fact]
    public async Task The_newest_report_is_one_of_ours_whatever_else_lies_in_the_folder()
    {
        using TempDirectory folder = new();
        await using ReportPages pages = new(folder.Path, TimeProvider.System);
        await pages.StartAsync(CancellationToken.None);
        foreach (string other in (string[])
        [
            "capacity-x.html", "capacity-.html", "capacity-zzzz-99-99_99.99.99.999.html", "capacity-.htm", "notes.html",
        ])
        {
            await File.WriteAllTextAsync(folder.File(other), other);
        }

        Assert.Null(pages.Newest());
        string ours = folder.File("capacity-2026-11-30_10.46.00.123.html");
        await File.WriteAllTextAsync(ours, "ours");
        (string address, string time) = pages.Newest()!.Value;
        Assert.Equal("2026-11-30 10.46.00", time);
        using HttpClient http = new();
        Assert.Equal("ours", await http.GetStringAsync(address));
    }

    [Theory]
    [InlineData("/../secret.html", "127.0.0.1")]
    [InlineData("/..%2fsecret.html", "127.0.0.1")]
    [InlineData("/..%5csecret.html", "127.0.0.1")]
    [InlineData("/", "127.0.0.1")]
    [InlineData("/capacity-x.html", "evil.example")]
    public async Task Nothing_outside_the_folder_and_nobody_elses_name_is_served(string path, string host)
    {
        using TempDirectory parent = new();
        await File.WriteAllTextAsync(parent.File("secret.html"), "secret");
        string folder = Directory.CreateDirectory(parent.File("reports")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "capacity-x.html"), "secret");
        await File.WriteAllTextAsync(Path.Combine(folder, "capacity-2026-11-30_10.46.00.123.html"), "ours");
        await using ReportPages pages = new(folder, TimeProvider.System);
        await pages.StartAsync(CancellationToken.None);
        Uri address = new(pages.Newest()!.Value.Address);
        Assert.Equal(IPAddress.Loopback.ToString(), address.Host);

        using TcpClient client = new(address.Host, address.Port);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(client.GetStream());
        string answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
    }
}

using System.Collections.Concurrent;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Commands;
using MatchCluster.LoadTest.Fairness;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Microsoft.AspNetCore.Http;
using Spectre.Console;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class FairnessTests : IDisposable
{
    private static readonly IAnsiConsole Silent = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    private readonly string quiet = Path.GetTempFileName();
    private readonly string noisy = Path.GetTempFileName();

    public FairnessTests()
    {
        File.WriteAllText(quiet, "token-of-quiet\n");
        File.WriteAllText(noisy, "token-of-noisy\n");
    }

    public void Dispose()
    {
        File.Delete(quiet);
        File.Delete(noisy);
    }

    [Fact]
    public async Task Each_partner_asks_by_its_own_token_and_the_report_says_what_each_got_alone_and_together()
    {
        ConcurrentDictionary<string, int> asked = new();
        await using StubServer server = await StubServer.StartAsync(async http =>
        {
            string who = http.Request.Headers.Authorization.ToString();
            asked.AddOrUpdate(who, 1, (_, before) => before + 1);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("[]");
        });
        LoadOptions load = server.Options() with { Duration = TimeSpan.FromMilliseconds(400) };
        FairnessOptions options = new()
        {
            Load = load with { Partners = [PartnerOf($"quiet={quiet}", load), PartnerOf($"noisy={noisy}:2", load)] },
            Rate = 50,
            Factor = 5,
            Rounds = 1,
            MostRatio = 100,
        };
        using ServerClient client = new(options.Load with { Rate = options.MostRate });
        ProbePool pool = ProbePool.Prepare(
            options.Load with { Rate = options.MostRate }, (_, _) => { }, CancellationToken.None);

        FairnessReport report = await new FairnessRun(options, client, pool, Silent).RunAsync(CancellationToken.None);

        Assert.Equal(["Bearer token-of-noisy", "Bearer token-of-quiet"], asked.Keys.Order());
        Assert.Equal(
            ["quiet alone", "noisy alone", "both at their share", "both at their share",
             "noisy asks 5 times its share", "noisy asks 5 times its share"],
            report.Rows.Select(row => row.Situation));
        Assert.All(report.Rows, row => Assert.Equal(row.Searches.Due, row.Searches.Answered));
        Assert.InRange(report.Rows[5].AskedPerSecond / report.Rows[4].AskedPerSecond, 5, 20);
        Assert.True(report.Held, report.Sentence);
        Assert.Equal(0, report.QuietLost);

        string page = FairnessPage.Of(report);
        Assert.Contains("p95 of quiet over time", page, StringComparison.Ordinal);
        Assert.Contains("noisy asks 5 times its share", page, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of", page, StringComparison.Ordinal);
        FileInfo json = new(quiet);
        await ReportJson.WriteAsync(json, report);
        string written = await File.ReadAllTextAsync(quiet);
        Assert.Contains("\"ratioToShares\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_whose_quiet_partner_waits_longer_or_is_refused_does_not_hold()
    {
        FairnessReport fair = new()
        {
            Url = "u",
            Gallery = "g",
            People = 1,
            SecondsOfEach = 1,
            WarmUpSeconds = 0,
            Rounds = 1,
            Factor = 10,
            Quiet = "a",
            Noisy = "b",
            Rows = [],
            BusyCores = new Dictionary<string, double>(),
            Timeline = [],
            RatioToShares = 1.1,
            RatioToAlone = 1.5,
            MostRatio = 1.2,
            QuietLost = 0,
            CutShort = false,
        };
        Assert.True(fair.Held);
        Assert.False((fair with { RatioToShares = 1.21 }).Held);
        Assert.False((fair with { QuietLost = 0.02 }).Held);
        Assert.False((fair with { CutShort = true }).Held);
        Assert.Contains("1.10 times", fair.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quiet", "NAME=TOKENFILE")]
    [InlineData("=x", "NAME=TOKENFILE")]
    [InlineData("a=", "NAME=TOKENFILE")]
    [InlineData("a=/no/such/file", "/no/such/file")]
    [InlineData("a=/no/such/file:0", "the share above 0")]
    public void A_partner_that_cannot_be_read_is_refused_with_what_is_wrong(string text, string expected)
    {
        Assert.False(TokenFile.TryReadPartner(
            text, StubServer.OptionsFor(new Uri("http://127.0.0.1:1")), out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_token_is_refused_and_its_text_not_repeated()
    {
        File.WriteAllText(quiet, "secret words");
        Assert.False(TokenFile.TryRead(quiet, out _, out string? error));
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static Partner PartnerOf(string text, LoadOptions rest)
    {
        Assert.True(TokenFile.TryReadPartner(text, rest, out Partner? partner, out string? error), error);
        return partner;
    }
}

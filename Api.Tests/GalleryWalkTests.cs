using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests;

/// <summary>Who is in a gallery, page by page, while people come and go.</summary>
public sealed class GalleryWalkTests
{
    private const int Page = 3;

    private static string[] Stayers { get; } =
        [.. Enumerable.Range(0, 12).Select(i => $"stay-{(char)('a' + (2 * i))}")];

    /// <summary>
    /// Between two pages somebody who was seen goes, somebody comes before the place and somebody after it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_walk_by_the_last_member_misses_nobody_who_stays_and_one_by_offset_does(bool byMember)
    {
        await using RunningServer server = await RunningServer.StartAsync(new MemoryGalleryStore(3));
        foreach (string person in Stayers.Concat(["go-1", "go-2", "go-3", "go-4"]))
        {
            await EnrolAsync(server, person);
        }

        int turn = 0;
        List<string> seen = await WalkAsync(server, byMember, async () =>
        {
            turn++;
            await server.DeleteAsync($"persons/go-{turn}").StatusAsync();
            await EnrolAsync(server, $"stay-{(char)('a' + (2 * turn))}{turn}");
            await EnrolAsync(server, $"zz-{turn}");
        });

        Assert.InRange(turn, 4, 20);
        string[] missed = [.. Stayers.Except(seen)];
        if (byMember)
        {
            Assert.Empty(missed);
            Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
            Assert.Equal(seen.Distinct().Count(), seen.Count);
        }
        else
        {
            Assert.NotEmpty(missed);
        }
    }

    /// <summary>Whatever a writer does meanwhile, at any moment.</summary>
    [Fact]
    public async Task Walks_beside_a_writer_see_everybody_who_stays_once()
    {
        await using RunningServer server = await RunningServer.StartAsync(new MemoryGalleryStore(3));
        foreach (string person in Stayers)
        {
            await EnrolAsync(server, person);
        }

        using CancellationTokenSource ended = new();
        int written = 0;
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; !ended.IsCancellationRequested; i++)
            {
                string person = $"stay-{(char)('a' + (i % 25))}-{i}";
                await EnrolAsync(server, person);
                Assert.Equal(204, await server.DeleteAsync($"persons/{person}").StatusAsync());
                Interlocked.Increment(ref written);
            }
        });
        for (int walk = 0; walk < 10 || Volatile.Read(ref written) < 10; walk++)
        {
            List<string> seen = await WalkAsync(server, byMember: true, () => Task.CompletedTask);
            Assert.Empty(Stayers.Except(seen));
            Assert.Equal(seen.Distinct().Count(), seen.Count);
            Assert.False(writer.IsFaulted, writer.Exception?.ToString());
        }

        await ended.CancelAsync();
        await writer;
    }

    [Theory]
    [InlineData("afterPersonId=a", FailureCode.InvalidIdentifier)]
    [InlineData("afterEncounterId=E", FailureCode.InvalidIdentifier)]
    [InlineData("afterPersonId=a&afterEncounterId=", FailureCode.InvalidIdentifier)]
    [InlineData("afterPersonId=a&afterEncounterId=E&offset=1", FailureCode.InvalidParameter)]
    internal async Task Half_a_place_is_no_place(string query, FailureCode code)
    {
        await using RunningServer server = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        await EnrolAsync(server, "a");
        await server.GetAsync($"galleries/G?{query}").ErrorAsync(400, code);
    }

    private static async Task EnrolAsync(RunningServer server, string person) =>
        await server.PostAsync($"persons/{person}/encounters/E", Bodies.Encounter("G", [])).OkAsync();

    private static async Task<List<string>> WalkAsync(RunningServer server, bool byMember, Func<Task> between)
    {
        List<string> seen = [];
        string place = "";
        while (true)
        {
            JsonArray page = (await server.GetAsync($"galleries/G?limit={Page}{place}").OkAsync()).AsArray();
            seen.AddRange(page.Select(one => (string)one!["personId"]!));
            if (page.Count < Page)
            {
                return seen;
            }

            place = byMember
                ? $"&afterPersonId={page[^1]!["personId"]}&afterEncounterId={page[^1]!["encounterId"]}"
                : $"&offset={seen.Count}";
            await between();
        }
    }
}

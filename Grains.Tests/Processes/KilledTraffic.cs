using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Feeds;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// What callers do with one gallery while members of its cluster are killed: some enrol whoever is unique, each person
/// twice at once; some enrol, change and delete; one follows the change log and replays it.
/// </summary>
internal sealed class KilledTraffic(KilledCluster cluster) : IDisposable
{
    /// <summary>The gallery.</summary>
    public const string Gallery = "demo";

    private const int Uniques = 3;
    private const int Others = 10_000;

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<int, (string Person, string Encounter)> enrolled = new();
    private readonly ConcurrentDictionary<string, bool> others = new();
    private Task[] running = [];
    private int next = -1;

    /// <summary>One for each person who is through.</summary>
    public SemaphoreSlim Acks { get; } = new(0);

    /// <summary>What the follower of the log knows; null before it began.</summary>
    public FeedReplica? Replica { get; private set; }

    /// <summary>The persons who were enrolled because nobody was like them, with the ids that they got.</summary>
    public IReadOnlyDictionary<int, (string Person, string Encounter)> Enrolled => enrolled;

    /// <summary>Everybody who must be in the gallery.</summary>
    public IEnumerable<(string Person, string Encounter)> Members =>
        [.. enrolled.Values, .. others.Where(one => one.Value).Select(one => (one.Key, "E"))];

    public void Start() => running =
    [
        .. Enumerable.Range(0, Uniques).Select(_ => Task.Run(
            () => RepeatAsync(() => EnrolTwinsAsync(Interlocked.Increment(ref next))))),
        Task.Run(ChangeAsync),
        Task.Run(() => RepeatAsync(FollowAsync)),
    ];

    /// <summary>Waits for somebody to be through; what went wrong meanwhile is thrown.</summary>
    public async Task AckAsync()
    {
        Task<bool> ack = Acks.WaitAsync(TimeSpan.FromMinutes(3));
        await await Task.WhenAny([ack, .. running]);
        Assert.True(await ack, "nobody is enrolled");
    }

    /// <summary>Ends everything that was begun.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running);
        await FollowAsync();
    }

    /// <summary>Enrols both captures of a person at once; one of them is told the other.</summary>
    public async Task EnrolTwinsAsync(int person)
    {
        JsonNode[] answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(async capture =>
            (await cluster.AskAsync(
                HttpMethod.Post, $"/mc/v1/enrol-if-unique?transactionId=u{person}-{capture}&threshold=60",
                Bodies.Encounter(Gallery, Bodies.Samples(person, capture))))!));
        JsonNode one = Assert.Single(answers, answer => (string)answer["outcome"]! == "enrolled");
        JsonNode other = Assert.Single(answers, answer => (string)answer["outcome"]! == "duplicate");
        Assert.Equal((string)one["personId"]!, (string)other["candidates"]![0]!["personId"]!);
        enrolled[person] = ((string)one["personId"]!, (string)one["encounterId"]!);
        Acks.Release();
    }

    public void Dispose()
    {
        stopping.Dispose();
        Acks.Dispose();
    }

    private async Task RepeatAsync(Func<Task> once)
    {
        while (!stopping.IsCancellationRequested)
        {
            await once();
        }
    }

    /// <summary>Creates, changes and deletes; what may have been done before an answer is asked again.</summary>
    private async Task ChangeAsync()
    {
        for (int n = 0; !stopping.IsCancellationRequested; n++)
        {
            string person = $"M-{n}";
            string path = $"/v1/persons/{person}/encounters/E";
            await cluster.AskAsync(
                HttpMethod.Post, $"{path}?transactionId=c{n}",
                Bodies.Encounter(Gallery, [Bodies.Finger(Others + n, 2)]));
            others[person] = true;
            if (n % 3 == 1)
            {
                await cluster.AskAsync(HttpMethod.Put, $"{path}/status?status=INACTIVE&transactionId=s{n}");
            }
            else if (n % 3 == 2)
            {
                await cluster.AskAsync(HttpMethod.Delete, $"{path}?transactionId=d{n}", also: 404);
                others[person] = false;
            }
        }
    }

    /// <summary>Reads on until the end of the log, and replays it.</summary>
    private async Task FollowAsync()
    {
        while (true)
        {
            JsonNode page = (await cluster.AskAsync(
                HttpMethod.Get,
                $"/mc/v1/galleries/{Gallery}/changes?limit=50&wait=1&after={Replica?.Last ?? 0}"))!;
            Replica ??= new FeedReplica(Gallery, new FeedKey(Convert.FromBase64String((string)page["stateKey"]!)));
            Replica.Follow(new ChangePage(
                new ChangePosition((long)page["first"]!, (long)page["last"]!, null),
                [.. page["changes"]!.AsArray().Select(one => ChangeOf(one!))]));
            if (Replica.Last == (long)page["last"]!)
            {
                if ((string?)page["state"] is { } state)
                {
                    Assert.Equal(state, Replica.State.Hash.ToString());
                }

                return;
            }
        }
    }

    private static Change ChangeOf(JsonNode one) => new(
        (long)one["sequence"]!, Enum.Parse<ChangeKind>((string)one["kind"]!, ignoreCase: true),
        (string)one["personId"]!, (string)one["encounterId"]!, (Guid)one["recordId"]!,
        (DateTimeOffset)one["at"]!)
    {
        State = (string?)one["state"] is { } state
            ? new GalleryState(new StateHash(Convert.FromHexString(state)), (long)one["encounters"]!) : null,
    };
}

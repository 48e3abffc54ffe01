using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// Every door that answers from a gallery, asked under each profile: nothing leaves that the profile does not release,
/// in a body or a header.
/// </summary>
public sealed partial class ReleaseDoorTests : IAsyncLifetime
{
    private const int People = 6;
    private const int Draws = 4;

    private static readonly string[] Galleries = ["gallery-amber", "gallery-basalt", "gallery-cobalt"];

    private readonly string directory = Directory.CreateTempSubdirectory("release-").FullName;
    private Server server = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 2,
            Audit = new AuditSettings(),
        };
        server = await Server.StartAsync(new MemoryGalleryStore(2), options, LogLevel.None, CancellationToken.None);
        await server.Loaded;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        for (int i = 0; i < People; i++)
        {
            JsonObject body = Bodies.Encounter(Galleries[i % Galleries.Length], Bodies.Samples(i / 2));
            await http.PostAsJsonAsync(
                RunningServer.V1($"persons/{PersonOf(i)}/encounters/{EncounterOf(i)}"), body).OkAsync();
        }
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_is_sent_back_is_a_subset_of_what_the_profile_releases_at_every_door()
    {
        Random random = new(17);
        for (int i = 0; i < Draws; i++)
        {
            int person = random.Next(People / 2);
            foreach (Door door in DoorsOf(person, $"{random.Next(0, 30)}"))
            {
                Sent whole = await SendAsync(door, ReleaseProfile.Full);
                Assert.True(whole.Status == 200, $"{door.Name}: {whole.Status}: {whole.Body}");
                foreach (ReleaseProfile profile in Enum.GetValues<ReleaseProfile>())
                {
                    Sent cut = await SendAsync(door, profile);
                    AssertIsSubset(door, profile, whole, cut);
                    DoorMembers.AssertReleased(door.Name, profile, cut.Status == 200 ? cut.Body : "", cut.Headers);
                }
            }
        }

        string metrics = await http.GetStringAsync("/metrics");
        Assert.All(Forbidden(ReleaseProfile.Hit, ""), text => Assert.DoesNotContain(text, metrics, Ordinal));
    }

    [Fact]
    public void Every_member_and_header_of_an_answer_has_a_profile() => DoorMembers.AssertComplete();

    [Fact]
    public async Task A_hit_has_one_reference_whoever_and_however_many_it_is_about()
    {
        List<JsonNode> hits = [];
        foreach (int most in (int[])[1, 10])
        {
            Sent sent = await SendAsync(
                new Door("identify", $"v1/identify/ALL?transactionId=T&threshold=0&maxNbCand={most}",
                    Bodies.Identify(Bodies.Samples(0, 1))), ReleaseProfile.Hit);
            JsonNode hit = Assert.Single(JsonNode.Parse(sent.Body)!.AsArray())!;
            Assert.Equal((1, 0.0, "hit"), (
                (int)hit["rank"]!, (double)hit["score"]!, (string)hit["others"]!["release"]!));
            Assert.Equal((double)People, (double)hit["others"]!["identitiesSearched"]!);
            hits.Add(hit);
        }

        Assert.NotEqual((string)hits[0]["personId"]!, (string)hits[1]["personId"]!);
        foreach (JsonNode hit in hits)
        {
            hit["personId"] = "";
        }

        Assert.Equal(hits[0].ToJsonString(), hits[1].ToJsonString());
    }

    [Fact]
    public async Task Opaque_ids_are_stable_for_a_caller_and_survive_a_restart_with_their_key()
    {
        string first = await IdAsync(ReleaseProfile.Candidates);
        Assert.Equal(first, await IdAsync(ReleaseProfile.Scores));
        byte[] key = await File.ReadAllBytesAsync(Path.Combine(directory, SecretFile.ReferenceKeyName));
        Assert.Equal(new PartnerIds(() => key).OfPerson("", PersonOf(0)), first);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(directory, SecretFile.ReferenceKeyName)));
        }
    }

    [Fact]
    public async Task The_record_of_a_search_knows_the_person_whatever_the_profile_released()
    {
        foreach (ReleaseProfile profile in (ReleaseProfile[])[ReleaseProfile.Hit, ReleaseProfile.Candidates])
        {
            await SendAsync(DoorsOf(0, "20").First(), profile);
        }

        string[] rows = (await http.GetStringAsync($"/mc/v1/audit?person={PersonOf(0)}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, rows.Count(row => (string)JsonNode.Parse(row)!["operation"]! == "identify"));
    }

    [Theory]
    [InlineData("MC-Release", "Hit")]
    [InlineData("MC-Release", "0")]
    [InlineData("MC-Release", "hits")]
    [InlineData("MC-Release", "")]
    [InlineData("MC-No-Retain", "1")]
    [InlineData("MC-No-Retain", "True")]
    public async Task A_word_that_is_not_understood_is_refused_and_nothing_is_released(string header, string word)
    {
        foreach (Door door in DoorsOf(0, "20"))
        {
            using HttpRequestMessage request = door.Request();
            request.Headers.TryAddWithoutValidation(header, word);
            using HttpResponseMessage response = await http.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode == 400, $"{door.Name}: {body}");
            Assert.Contains($"{(int)FailureCode.InvalidParameter}", body, Ordinal);
            Assert.DoesNotContain("PERSON", body, Ordinal);
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static string PersonOf(int i) => $"PERSON-{i}-OF-THE-GALLERY";

    private static string EncounterOf(int i) => $"ENCOUNTER-{i}-OF-THE-GALLERY";

    private async Task<string> IdAsync(ReleaseProfile profile)
    {
        Sent sent = await SendAsync(
            new Door("identify", $"v1/identify/{Galleries[0]}?transactionId=T&threshold=20",
                Bodies.Identify(Bodies.Samples(0, 1))), profile);
        return (string)JsonNode.Parse(sent.Body)![0]!["personId"]!;
    }

    /// <summary>One way to ask; its path and body are the caller's own and may name whom it likes.</summary>
    private sealed record Door(string Name, string Path, JsonNode? Body, bool IsStream = false)
    {
        public HttpRequestMessage Request() => new(HttpMethod.Post, Path)
        {
            Content = Body is null ? null : new StringContent(
                Body.ToJsonString(), Encoding.UTF8, IsStream ? "application/x-ndjson" : "application/json"),
        };
    }

    private sealed record Sent(int Status, string Body, IReadOnlyList<string> Headers)
    {
        public string All { get; } = Body + "\n" + string.Join('\n', Headers);
    }

    private static IEnumerable<Door> DoorsOf(int person, string threshold)
    {
        JsonArray probe = Bodies.Samples(person, 1);
        string asked = $"transactionId=T&threshold={threshold}";
        int enrolled = 2 * person;
        yield return new("identify", $"v1/identify/ALL?{asked}", Bodies.Identify(probe));
        yield return new("identifyFromId", $"v1/identify/ALL/{PersonOf(enrolled)}?{asked}", null);
        yield return new(
            "identifyFromEncounterId",
            $"v1/identify/ALL/{PersonOf(enrolled)}/encounters/{EncounterOf(enrolled)}?{asked}", null);
        yield return new("verifyFromId", $"v1/verify/ALL/{PersonOf(enrolled)}?{asked}", new JsonObject
        {
            ["biometricData"] = probe.DeepClone(),
        });
        yield return new("verifyFromBio", $"v1/verify?{asked}", new JsonObject
        {
            ["biometricData1"] = probe.DeepClone(),
            ["biometricData2"] = Bodies.Samples(person),
        });
        yield return new("batchIdentify", "mc/v1/identify/ALL", new JsonObject
        {
            ["id"] = "Q",
            ["threshold"] = double.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture),
            ["biometricData"] = probe.DeepClone(),
        }, IsStream: true);
        yield return new(
            "explainCandidate", $"mc/v1/explain/ALL/{PersonOf(enrolled)}/{EncounterOf(enrolled)}", new JsonObject
            {
                ["biometricData"] = probe.DeepClone(),
            });
    }

    private async Task<Sent> SendAsync(Door door, ReleaseProfile profile)
    {
        using HttpRequestMessage request = door.Request();
        request.Headers.Add(StatedUse.ReleaseHeader, ReleaseWords.Of(profile));
        using HttpResponseMessage response = await http.SendAsync(request);
        return new Sent(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            [
                .. response.Headers.Concat(response.Content.Headers)
                    .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"),
            ]);
    }

    private static void AssertIsSubset(Door door, ReleaseProfile profile, Sent whole, Sent cut)
    {
        if (door.Name == "explainCandidate" && profile < ReleaseProfile.Full)
        {
            Assert.Equal(403, cut.Status);
            Assert.Contains($"{(int)FailureCode.ReleaseTooSmall}", cut.Body, Ordinal);
        }
        else
        {
            Assert.True(cut.Status == 200, $"{door.Name} {profile}: {cut.Status} {cut.Body}");
        }

        foreach (string text in Forbidden(profile, whole.Body))
        {
            Assert.False(cut.All.Contains(text, Ordinal), $"{door.Name} under {profile} shows {text}: {cut.All}");
        }
    }

    /// <summary>What of a whole answer may not occur anywhere in the answer under a profile.</summary>
    private static IEnumerable<string> Forbidden(ReleaseProfile profile, string whole)
    {
        if (profile == ReleaseProfile.Full)
        {
            return [];
        }

        IEnumerable<string> ids = Enumerable.Range(0, People).SelectMany(i => new[] { PersonOf(i), EncounterOf(i) })
            .Concat(Galleries);

        // Long digit strings cannot occur by chance. The FPIR of a line, after its threshold, is of no candidate.
        IEnumerable<string> numbers = Number().Matches(whole).Select(match => match.Groups["number"].Value)
            .Where(number => number.Length >= 7);
        return ids.Concat(profile >= ReleaseProfile.Scores ? [] : numbers);
    }

    [GeneratedRegex("(?<!\"threshold\":[0-9.]+,)\"(score|raw|normalised|fpir|similarity)\":(?<number>[0-9.eE+-]+)")]
    private static partial Regex Number();
}

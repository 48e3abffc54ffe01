using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Grains.Tests.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>A cluster whose silos have a master key; its front end has none.</summary>
public sealed class EncryptedClusterTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task A_gallery_is_deleted_through_the_front_end_with_the_keys_that_the_silos_share()
    {
        string key = Path.Combine(directory, "master.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        }

        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess one = MemberProcess.Start(
            "silo-1", "Silo", redis.Port, "--partitions", "2", "--master-key", key);
        await using MemberProcess api = MemberProcess.Start("api-1", "Api", redis.Port, "--cluster");
        using HttpClient http = new() { BaseAddress = await api.AddressAsync() };
        http.Timeout = TimeSpan.FromMinutes(2);
        foreach (int person in Enumerable.Range(0, 6))
        {
            JsonObject body = Bodies.Encounter(person < 4 ? "A" : "B", [Bodies.Finger(person, 2)]);
            body["galleries"]!.AsArray().Add(person is 3 or 4 ? "AB" : "other");
            using HttpResponseMessage stored = await http.PostAsync(
                $"/v1/persons/P-{person}/encounters/E?transactionId=T{person}", JsonContent.Create(body));
            Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync());
        }

        Assert.Equal(["A", "AB", "B", "other"], await GalleriesWithKeysAsync(http));
        using (HttpResponseMessage rotated = await http.PostAsync("/mc/v1/galleries/B/key", null))
        {
            JsonNode answer = JsonNode.Parse(await rotated.Content.ReadAsStringAsync())!;
            Assert.True(rotated.IsSuccessStatusCode, answer.ToJsonString());
            Assert.Equal(2, (int)answer["number"]!);
        }

        using (HttpResponseMessage deleted = await http.DeleteAsync("/mc/v1/galleries/other"))
        {
            JsonNode answer = JsonNode.Parse(await deleted.Content.ReadAsStringAsync())!;
            Assert.True(deleted.IsSuccessStatusCode, answer.ToJsonString());
            Assert.Equal((0, 4, true), (
                (int)answer["deleted"]!, (int)answer["left"]!, (bool)answer["keyDestroyed"]!));
        }

        using (HttpResponseMessage deleted = await http.DeleteAsync("/mc/v1/galleries/A"))
        {
            JsonNode answer = JsonNode.Parse(await deleted.Content.ReadAsStringAsync())!;
            Assert.True(deleted.IsSuccessStatusCode, answer.ToJsonString());
            Assert.Equal((3, 1, true), (
                (int)answer["deleted"]!, (int)answer["left"]!, (bool)answer["keyDestroyed"]!));
        }

        Assert.Equal(["AB", "B", "B"], await GalleriesWithKeysAsync(http));
        Assert.Equal(404, (int)(await http.GetAsync("/v1/persons/P-0/encounters/E?transactionId=R")).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/v1/persons/P-3/encounters/E?transactionId=R")).StatusCode);
        Assert.Null(ClearText.IsIn(redis.Files, [.. Enumerable.Range(0, 6).Select(Enrolled)]));

        // A silo that has no key would write in the clear beside the others.
        await using MemberProcess keyless = MemberProcess.Start("silo-2", "Silo", redis.Port);
        Assert.Equal(2, await keyless.EndAsync());
    }

    private static async Task<string[]> GalleriesWithKeysAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync("/mc/v1/keys");
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. JsonNode.Parse(text)!["keys"]!.AsArray().Select(key => (string)key!["galleryId"]!)];
    }

    private static Encounter Enrolled(int person) => SomeEncounters.Sized($"P-{person}", "E", 20) with
    {
        Samples =
        [
            new Sample
            {
                Position = BiometricPosition.OfFinger(2),
                Format = TemplateFormat.Iso19794v2005,
                Template = Convert.FromBase64String((string)Bodies.Finger(person, 2)["template"]!),
            },
        ],
    };
}

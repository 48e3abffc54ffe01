using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MatchCluster.Api.Options;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Retention;

/// <summary>Receipts of deletions: what they state, who gets one, and that no other text verifies.</summary>
public sealed class ReceiptTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("receipts-").FullName;

    private string PublicKey => Path.Combine(directory, Receipts.PublicName);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_receipt_verifies_and_a_changed_one_or_another_key_does_not()
    {
        using Receipts receipts = Receipts.Open(named: null, directory)!;
        JsonObject stated = new() { ["v"] = 1, ["person"] = "P-\u00e4", ["galleries"] = new JsonArray("G") };
        string receipt = receipts.Sign(stated);
        using ECDsa key = SigningKeyFile.ReadPublic(PublicKey);
        Assert.True(JsonNode.DeepEquals(stated, Receipts.Verify(receipt, key)));

        for (int i = 0; i < receipt.Length; i++)
        {
            char other = receipt[i] == 'A' ? 'B' : 'A';
            Assert.Null(Receipts.Verify(receipt[..i] + other + receipt[(i + 1)..], key));
            Assert.Null(Receipts.Verify(receipt[..i], key));
        }

        using ECDsa anyOther = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(Receipts.Verify(receipt, anyOther));
    }

    [Fact]
    public void A_key_that_was_made_is_its_owners_alone_and_is_used_again()
    {
        string named = Path.Combine(directory, "mine.pem");
        string first;
        using (Receipts receipts = Receipts.Open(named, directory: null)!)
        {
            first = receipts.Sign([]);
        }

        Assert.Equal("mine.pem,mine.public.pem", string.Join(
            ',', Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(named));
        }

        using Receipts again = Receipts.Open(named, directory: null)!;
        using ECDsa key = SigningKeyFile.ReadPublic(Path.Combine(directory, "mine.public.pem"));
        Assert.NotNull(Receipts.Verify(first, key));
        Assert.NotNull(Receipts.Verify(again.Sign([]), key));

        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(named, large.ExportPkcs8PrivateKeyPem());
        StoreException refused = Assert.Throws<StoreException>(() => Receipts.Open(named, directory: null));
        Assert.Contains("found a key of 384 bits", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_deletion_is_answered_with_what_its_galleries_hold_after_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new MemoryGalleryStore(RunningServer.Partitions), data: directory);
        foreach ((string person, string encounter) in new[]
            { ("A", "E1"), ("A", "E2"), ("B", "E1"), ("C", "E1"), ("C", "E2"), ("D", "E1") })
        {
            await EnrolAsync(server, person, encounter, encounter == "E1" ? ["G"] : ["G", "H"]);
        }

        JsonObject one = await DeletedAsync(server, "/v1/persons/A/encounters/E2?transactionId=T");
        Assert.Equal("deleteEncounter A E2", Named(one));
        await AssertHoldAsync(server, one, ("G", 5), ("H", 1));
        JsonObject all = await DeletedAsync(server, "/v1/persons/A?transactionId=T");
        Assert.Equal("deleteAll A ", Named(all));
        await AssertHoldAsync(server, all, ("G", 4));
        JsonObject held = await DeletedAsync(server, "/mc/v1/encounters?personId=C&encounterId=E1");
        Assert.Equal("deleteHeldEncounter C E1", Named(held));
        JsonObject last = await DeletedAsync(server, "/mc/v1/persons?personId=C");
        Assert.Equal("deleteHeldPerson C ", Named(last));

        // A gallery without encounters does not exist for a read; its state is that of nothing.
        Assert.Equal(
            """[{"gallery":"G","encounters":2},{"gallery":"H","encounters":0}]""",
            new JsonArray([.. last["galleries"]!.AsArray().Select(one => new JsonObject
            {
                ["gallery"] = (string?)one!["gallery"],
                ["encounters"] = (long?)one["encounters"],
            })]).ToJsonString());
        Assert.Equal(new string('0', 64), (string?)last["galleries"]![1]!["hash"]);

        using HttpResponseMessage nobody = await server.Http.DeleteAsync("/v1/persons/A?transactionId=T");
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.False(nobody.Headers.Contains(Deletions.Header));
    }

    [Fact]
    public async Task Many_galleries_are_cut_and_counted()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new MemoryGalleryStore(RunningServer.Partitions), data: directory);
        await EnrolAsync(server, "A", "E1", [.. Enumerable.Range(0, 20).Select(i => $"G{i:00}")]);
        JsonObject receipt = await DeletedAsync(server, "/v1/persons/A?transactionId=T");
        Assert.Equal(16, receipt["galleries"]!.AsArray().Count);
        Assert.Equal(4, (int)receipt["galleriesLeftOut"]!);
    }

    [Fact]
    public async Task The_command_prints_what_a_receipt_states_or_fails()
    {
        string file = Path.Combine(directory, "receipt");
        using (Receipts receipts = Receipts.Open(named: null, directory)!)
        {
            await File.WriteAllTextAsync(file, receipts.Sign(new JsonObject { ["person"] = "P" }) + "\n");
        }

        Assert.Equal(0, await VerifyAsync(file, PublicKey));
        await File.WriteAllTextAsync(file, "e30." + (await File.ReadAllTextAsync(file)).Split('.', 2)[1]);
        Assert.Equal(ReceiptCommand.Refused, await VerifyAsync(file, PublicKey));
        Assert.Equal(CommandLine.CannotStart, await VerifyAsync(file, Path.Combine(directory, "missing.pem")));
    }

    private static Task<int> VerifyAsync(string file, string key) => CommandLine.RunAsync(
        ["receipt", "verify", file, "--public-key", key], TextWriter.Null,
        (_, _) => throw new InvalidOperationException("a command starts no server"));

    private static string Named(JsonObject receipt) =>
        $"{receipt["operation"]} {receipt["person"]} {receipt["encounter"]}";

    private static async Task EnrolAsync(RunningServer server, string person, string encounter, string[] galleries)
    {
        JsonObject body = Bodies.Encounter("receipt", [Bodies.Finger(5, 2)]);
        body["galleries"] = new JsonArray([.. galleries.Select(name => (JsonNode?)name)]);
        using HttpResponseMessage answer = await server.Http.PostAsJsonAsync(
            RunningServer.V1($"persons/{person}/encounters/{encounter}"), body);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<JsonObject> DeletedAsync(RunningServer server, string path)
    {
        using HttpResponseMessage answer = await server.Http.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using ECDsa key = SigningKeyFile.ReadPublic(PublicKey);
        return Assert.IsType<JsonObject>(Receipts.Verify(answer.Headers.GetValues(Deletions.Header).Single(), key));
    }

    private static async Task AssertHoldAsync(
        RunningServer server, JsonObject receipt, params (string Name, long Encounters)[] wanted)
    {
        JsonArray galleries = receipt["galleries"]!.AsArray();
        Assert.Equal(wanted, galleries.Select(one => ((string)one!["gallery"]!, (long)one["encounters"]!)));
        foreach (JsonNode? one in galleries)
        {
            JsonNode now = (await server.Http.GetFromJsonAsync<JsonNode>($"/mc/v1/galleries/{one!["gallery"]}"))!;
            Assert.Equal((string?)now["state"], (string?)one["hash"]);
        }
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Outgoing;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Images;

/// <summary>imageRef is fetched from listed servers alone, and leads nowhere else.</summary>
public sealed class ImageRefTests : IAsyncLifetime
{
    private readonly HeldPictures held = new();
    private readonly WebApplication pictures;
    private RunningServer server = new();

    public ImageRefTests() => pictures = Pictures(held);

    public async Task InitializeAsync()
    {
        await pictures.StartAsync();
        server = await RunningServer.StartAsync(ImageSettings.Default with
        {
            Extractor = modality => modality == Modality.Finger ? new FakeExtractor() : null,
            Origins = Origins.Read(pictures.Urls.First())!,
        });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await pictures.DisposeAsync();
    }

    [Fact]
    public async Task A_picture_of_a_listed_server_is_extracted()
    {
        JsonNode ids = await SendAsync("ok?id=3").OkAsync();
        Assert.Equal(60, (int)ids["others"]!["extracted"]![0]!["quality"]!);
        Assert.Null(ids["others"]!["notStored"]);
    }

    [Theory]
    [InlineData("gone", "answers 404")]
    [InlineData("redirect", "answers 302")]
    [InlineData("large", "more than 8388608 bytes")]
    [InlineData("endless", "more than 8388608 bytes")]
    [InlineData("broken", "cannot be reached")]
    public async Task What_a_server_does_wrong_is_said_without_the_address(string path, string why)
    {
        string message = await SendAsync(path).ErrorAsync(400, FailureCode.ImageNotFetched);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_many_pictures_are_fetched_at_once_even_for_a_stream()
    {
        await server.PostAsync("persons/F/encounters/E", Bodies.Encounter("H", [Bodies.Finger(3, 2)])).OkAsync();
        JsonObject item = Item($"{pictures.Urls.First()}/held");
        JsonObject line = new() { ["id"] = "a", ["biometricData"] = new JsonArray(item) };
        string lines = string.Concat(Enumerable.Repeat(line.ToJsonString() + "\n", 60));
        using StringContent first = new(lines, Encoding.UTF8, "application/x-ndjson");
        using StringContent second = new(lines, Encoding.UTF8, "application/x-ndjson");
        HttpResponseMessage[] answers = await Task.WhenAll(
            server.Http.PostAsync("/mc/v1/identify/H", first), server.Http.PostAsync("/mc/v1/identify/H", second));
        foreach (HttpResponseMessage answer in answers)
        {
            string all = await answer.Content.ReadAsStringAsync();
            Assert.True(all.Split("\"features\"").Length == 61, all);
            answer.Dispose();
        }

        Assert.Equal(ImageItems.MostFetched, held.Most);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user@ORIGIN/ok")]
    [InlineData("https://ORIGIN/ok")]
    [InlineData("http://ORIGIN.example.org/ok")]
    [InlineData("/ok")]
    public async Task Any_other_address_is_left_out_and_never_asked(string address)
    {
        Uri origin = new(pictures.Urls.First());
        JsonObject item = Item(address.Replace("ORIGIN", origin.Authority, StringComparison.Ordinal));
        JsonNode ids = await server.PostAsync(
            "persons/other/encounters/E", Bodies.Encounter("G", [Bodies.Finger(1, 3), item])).OkAsync();
        Assert.Equal("biometricData[1]: imageRef", (string)Assert.Single(ids["others"]!["notStored"]!.AsArray())!);
        await server.Http.DeleteAsync(RunningServer.V1("persons/other"));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("203.0.113.9", true)]
    public void A_name_may_not_lead_to_this_machine_or_to_link_local_addresses(string address, bool isElsewhere) =>
        Assert.Equal(isElsewhere, AddressRanges.IsElsewhere(IPAddress.Parse(address)));

    [Fact]
    public void Nor_may_it_lead_to_this_machine_by_the_address_of_a_network_card()
    {
        IPAddress[] own =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(each => each.Address),
        ];
        Assert.NotEmpty(own);
        Assert.All(own, address => Assert.False(AddressRanges.IsElsewhere(address), $"{address}"));
    }

    [Theory]
    [InlineData("https://images.example.org;http://10.0.0.5:8080", 2)]
    [InlineData("", 0)]
    [InlineData("https://images.example.org/folder", -1)]
    [InlineData("https://user:pass@images.example.org", -1)]
    [InlineData("ftp://images.example.org", -1)]
    [InlineData("images.example.org", -1)]
    public void Listed_servers_are_schemes_hosts_and_ports(string list, int count) =>
        Assert.Equal(count, Origins.Read(list)?.Count ?? -1);

    private Task<HttpResponseMessage> SendAsync(string path) => server.PostAsync(
        "persons/P/encounters/E", Bodies.Encounter("G", [Item($"{pictures.Urls.First()}/{path}")]));

    private static JsonObject Item(string address) => new()
    {
        ["biometricType"] = "FINGER",
        ["biometricSubType"] = "RIGHT_INDEX",
        ["imageRef"] = address,
    };

    private static WebApplication Pictures(HeldPictures held)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.MapGet("/ok", (int id) => Results.Bytes(FakeExtractor.Picture(id)));
        app.MapGet("/held", async () => Results.Bytes(await held.TakeAsync()));
        app.MapGet("/redirect", () => Results.Redirect("/ok?id=3"));
        app.MapGet("/large", (HttpContext http) =>
        {
            http.Response.ContentLength = ImageLimits.MostFileBytes + 1L;
            return http.Response.Body.WriteAsync(new byte[1]).AsTask();
        });
        app.MapGet("/endless", async (HttpContext http) =>
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 64 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await http.Response.Body.WriteAsync(block);
            }
        });
        app.MapGet("/broken", (HttpContext http) => http.Abort());
        return app;
    }

    /// <summary>Answers only when as many are asked for as may be, and counts how many are.</summary>
    private sealed class HeldPictures
    {
        private readonly TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock gate = new();
        private int now;

        public int Most { get; private set; }

        public async Task<byte[]> TakeAsync()
        {
            lock (gate)
            {
                Most = Math.Max(Most, ++now);
                if (now == ImageItems.MostFetched)
                {
                    full.TrySetResult();
                }
            }

            await full.Task;
            lock (gate)
            {
                now--;
            }

            return FakeExtractor.Picture(3);
        }
    }
}

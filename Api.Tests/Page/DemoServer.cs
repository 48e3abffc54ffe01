using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Demo;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Page;

/// <summary>A server with the first people of the demo.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private const int Enrolled = 3;

    private RunningServer? server;

    public HttpClient Http => server!.Http;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new MemoryGalleryStore(2));
        JsonSerializerOptions options = new() { TypeInfoResolver = OsiaJson.Default };
        OsiaJson.Configure(options);
        DemoPeople people = new(only: null);
        for (int index = 0; index < Enrolled; index++)
        {
            OsiaEncounter encounter = AnswerWriter.Of(people.Enrolment(index, DateTimeOffset.UnixEpoch)) with
            {
                CreatedDate = null,
                UpdatedDate = null,
            };
            await server.PostAsync(
                $"persons/{people.IdOf(index)}/encounters/{encounter.EncounterId}",
                JsonSerializer.SerializeToNode(encounter, options)).OkAsync();
        }
    }

    public async Task DisposeAsync() => await server!.DisposeAsync();

    public Task<JsonNode> ReadAsync(string path) => Http.GetAsync(path).OkAsync();
}

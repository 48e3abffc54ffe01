using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Api.Tests.Images;

/// <summary>
/// A server that keeps pictures is killed in the middle of enrolments: no record is there without its picture, no
/// picture without its record, and what was acked is there whole.
/// </summary>
public sealed class KilledPictureTests : IDisposable
{
    private const int Kills = 4;
    private const int Callers = 4;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly ConcurrentDictionary<string, byte[]> sent = new();
    private readonly ConcurrentDictionary<string, bool> acked = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Every_record_has_its_picture_and_every_picture_its_record()
    {
        string key = Path.Combine(directory, "master.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        string data = Path.Combine(directory, "data");
        for (int round = 0; round < Kills; round++)
        {
            using ServerProcess server = ServerProcess.Start(
                "--data", data, "--partitions", "2", "--master-key", key, "--keep-pictures", "K,L");
            using HttpClient http = await server.ReadyAsync();
            using SemaphoreSlim acks = new(0);
            using CancellationTokenSource ending = new();
            Task[] callers = [.. Enumerable.Range(0, Callers).Select(
                caller => CallAsync(http, $"r{round}-c{caller}", acks, ending.Token))];
            for (int wait = 3 + (5 * round); wait > 0; wait--)
            {
                Assert.True(await acks.WaitAsync(TimeSpan.FromSeconds(60)), "no ack comes");
            }

            await server.KillAsync();
            await ending.CancelAsync();
            await Task.WhenAll(callers);
        }

        await using SqliteGalleryStore store =
            await SqliteGalleryStore.OpenAsync(data, null, 2, default, MasterKeySource.OfFile(key));
        HashSet<string> there = [];
        int wanted = 0;
        for (int number = 0; number < store.PartitionCount; number++)
        {
            PartitionId partition = new(number);
            await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(partition, default))
            {
                foreach (StoredEncounter stored in chunk)
                {
                    there.Add(stored.PersonId);
                    wanted += stored.Content.Value!.Pictures.Count;
                    Decoded<Encounter> whole = await store.ReadPicturesAsync(partition, stored.Content.Value, default);
                    Assert.True(whole.IsAccepted, $"{stored.PersonId}: {whole.Rejection}");
                    Assert.Equal(
                        sent[stored.PersonId], Assert.Single(whole.Value.Pictures).Content.ToArray());
                }
            }
        }

        Assert.Empty(acked.Keys.Except(there));
        Assert.True(acked.Count >= Kills);
        long rows = -1;
        await store.RunOnWriterAsync(connection => rows = Rows(connection));
        Assert.Equal(wanted, rows);
    }

    private static long Rows(SqliteConnection connection) =>
        (long)SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM pictures")!;

    private async Task CallAsync(HttpClient http, string name, SemaphoreSlim acks, CancellationToken cancel)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                string person = $"{name}-{i}";
                byte[] picture = Pictures.Png(Pictures.Print(1, noise: 20 + (i % 7)));
                sent[person] = picture;
                JsonObject body = Bodies.Encounter("K", [Pictures.Item("FINGER", "RIGHT_INDEX", picture)]);
                using HttpResponseMessage response = await http.PostAsync(
                    RunningServer.V1($"persons/{person}/encounters/E"), JsonContent.Create(body), cancel);
                Assert.Equal(200, (int)response.StatusCode);

                // Each is written a second time: the picture of the older version has to go with it.
                using HttpResponseMessage moved = await http.PutAsync(
                    RunningServer.V1($"persons/{person}/encounters/E/galleries"),
                    JsonContent.Create(new JsonArray("K", "L")), cancel);
                Assert.Equal(204, (int)moved.StatusCode);
                acked[person] = true;
                acks.Release();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed: this one was not acked.
        }
    }
}

using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Tests.Release;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests.Images;

/// <summary>Pictures in a cluster of programs: from the front end by a silo into Redis, and back.</summary>
public sealed class ClusterPictureTests
{
    [SkippableFact]
    public async Task A_cluster_keeps_pictures_encrypted_moves_them_and_gives_them_back()
    {
        Needs.OnPath("redis-server");
        using TemporaryDirectory folder = new();
        string key = Path.Combine(folder.Path, "master.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        int port = ProgramProcess.FreePort();
        string files = Directory.CreateDirectory(Path.Combine(folder.Path, "redis")).FullName;
        await using ProgramProcess redis = new(
            "redis", "redis-server",
            [
                "--port", $"{port}", "--bind", "127.0.0.1", "--dir", files, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always",
            ]);
        await redis.LineAsync(line => line.Contains("Ready to accept", StringComparison.Ordinal));
        Dictionary<string, string> environment = new() { ["DOTNET_gcServer"] = "0" };
        await using ProgramProcess silo = new(
            "silo", ProgramProcess.DotNet,
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Silo.dll"), "--redis", $"127.0.0.1:{port}",
                "--name", "silo-1", "--port", "0", "--urls", "http://127.0.0.1:0", "--partitions", "2",
                "--master-key", key,
            ],
            environment);
        using ServerProcess server = ServerProcess.Start(
            environment, "--cluster", "true", "--redis", $"127.0.0.1:{port}", "--name", "api-1",
            "--keep-pictures", "K", "--keep-opaque", "2000");
        using HttpClient http = await server.ReadyAsync();
        RetentionScan scan = new();
        byte[][] pictures = [.. Enumerable.Range(0, 4).Select(i => Pictures.Png(Pictures.Print(1, noise: 20 + i)))];
        byte[][] faces =
            [.. Enumerable.Range(0, 4).Select(i => Pictures.Png(Pictures.Print(1, noise: 40 + i))[^900..])];
        for (int i = 0; i < pictures.Length; i++)
        {
            scan.Next();
            scan.Add(pictures[i], step: 16);
            scan.Add(faces[i], step: 16);
            JsonNode said = await SendAsync(http, HttpMethod.Post, $"persons/P{i}/encounters/E{i}", Bodies.Encounter(
                "K",
                [
                    Pictures.Item("FINGER", "RIGHT_INDEX", pictures[i]),
                    new JsonObject
                    {
                        ["biometricType"] = "FACE",
                        ["image"] = Convert.ToBase64String(faces[i]),
                    },
                ])).OkAsync();
            Assert.True((bool)said["others"]!["extracted"]![0]!["pictureKept"]!);
            Assert.Equal("biometricData[1]: FACE", (string)said["others"]!["opaque"]![0]!);
        }

        // A gallery that keeps no pictures takes those alone; opaque items stay everywhere.
        Assert.Equal(204, await SendAsync(
            http, HttpMethod.Put, "persons/P3/encounters/E3/galleries", new JsonArray("K", "N")).StatusAsync());
        pictures[3] = [];

        // Four persons lie on two partitions: some merge crosses them.
        for (int i = 1; i < pictures.Length; i++)
        {
            Assert.Equal(204, await SendAsync(http, HttpMethod.Post, $"persons/P0/merge/P{i}").StatusAsync());
        }

        for (int i = 0; i < pictures.Length; i++)
        {
            JsonNode read = await SendAsync(http, HttpMethod.Get, $"persons/P0/encounters/E{i}").OkAsync();
            Assert.Equal(
                pictures[i].Length == 0 ? null : Convert.ToBase64String(pictures[i]),
                (string?)read["biometricData"]![0]!["image"]);
            Assert.Equal(Convert.ToBase64String(faces[i]), (string)read["biometricData"]![1]!["image"]!);
        }

        Assert.True(new DirectoryInfo(files).EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length) > pictures.Sum(picture => picture.Length));
        Assert.Empty(scan.InFiles(folder.Path));
        JsonNode gone = await http.DeleteAsync("/mc/v1/galleries/K/pictures").OkAsync();
        Assert.Equal((4, 0), ((int)gone["erased"]!, (int)gone["held"]!));
        JsonNode after = await SendAsync(http, HttpMethod.Get, "persons/P0/encounters/E2").OkAsync();
        Assert.Null(after["biometricData"]![0]!["image"]);
        Assert.Equal(0, await server.StopAsync());
        await silo.SignalAsync("TERM");
        await silo.EndAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient http, HttpMethod method, string path, JsonNode? body = null) =>
        http.SendAsync(new HttpRequestMessage(method, RunningServer.V1(path))
        {
            Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body),
        });
}

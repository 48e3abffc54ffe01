using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Tests.Images;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// Searches that keep nothing, by every door and with what is wrong in every place: each with a probe of its own, which
/// the scan looks for afterwards as it was sent, as its pixels and as it was prepared.
/// </summary>
internal sealed class ProbesToForget(HttpClient http, RetentionScan scan, bool isKept)
{
    public const string Gallery = "watchlist";
    public const string Known = "KNOWN";
    private const int Others = 100_000;
    private const int PictureEvery = 10;
    private const int FrameStep = 16;
    private const int PictureStep = 8;

    private static readonly StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Answers by their status.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    /// <summary>Enrols somebody whom others may be compared with, and tells the scan what all records share.</summary>
    public async Task EnrolOthersAsync()
    {
        for (int i = 0; i < 4; i++)
        {
            JsonArray samples = Bodies.Samples(Others + i);
            Array.ForEach(Forms(samples), one => scan.Except(one));
            string person = i == 0 ? Known : $"{Known}-{i}";
            await SendAsync($"v1/persons/{person}/encounters/E?transactionId=T", Bodies.Encounter(Gallery, samples));
        }

        Assert.Equal([200], Statuses.Keys);
        scan.Except(Encoding.ASCII.GetBytes(Bodies.Identify([]).ToJsonString()));
        scan.Except(Pictures.Png(new GrayImage(224, 280, new byte[224 * 280])));
    }

    /// <summary>One probe by the door that is next.</summary>
    public async Task SearchAsync(int i)
    {
        scan.Next();
        JsonArray samples = i % PictureEvery == PictureEvery - 1 ? PictureOf(i) : Templates(i);
        string text = samples.ToJsonString();
        string identify = Bodies.Identify(samples.DeepClone().AsArray()).ToJsonString();
        JsonObject one = new() { ["biometricData"] = samples.DeepClone() };
        const string Query = "transactionId=T&threshold=10";
        switch (i % 9)
        {
            case 0:
                await SendAsync($"v1/identify/{Gallery}?{Query}", identify);
                break;
            case 1:
                await SendAsync($"v1/verify?{Query}", new JsonObject
                {
                    ["biometricData1"] = samples.DeepClone(),
                    ["biometricData2"] = samples.DeepClone(),
                });
                break;
            case 2:
                await SendAsync($"v1/verify/{Gallery}/{Known}?{Query}", one);
                break;
            case 3:
                await SendAsync($"mc/v1/explain/{Gallery}/{Known}/E", one);
                break;
            case 4:
                one["id"] = "Q";
                string line = one.ToJsonString();
                await SendAsync($"mc/v1/identify/{Gallery}", $"{line}\n{line[..^40]}\n{line}", "application/x-ndjson");
                break;
            case 5: // It breaks off after the probe.
                await SendAsync($"v1/identify/{Gallery}?{Query}", $$"""{"filter":{},"biometricData":{{text}}""");
                break;
            case 6: // A record that is no record.
                samples[0]!["template"] = Halved((string?)samples[0]!["template"] ?? (string)samples[0]!["image"]!);
                await SendAsync($"v1/identify/{Gallery}?{Query}", Bodies.Identify(samples));
                break;
            case 7: // The probe where it does not belong: as the name of a property, a number, an id, a format.
                string secret = ((string?)samples[0]!["template"] ?? (string)samples[0]!["image"]!)[..60];
                await SendAsync($"v1/identify/{Gallery}?{Query}", $$"""{"{{secret}}":1,"biometricData":{{text}}}""");
                await SendAsync($"v1/identify/{Gallery}?threshold={Uri.EscapeDataString(secret)}&transactionId=T", one);
                await SendAsync($"v1/identify/{Uri.EscapeDataString(secret)}?{Query}", identify);
                samples[0]!["templateFormat"] = secret;
                await SendAsync($"v1/identify/{Gallery}?{Query}", Bodies.Identify(samples));
                break;
            default:
                await SendAsync("mc/v1/extract", one);
                break;
        }
    }

    /// <summary>Enrols a probe of its own, which is to be found afterwards.</summary>
    public async Task EnrolAsync(int i)
    {
        scan.Next();
        await SendAsync(
            $"v1/persons/ENROLLED-{i}/encounters/E?transactionId=T", Bodies.Encounter(Gallery, Templates(i)));
    }

    /// <summary>Enrols somebody by a picture, which the gallery keeps, encrypted.</summary>
    public async Task EnrolPictureAsync(int i)
    {
        scan.Next();
        const string Path = "v1/persons/PICTURED/encounters/E?transactionId=T";
        using StringContent body = new(
            Bodies.Encounter(Gallery, PictureOf(i)).ToJsonString(), Encoding.UTF8, "application/json");
        await http.PostAsync(Path, body).OkAsync();
        JsonNode read = await http.GetAsync(Path).OkAsync();
        Assert.NotNull(read["biometricData"]![0]!["image"]);
    }

    private JsonArray Templates(int i)
    {
        JsonArray samples = Bodies.Samples(i);
        byte[][] forms = Forms(samples);
        for (int form = 0; form < forms.Length; form++)
        {
            scan.Add(forms[form], form == forms.Length - 1 ? FrameStep : 1);
        }

        return samples;
    }

    private JsonArray PictureOf(int i)
    {
        // More minutiae do not fit on every print.
        GrayImage print = new DrawnPrint(i, 256, 320, minutiae: 12).Image;
        byte[] file = Pictures.Png(print);
        scan.Add(file, PictureStep);
        scan.Add(print.Pixels.ToArray(), PictureStep);
        return [Pictures.Item("FINGER", "RIGHT_INDEX", file, 500)];
    }

    /// <summary>The templates, and what silos get of them.</summary>
    private static byte[][] Forms(JsonArray samples)
    {
        byte[][] templates = [.. samples.Select(one => Convert.FromBase64String((string)one!["template"]!))];
        Probe prepared = ProbeBuilder.Build(
        [
            .. templates.Select((template, i) => new Sample
            {
                Position = i == 0 ? BiometricPosition.OfFinger(2) : BiometricPosition.OfEye(1),
                Format = i == 0 ? TemplateFormat.Iso19794v2005 : TemplateFormat.MatchClusterIris,
                Template = template,
            }),
        ]).Value!;
        return
        [
            .. templates,
            SearchBatchFrame.Encode(new SearchBatch(
            [
                new Search { Probe = prepared, Gallery = Gallery, Threshold = 10, MaxCandidates = 10 },
            ])),
        ];
    }

    private static string Halved(string base64) => base64[..(base64.Length / 8 * 4)];

    private Task SendAsync(string path, JsonNode body) => SendAsync(path, body.ToJsonString());

    private async Task SendAsync(string path, string body, string type = "application/json")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, type),
        };
        if (!isKept)
        {
            request.Headers.Add(StatedUse.NoRetainHeader, "true");
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500, $"{path}: {answer}");
        Assert.DoesNotContain("\"code\":9001", answer, Ordinal);
        Statuses[(int)response.StatusCode] = Statuses.GetValueOrDefault((int)response.StatusCode) + 1;
    }
}

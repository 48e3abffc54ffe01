using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Options;

/// <summary>
/// "agreements" and "gallery-policies": what administrators do from a shell, by the server's own interface under
/// /mc/v1. Nothing is decided here.
/// </summary>
internal sealed class AgreementCommand
{
    /// <summary>Exit code of what the server refused.</summary>
    public const int Refused = 1;

    private const string Base = "/mc/v1/";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Option<string> server = new("--server")
    {
        HelpName = "URL",
        DefaultValueFactory = _ => ServerOptions.DefaultUrls,
        Description = "The server; beyond this machine by https only, because a token goes with every call",
    };

    private readonly Option<string> token = new("--token")
    {
        HelpName = "FILE",
        Required = true,
        Description = "File with an access token that has mc.admin; to sign, one of a natural person",
    };

    private readonly string resource;
    private readonly string listed;

    /// <param name="resource">What the paths and the command are called.</param>
    /// <param name="listed">The member of the list of open proposals.</param>
    /// <param name="what">What it is, for --help.</param>
    private AgreementCommand(string resource, string listed, string what)
    {
        (this.resource, this.listed) = (resource, listed);
        server.Validators.Add(said =>
        {
            if (said.Tokens is [var text] && !IsAllowed(text.Value))
            {
                said.AddError("--server: wanted https://HOST, or http:// on this machine");
            }
        });

        Argument<string> id = new("ID") { Description = "Its id" };
        Argument<string> file = new("FILE") { Description = "Its JSON (docs/governance.md)" };
        Argument<long> version = new("VERSION") { Description = "The proposed version" };
        Option<string?> digest = new("--sha256")
        {
            HelpName = "HEX",
            Description = "Digest of the proposal that was read, as 'show' prints it. Default: of what is proposed "
                + "now, which is printed",
        };
        Option<string> reason = new("--reason") { HelpName = "TEXT", Required = true, Description = "Why" };
        Command = new Command(resource, $"Administer {what} of a running server")
        {
            Made("list", "What holds now", [], (_, http, cancel) => http.GetAsync(Base + resource, cancel)),
            Made("show", "One with its versions and its open proposal", [id],
                (said, http, cancel) => http.GetAsync(At(said.GetValue(id)!, ""), cancel)),
            Made("propose", "Propose a version; another administrator approves it", [file],
                (said, http, cancel) => ProposeAsync(said.GetValue(file)!, http, cancel)),
            Made("approve", "Approve the version that another administrator proposed", [id, version, digest],
                (said, http, cancel) => ApproveAsync(
                    said, said.GetValue(id)!, said.GetValue(version), said.GetValue(digest), listed, "/approval",
                    http, cancel)),
        };
        if (listed == "agreements")
        {
            Command.Add(Made("suspend", "Refuse every use of it at once, by one administrator", [id, reason],
                (said, http, cancel) => http.PostAsync(
                    At(said.GetValue(id)!, "/suspension"), ReasonOf(said.GetValue(reason)!), cancel)));
            Command.Add(Made("resume", "Propose to end its suspension; another administrator approves", [id, reason],
                (said, http, cancel) => http.PutAsync(
                    At(said.GetValue(id)!, "/resumption/proposal"), ReasonOf(said.GetValue(reason)!), cancel)));
            Command.Add(Made("approve-resume", "Approve the end of its suspension", [id, version, digest],
                (said, http, cancel) => ApproveAsync(
                    said, said.GetValue(id)!, said.GetValue(version), said.GetValue(digest), "resumptions",
                    "/resumption/approval", http, cancel)));
        }
    }

    public Command Command { get; }

    public static IEnumerable<Command> All =>
    [
        new AgreementCommand("agreements", "agreements", "agreements with partners").Command,
        new AgreementCommand("gallery-policies", "policies", "the policies of galleries").Command,
    ];

    private Command Made(
        string name, string description, Symbol[] parts,
        Func<ParseResult, HttpClient, CancellationToken, Task<HttpResponseMessage>> call)
    {
        Command made = CommandLine.Made(name, description, [server, token, .. parts]);
        made.SetAction((said, cancel) => RunAsync(said, call, cancel));
        return made;
    }

    private async Task<int> RunAsync(
        ParseResult said, Func<ParseResult, HttpClient, CancellationToken, Task<HttpResponseMessage>> call,
        CancellationToken cancel)
    {
        TextWriter errors = said.InvocationConfiguration.Error;
        try
        {
            using HttpClient http = await ServerClient.OfAsync(said.GetValue(server)!, said.GetValue(token), cancel);
            using HttpResponseMessage answer = await call(said, http, cancel);
            string text = await answer.Content.ReadAsStringAsync(cancel);
            if (answer.IsSuccessStatusCode)
            {
                await said.InvocationConfiguration.Output.WriteLineAsync(Indented(text));
                return 0;
            }

            await errors.WriteLineAsync($"matchcluster: {ProblemOf(answer.StatusCode, text)}");
            return Refused;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or HttpRequestException
            or JsonException or FormatException or InvalidDataException)
        {
            await errors.WriteLineAsync($"matchcluster: {wrong.Message.ReplaceLineEndings(" ")}");
            return CommandLine.CannotStart;
        }
    }

    private async Task<HttpResponseMessage> ProposeAsync(string file, HttpClient http, CancellationToken cancel)
    {
        string text = await File.ReadAllTextAsync(file, cancel);
        string id = JsonNode.Parse(text) is JsonObject document && document["id"] is JsonValue value
            && value.TryGetValue(out string? named) ? named
            : throw new InvalidDataException($"{file}: found no \"id\", wanted a JSON object that has one");
        return await http.PutAsync(At(id, "/proposal"), Json(text), cancel);
    }

    private async Task<HttpResponseMessage> ApproveAsync(
        ParseResult said, string id, long version, string? digest, string list, string path, HttpClient http,
        CancellationToken cancel)
    {
        if (digest is null)
        {
            HttpResponseMessage answer = await http.GetAsync(Base + "proposals", cancel);
            if (!answer.IsSuccessStatusCode)
            {
                return answer;
            }

            JsonNode? open = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))![list]!.AsArray()
                .FirstOrDefault(one => IdOf(one!) == id && (long)one!["version"]! == version);
            answer.Dispose();
            await said.InvocationConfiguration.Output.WriteLineAsync(
                open is null ? $"no proposal {id} of version {version}" : Indented(open.ToJsonString()));

            // Without one the server says so: any digest will do to ask.
            digest = (string?)open?["sha256"] ?? new string('0', 64);
        }

        return await http.PostAsync(
            At(id, path), Json(new JsonObject { ["version"] = version, ["sha256"] = digest }.ToJsonString()), cancel);
    }

    /// <summary>The id of a proposal: of an end of a suspension it is the agreement's.</summary>
    private static string? IdOf(JsonNode one) =>
        (string?)(one["policy"]?["id"] ?? (one["agreement"] is JsonObject whole ? whole["id"] : one["agreement"]));

    private string At(string id, string rest) => $"{Base}{resource}/{Uri.EscapeDataString(id)}{rest}";

    private static StringContent ReasonOf(string reason) =>
        Json(new JsonObject { ["reason"] = reason }.ToJsonString());

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string Indented(string json) => JsonNode.Parse(json)!.ToJsonString(Readable);

    /// <summary>A problem document on one line; whatever else answers, its status.</summary>
    private static string ProblemOf(HttpStatusCode status, string text)
    {
        try
        {
            JsonNode? problem = JsonNode.Parse(text);
            return $"{(int)status} {problem?["title"]} ({problem?["code"]}): {problem?["detail"]}";
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return $"{(int)status} {status}";
        }
    }

    private static bool IsAllowed(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}

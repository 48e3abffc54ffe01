using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Options;

/// <summary>
/// pack-key, export, import and report: a gallery as a file for a node that is offline, and its hits back
/// (docs/packs.md).
/// </summary>
internal sealed class PackCommands
{
    /// <summary>Exit code where a pack, or a server, refuses.</summary>
    public const int Refused = 1;

    private readonly Option<string> server = new("--server")
    {
        HelpName = "URL",
        DefaultValueFactory = _ => ServerOptions.DefaultUrls,
        Description = "The server whose gallery it is",
    };

    private readonly Option<string?> token = new("--token")
    {
        HelpName = "FILE",
        Description = "File with an access token (scope mc.pack to export, mc.pack.report to report). Default: none",
    };

    private readonly Option<string> identity = new("--identity")
    {
        HelpName = "FILE",
        Required = true,
        Description = "Private keys of this node, which pack-key made",
    };

    private readonly Option<string> data = new("--data")
    {
        HelpName = "DIR",
        Required = true,
        Description = "The data directory of the copy",
    };

    private readonly MasterKeyArguments master = new("--master-key", "Encrypt the copy with keys that this one wraps");

    public IEnumerable<Command> All => [PackKey(), Export(), Import(), Follow(), Report()];

    private static Command PackKey()
    {
        Argument<string> file = new("FILE")
        {
            Description = "Where the private keys go; the public ones are beside it, for others",
        };
        Command made = new("pack-key", "Make the keys of a node that packs are made for") { file };
        made.SetAction((said, _) => RunAsync(said, () =>
        {
            PackIdentity.MakeFile(said.GetValue(file)!);
            return Task.FromResult($"give {SigningKeyFile.PublicOf(said.GetValue(file)!)} to whoever makes packs");
        }));
        return made;
    }

    private Command Export()
    {
        Option<string> gallery = new("--gallery") { HelpName = "NAME", Required = true, Description = "The gallery" };
        Option<string> recipient = new("--recipient")
        {
            HelpName = "FILE",
            Required = true,
            Description = "Public keys of the node, which pack-key made",
        };
        Option<string> output = new("--out")
        {
            HelpName = "FILE",
            Required = true,
            Description = "Where the pack goes",
        };
        Option<int> days = new("--days")
        {
            HelpName = "COUNT",
            DefaultValueFactory = _ => 7,
            Description = "Days after which nobody may search it",
        };
        Option<string?> persons = new("--persons")
        {
            HelpName = "FILE",
            Description = "Ids of the persons that it holds, one a line. Default: everybody",
        };
        Command made = new("export", "Make a pack of a gallery of a running server")
        {
            gallery, recipient, output, days, persons, server, token,
        };
        made.SetAction((said, cancel) => RunAsync(said, async () =>
        {
            string to = said.GetValue(output)!;
            if (File.Exists(to))
            {
                throw new PackException($"{to}: is there already");
            }

            JsonObject body = new()
            {
                ["recipient"] = await File.ReadAllTextAsync(said.GetValue(recipient)!, cancel),
                ["days"] = said.GetValue(days),
            };
            if (said.GetValue(persons) is { } list)
            {
                body["persons"] = new JsonArray([.. (await File.ReadAllLinesAsync(list, cancel))
                    .Where(line => line.Length > 0).Select(line => (JsonNode)line)]);
            }

            using HttpClient http = await ServerClient.OfAsync(said.GetValue(server)!, said.GetValue(token), cancel);
            using HttpRequestMessage request = new(
                HttpMethod.Post, $"/mc/v1/galleries/{Uri.EscapeDataString(said.GetValue(gallery)!)}/pack")
            {
                Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
            };
            using HttpResponseMessage answer = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancel);
            await ServerClient.CheckAsync(answer, cancel);
            await WriteAsync(answer, to, cancel);
            return $"{to}: {new FileInfo(to).Length:N0} bytes";
        }));
        return made;
    }

    private Command Import()
    {
        Argument<string> pack = new("PACK") { Description = "The file" };
        Option<string> signer = new("--signer")
        {
            HelpName = "FILE",
            Required = true,
            Description = "Public key of whoever made it (packs.public.pem of its data directory)",
        };
        Command made = new("import", "Make the data directory of an offline node of a pack")
        {
            pack, data, identity, signer,
        };
        foreach (Option option in master.All)
        {
            made.Add(option);
        }

        made.SetAction((said, cancel) => RunAsync(said, async () =>
        {
            using PackIdentity own = PackIdentity.ReadFile(said.GetValue(identity)!);
            using ECDsa origin = SigningKeyFile.ReadPublic(said.GetValue(signer)!);
            PackNote note = await PackImport.RunAsync(
                said.GetValue(pack)!, said.GetValue(data)!, own, origin, master.Read(said), TimeProvider.System,
                0, cancel);
            string position = note.Manifest.Position is { } at ? $", position {at}" : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{said.GetValue(data)}: {note.State.Encounters} encounters of {note.Manifest.GalleryId}{position}, "
                + $"state {note.State.Hash}, expires {note.Manifest.Expires:O}; serve it with --data");
        }));
        return made;
    }

    private Command Follow()
    {
        Option<string> from = new("--from")
        {
            HelpName = "URL",
            Required = true,
            Description = "The server of the origin (scope mc.changes)",
        };
        Command made = new("follow", "Bring a copy that nobody serves forward by the changes of its gallery")
        {
            data, from, token,
        };
        foreach (Option option in master.All)
        {
            made.Add(option);
        }

        made.SetAction((said, cancel) => RunAsync(said, async () =>
        {
            using HttpClient http = await ServerClient.OfAsync(said.GetValue(from)!, said.GetValue(token), cancel);
            PackNote note = await CopyFollower.RunAsync(
                said.GetValue(data)!, master.Read(said), (copy, after) => FollowedPages.ReadAsync(
                    http, copy.Manifest.GalleryId, after, cancel), cancel);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{said.GetValue(data)}: {note.State.Encounters} encounters, position {note.Manifest.Position}, "
                + $"state {note.State.Hash}");
        }));
        return made;
    }

    private Command Report()
    {
        Option<string> to = new("--to") { HelpName = "URL", Required = true, Description = "The server of the origin" };
        Command made = new("report", "Report the hits of a copy to where its pack was made")
        {
            data, identity, to, token,
        };
        made.SetAction((said, cancel) => RunAsync(said, async () =>
        {
            PackNote note = PackNote.Read(said.GetValue(data)!)
                ?? throw new PackException($"{said.GetValue(data)}: was not made of a pack");
            using PackIdentity own = PackIdentity.ReadFile(said.GetValue(identity)!);
            await using PackHits hits = PackHits.Open(said.GetValue(data)!, TimeProvider.System);
            using HttpClient http = await ServerClient.OfAsync(said.GetValue(to)!, said.GetValue(token), cancel);
            int reported = 0;
            while (await hits.UnreportedAsync(PackReport.MostHits, cancel) is { Count: > 0 } some)
            {
                using ByteArrayContent body = new(PackReport.Make(note.Manifest.PackId, some, own));
                body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using HttpResponseMessage answer = await http.PostAsync(
                    $"/mc/v1/packs/{note.Manifest.PackId}/hits", body, cancel);
                await ServerClient.CheckAsync(answer, cancel);
                await hits.ReportedAsync(some, cancel);
                reported += some.Count;
            }

            return $"{reported} hits reported";
        }));
        return made;
    }

    private static async Task<int> RunAsync(ParseResult said, Func<Task<string>> run)
    {
        try
        {
            await said.InvocationConfiguration.Output.WriteLineAsync(await run());
            return 0;
        }
        catch (Exception refused) when (refused is PackException or ServerRefusedException)
        {
            await ErrorAsync(refused);
            return Refused;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or HttpRequestException
            or StoreException or UriFormatException)
        {
            await ErrorAsync(wrong);
            return CommandLine.CannotStart;
        }

        Task ErrorAsync(Exception fault) => said.InvocationConfiguration.Error.WriteLineAsync(
            $"matchcluster: {fault.Message.ReplaceLineEndings(" ")}");
    }

    /// <summary>A pack that broke off is not there: it is written beside its place and moved.</summary>
    private static async Task WriteAsync(HttpResponseMessage answer, string to, CancellationToken cancel)
    {
        string part = to + ".part";
        try
        {
            await using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await answer.Content.CopyToAsync(file, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, to);
        }
        finally
        {
            File.Delete(part);
        }
    }
}

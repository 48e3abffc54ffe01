using System.CommandLine;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary>
/// <c>bodies</c>: writes the searches that a run would send to files, with a script that makes wrk send them, so that
/// the plateau found here can be checked by a tool that shares no code with it.
/// </summary>
internal static class BodiesCommand
{
    /// <summary>The bodies lie in the script: wrk's threads have no place to say where they are.</summary>
    private const string Script = """
        -- Bodies of MatchCluster's LoadTest for wrk (closed model: each connection waits for its answer).
        local bodies = {
        %BODIES%
        }
        local next = 0

        function request()
            next = next % #bodies + 1
            return wrk.format("POST", "%PATH%", { ["Content-Type"] = "application/json" }, bodies[next])
        end
        """;

    public static Command Create(IAnsiConsole console)
    {
        LoadInputs inputs = new();
        Option<DirectoryInfo> to = new("--to") { Description = "Directory, made if missing.", Required = true };
        Option<int> count = LoadInputs.Number("--count", "How many.", 200, 1, 10_000);
        Command command = new("bodies", """
            Writes the bodies of searches to files, and identify.lua that makes wrk send them:
            wrk -t1 -c16 -d20s --latency -s DIR/identify.lua http://127.0.0.1:5080
            """)
        {
            to, count,
        };
        inputs.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            int wanted = parsed.GetValue(count);
            if (!inputs.TryRead(parsed, wanted, TimeSpan.FromSeconds(1), out LoadOptions? options, out string? error))
            {
                return await LoadCommand.RefuseAsync(error);
            }

            ProbePool pool = ProbePool.Prepare(options, (_, _) => { }, cancel);
            Random random = new(options.Seed);
            string[] bodies =
            [
                .. Enumerable.Range(0, wanted).Select(
                    _ => System.Text.Encoding.UTF8.GetString(pool.Draw(random).Body.Span)),
            ];
            DirectoryInfo folder = parsed.GetValue(to)!;
            folder.Create();
            for (int i = 0; i < bodies.Length; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{i:D5}.json"), bodies[i], cancel);
            }

            string path = $"/v1/identify/{Uri.EscapeDataString(options.Gallery)}?transactionId=wrk";
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "identify.lua"), ScriptOf(path, bodies), cancel);
            console.WriteLine($"{bodies.Length} bodies and identify.lua in {folder.FullName}");
            return 0;
        });
        return command;
    }

    /// <summary>JSON holds neither "]==]" nor a line that Lua would read otherwise.</summary>
    internal static string ScriptOf(string path, IEnumerable<string> bodies) => Script
        .Replace("%PATH%", path, StringComparison.Ordinal)
        .Replace(
            "%BODIES%", string.Join("\n", bodies.Select(body => $"    [==[{body}]==],")), StringComparison.Ordinal);
}

using System.Diagnostics;
using System.Reflection;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using MatchCluster.Matching;

namespace MatchCluster.Api.Tests;

/// <summary>
/// The machine code of the loops that searches spend their time in, as the runtime made it for a server of its own
/// process: the self-search calls them all before the server listens.
/// </summary>
public sealed partial class HotLoopTests : IDisposable
{
    /// <summary>Loops in which nothing may be called, as the runtime names methods, without type arguments.</summary>
    private static readonly string[] Loops =
    [
        "Fingers.SimilarityCarrySave:Fill",
        "Fingers.PairChoice:Choose",
        "Fingers.Stage1.Stage1Kernel`2:NearestSlots",
        "Fingers.Stage1.QuadRange:Fill",
        "Fingers.Relaxation:FindNear",
        "Fingers.Relaxation:Weigh",
        "Fingers.Relaxation:MeanOfMostEfficient",
        "Irises.Blocks.TileCounter`2:Add",
        "Irises.Blocks.TileCounter`2:Count",
        "Irises.Blocks.BlockExpansion`2:Tile",
        "Irises.Blocks.SamplePass:Within",
        "Irises.Blocks.BlockPass:Join",
        "Irises.CountBits`2:Count",
    ];

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task Nothing_is_called_in_a_hot_loop_and_each_is_compiled_once_for_good()
    {
        Skip.IfNot(Avx2.IsSupported, "without AVX2 other kernels are compiled");
        Skip.If(
            typeof(Limits).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true },
            "a debug build is compiled without optimisation; run it with -c Release");
        string file = Path.Combine(directory, "code");
        Dictionary<string, string> environment = new()
        {
            ["DOTNET_JitStdOutFile"] = file,
            ["DOTNET_JitDisasm"] = "MatchCluster.Matching.Fingers.*:* MatchCluster.Matching.Irises.*:*",
        };
        await using (ServerProcess server = ServerProcess.Start(
            environment, "--data", Path.Combine(directory, "data"), "--threads", "1", "--partitions", "1"))
        {
            await server.AddressAsync();
            Assert.Equal(0, await server.StopAsync());
        }

        ILookup<string, Compiled> compiled = (await File.ReadAllTextAsync(file))
            .Split("; Assembly listing for method ", StringSplitOptions.None).Skip(1)
            .Select(Compiled.Read).ToLookup(one => one.Name);
        foreach (string loop in Loops)
        {
            Compiled[] found = [.. compiled[$"MatchCluster.Matching.{loop}"]];
            Assert.True(found.Length > 0, $"{loop} was not compiled: no search went by it");
            Assert.All(found, one => Assert.Equal("FullOpts", one.Tier));
            Assert.All(found, one => Assert.True(
                one.Calls.Count == 0, $"{loop} calls {string.Join(", ", one.Calls)}"));
        }
    }

    /// <summary>Calls that are only made where something is wrong, and lie after the loop.</summary>
    [GeneratedRegex(@"^\[?(CORINFO_HELP_(RNGCHKFAIL|FAIL_FAST|OVERFLOW)|System\.(ThrowHelper|Math):Throw)")]
    private static partial Regex Failing();

    [GeneratedRegex(@"^\s+call\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Call();

    /// <summary>"Namespace.Type`2[arguments]:Method[arguments](parameters):result (FullOpts)".</summary>
    [GeneratedRegex(@"^(?<type>[\w.`+]+)(?:\[.*?\])?:(?<method>\w+)[\[(].* \((?<tier>[^()]+)\)")]
    private static partial Regex Heading();

    private sealed record Compiled(string Name, string Tier, IReadOnlyList<string> Calls)
    {
        public static Compiled Read(string listing)
        {
            Match heading = Heading().Match(listing.Split('\n', 2)[0]);
            return new Compiled(
                $"{heading.Groups["type"]}:{heading.Groups["method"]}", heading.Groups["tier"].Value,
                [
                    .. Call().Matches(listing).Select(call => call.Groups[1].Value)
                        .Where(callee => !Failing().IsMatch(callee)),
                ]);
        }
    }
}

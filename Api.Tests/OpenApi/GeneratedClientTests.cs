using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>
/// A client that NSwag generates from /openapi/v1.json is compiled with <c>ClientCaller.cs</c>, a program as a user
/// would write it, and used against the server. Its reader insists on every property that the description requires.
/// </summary>
public sealed class GeneratedClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_generated_client_enrols_reads_searches_verifies_streams_and_deletes()
    {
        MethodInfo call = Compile(
            await GenerateAsync(await server.Http.GetStringAsync("/openapi/v1.json")), Caller())
            .GetType("ClientCaller")!.GetMethod("RunAsync")!;
        byte[] enrolled = Template(Bodies.Finger(1, 2));
        byte[] probe = Template(Bodies.Finger(1, 2, impression: 1));

        string[] said = await (Task<string[]>)call.Invoke(null, [server.Http, enrolled, probe])!;

        Assert.Equal(
        [
            "created P/E", "read ACTIVE, 1 sample, the same bytes", "again 409",
            "candidate P of rank 1, decided by a person",
            "verified True", "explained True", "listed P/E", "line q1: P", "refused 400: 1004", "deleted", "gone 404",
            "ready",
        ], said);
    }

    private static byte[] Template(JsonObject item) => Convert.FromBase64String((string)item["template"]!);

    private static async Task<string> GenerateAsync(string description)
    {
        OpenApiDocument document = await OpenApiDocument.FromJsonAsync(description);
        CSharpClientGeneratorSettings settings = new()
        {
            ClassName = "MatchClusterClient",
            UseBaseUrl = false,
            CSharpGeneratorSettings =
            {
                Namespace = "Generated",
                JsonLibrary = NJsonSchema.CodeGeneration.CSharp.CSharpJsonLibrary.NewtonsoftJson,
            },
        };
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    private static string Caller()
    {
        using StreamReader reader = new(
            typeof(GeneratedClientTests).Assembly.GetManifestResourceStream("ClientCaller.cs")!);
        return reader.ReadToEnd();
    }

    private static Assembly Compile(params string[] sources)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "GeneratedClient",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream made = new();
        ImmutableArray<Diagnostic> said = compilation.Emit(made).Diagnostics;
        Assert.Empty(said.Where(one => one.Severity == DiagnosticSeverity.Error));
        made.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(made);
    }
}

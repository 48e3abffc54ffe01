using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>Rows as a program reads them: one array of flat objects.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<BenchmarkRow>))]
internal sealed partial class RowJson : JsonSerializerContext
{
    public static async Task WriteAsync(
        FileInfo file, IReadOnlyList<BenchmarkRow> rows, CancellationToken cancel)
    {
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, rows, Default.IReadOnlyListBenchmarkRow, cancel);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>Rows as a program reads them: the machine once, then one flat object a figure.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(RowFile))]
internal sealed partial class RowJson : JsonSerializerContext
{
    public static async Task WriteAsync(FileInfo file, RowFile rows, CancellationToken cancel)
    {
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, rows, Default.RowFile, cancel);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MatchCluster.LoadTest.Capacity;
using MatchCluster.LoadTest.Fairness;
using MatchCluster.LoadTest.Ladders;
using MatchCluster.LoadTest.Reports;

namespace MatchCluster.LoadTest.Commands;

/// <summary>The reports as JSON files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(LadderReport))]
[JsonSerializable(typeof(CapacityReport))]
[JsonSerializable(typeof(FairnessReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static Task WriteAsync(FileInfo file, LoadReport report) => WriteAsync(file, report, Default.LoadReport);

    public static Task WriteAsync(FileInfo file, LadderReport report) => WriteAsync(file, report, Default.LadderReport);

    public static Task WriteAsync(FileInfo file, CapacityReport report) =>
        WriteAsync(file, report, Default.CapacityReport);

    public static Task WriteAsync(FileInfo file, FairnessReport report) =>
        WriteAsync(file, report, Default.FairnessReport);

    private static async Task WriteAsync<T>(FileInfo file, T report, JsonTypeInfo<T> type)
    {
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, report, type);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>What <c>recall --people</c> says, for a person and for a program.</summary>
internal sealed record GalleryRecallReport
{
    public required string Cpu { get; init; }

    public required string Commit { get; init; }

    public required int People { get; init; }

    public required int FingersAPerson { get; init; }

    /// <summary>Score (-10 log10 FMR) from which somebody is a candidate.</summary>
    public required double Threshold { get; init; }

    public required IReadOnlyList<MatedRecall> Mated { get; init; }

    public required IReadOnlyList<StrangerRecall> Strangers { get; init; }

    public static GalleryRecallReport Of(
        Machine machine, GeneratedGallery gallery, double threshold, IReadOnlyList<MatedRecall> mated,
        IReadOnlyList<StrangerRecall> strangers) => new()
        {
            Cpu = machine.Cpu,
            Commit = machine.Commit,
            People = gallery.People,
            FingersAPerson = gallery.Fingers,
            Threshold = threshold,
            Mated = mated,
            Strangers = strangers,
        };

    public void Write(IAnsiConsole console)
    {
        console.WriteLine(
            $"{People:#,0} generated people with {FingersAPerson} fingers each, threshold {Threshold}, "
            + $"commit {Commit}");
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("fingers", "minutiae dropped", "probes", "exhaustive finds", "screened finds", "recall");
        table.AddColumns("rank 1", "penetration %", "scores of the lost");
        foreach (MatedRecall mated in Mated)
        {
            table.AddRow(
                $"{mated.Fingers}", $"{mated.Thinned:0.00}", $"{mated.Probes}", $"{mated.ExhaustiveFinds}",
                $"{mated.ScreenedFinds}",
                Markup.Escape(new Proportion(mated.ScreenedFinds, mated.ExhaustiveFinds).ToString()),
                $"{mated.Rank1}", $"{100 * mated.Penetration:0.00}", string.Join(' ', mated.Lost));
        }

        console.Write(table);
        foreach (StrangerRecall strangers in Strangers)
        {
            console.WriteLine(
                $"{strangers.Probes} people who are not enrolled, {strangers.Fingers} fingers: exhaustive searches "
                + $"find {strangers.ExhaustiveCandidates} false matches, screened ones {strangers.ScreenedToo} of "
                + $"them; the highest that is not found scores {strangers.HighestMissed}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(GalleryRecallReport))]
internal sealed partial class GalleryRecallJson : JsonSerializerContext
{
    public static async Task WriteAsync(FileInfo file, GalleryRecallReport report)
    {
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, report, Default.GalleryRecallReport);
    }
}

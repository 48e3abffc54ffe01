using MatchCluster.Benchmarks.Quality;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Quality.Nfiq2;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>The rows of the command that judges a folder of finger images.</summary>
public sealed class QualityCommandTests : IDisposable
{
    private const int Fields = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("quality").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_image_has_its_size_its_value_and_every_measure()
    {
        Write("print.pgm", new DrawnPrint(1, 340, 340).Image);
        (string row, bool isFailure) = QualityCommand.Row(_folder, "print.pgm", ppi: 500, forest: null);
        string[] fields = row.Split('\t');
        Assert.False(isFailure);
        Assert.Equal(Fields + NfiqMeasureNames.All.Count, fields.Length);
        Assert.Equal(["print.pgm", "340", "340", "500"], fields[..4]);
        Assert.InRange(int.Parse(fields[4]), 60, 100);
        Assert.Equal("", fields[5]);
        Assert.Equal("", fields[6]);
        Assert.All(fields[7..^1], field => Assert.True(double.TryParse(field, out double _), field));
        Assert.Equal("", fields[^1]);
    }

    [Fact]
    public void Half_of_the_resolution_is_resampled()
    {
        Write("print.pgm", new DrawnPrint(1, 160, 160, period: 4.5, minutiae: 4).Image);
        string[] fields = QualityCommand.Row(_folder, "print.pgm", ppi: 250, forest: null).Row.Split('\t');
        Assert.Equal(["320", "320", "250"], fields[1..4]);
    }

    [Fact]
    public void A_file_that_is_no_image_has_a_row_with_the_reason()
    {
        File.WriteAllText(Path.Combine(_folder, "text.png"), "no\tpicture\n");
        (string row, bool isFailure) = QualityCommand.Row(_folder, "text.png", ppi: null, forest: null);
        string[] fields = row.Split('\t');
        Assert.True(isFailure);
        Assert.Equal(Fields + NfiqMeasureNames.All.Count, fields.Length);
        Assert.Contains("wanted", fields[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_image_has_no_measures_and_the_reason_in_words()
    {
        File.WriteAllBytes(
            Path.Combine(_folder, "blank.pgm"), [.. "P5 300 300 255\n"u8, .. Enumerable.Repeat((byte)255, 90_000)]);
        string[] fields = QualityCommand.Row(_folder, "blank.pgm", ppi: 500, forest: null).Row.Split('\t');
        Assert.Equal(["0", "no-fingerprint"], fields[4..6]);
        Assert.NotEqual("", fields[^1]);
    }

    private void Write(string name, GrayImage image) => File.WriteAllBytes(
        Path.Combine(_folder, name),
        [
            .. System.Text.Encoding.ASCII.GetBytes($"P5 {image.Width} {image.Height} 255\n"),
            .. image.Pixels.Span,
        ]);
}

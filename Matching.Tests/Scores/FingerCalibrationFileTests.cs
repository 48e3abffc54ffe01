using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Scores;

public sealed class FingerCalibrationFileTests
{
    private const StringComparison Exact = StringComparison.Ordinal;

    private const string Golden =
        """
        {
          "format": "matchcluster-calibration",
          "version": 1,
          "modality": "finger",
          "strength": 1,
          "name": "gate-3",
          "made": "2026-11-30T12:00:00+00:00",
          "fingers": 400,
          "error": {
            "at20": 0.75,
            "perDecibel": 0.05
          },
          "curves": [
            {
              "minCylinders": 10,
              "comparisons": 5000,
              "knots": [
                10,
                20,
                30,
                40,
                50,
                60,
                70,
                80,
                90
              ],
              "scale": 25.5,
              "shape": 0
            }
          ]
        }

        """;

    private static readonly FingerCalibrationFile Some = FingerCalibrationFile.Of(
        "gate-3", new DateTimeOffset(2026, 11, 30, 13, 0, 0, TimeSpan.FromHours(1)), 400,
        new CalibrationError(0.75, 0.05),
        [new FingerCalibrationCurve(10, 5000, [10, 20, 30, 40, 50, 60, 70, 80, 90], 25.5, 0)]);

    [Fact]
    public void The_form_is_frozen_and_reads_back()
    {
        Assert.Equal(Golden.ReplaceLineEndings("\n"), Some.ToJson());

        FingerCalibrationFile read = FingerCalibrationFile.Parse(Golden, "golden");

        Assert.Equal(Some.ToJson(), read.ToJson());
        ScoreCalibration scores = read.ToCalibration(1);
        Assert.Equal(20 - 0.75, scores.FingerScore(90, 40, 10), 0.01);
        Assert.Equal(0, scores.FingerScore(90, 40, 9));
    }

    [Fact]
    public void A_file_of_one_extractor_is_frozen_and_scores_its_pairs_alone()
    {
        foreach ((FingerExtractorId extractor, string said) in new[]
            {
                (FingerExtractorId.MatchCluster1, "matchcluster-finger-1"), (FingerExtractorId.Unknown, "other"),
            })
        {
            string golden = Golden.ReplaceLineEndings("\n").Replace("\"version\": 1", "\"version\": 2", Exact)
                .Replace("\"gate-3\",\n", $"\"gate-3\",\n  \"extractor\": \"{said}\",\n", Exact);
            FingerCalibrationFile file = FingerCalibrationFile.Of(
                Some.Name, Some.Made, Some.Fingers, Some.Error, Some.Curves, extractor);
            Assert.Equal(golden, file.ToJson());

            ScoreCalibration scores = FingerCalibrationFile.Parse(golden, "golden").ToCalibration();
            Assert.Matches("^gate-3-[0-9a-f]{8}$", scores.Id);
            Assert.Equal(scores.Id, scores.NameOf(extractor));
            Assert.Equal(20, scores.FingerScore(90, 40, 10, extractor));

            // The pairs of which it says nothing keep the committed curves.
            FingerExtractorId rest = extractor == FingerExtractorId.Unknown
                ? FingerExtractorId.MatchCluster1 : FingerExtractorId.Unknown;
            Assert.Equal(ScoreCalibration.Default.NameOf(rest), scores.NameOf(rest));
            Assert.Equal(
                ScoreCalibration.Default.FingerScore(11_000, 40, 40, rest),
                scores.FingerScore(11_000, 40, 40, rest));
        }

        // Of version 1, which is of all pairs.
        Assert.Equal(20, Some.ToCalibration().FingerScore(90, 40, 10, FingerExtractorId.MatchCluster1));
    }

    [Fact]
    public void The_name_changes_with_anything_that_the_file_holds()
    {
        FingerCalibrationFile[] files =
        [
            Some,
            Some with { Curves = [Some.Curves[0] with { Scale = 25.6 }] },
            Some with { Error = default },
            Some with { Made = Some.Made.AddDays(1) },
        ];

        string[] names = [.. files.Select(file => file.ToCalibration().Id)];
        Assert.All(names, name => Assert.Matches("^gate-3-[0-9a-f]{8}$", name));
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[0] + "+2se", Some.ToCalibration(2).Id);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 3", "version 3, wanted 'matchcluster-calibration' version 1 or 2")]
    [InlineData("\"version\": 1", "\"version\": 2", "extractor '' in version 2, wanted 'matchcluster-finger-1' or")]
    [InlineData("\"finger\"", "\"iris\"", "found modality 'iris', wanted 'finger'")]
    [InlineData("\"strength\": 1", "\"strength\": 7", "fitted to strengths of version 7, this program has version 1")]
    [InlineData("gate-3", "gate 3", "name: wanted 1 to 40")]
    [InlineData("\"perDecibel\": 0.05", "\"perDecibel\": 0.4", "0 to 0.3")]
    [InlineData("\"at20\": 0.75", "\"at20\": -1", "error: found -1 at 20")]
    [InlineData("        90\n", "        80\n", "knots that rise")]
    [InlineData("        10,\n", "", "found 8 knots, wanted 9")]
    [InlineData("\"scale\": 25.5", "\"scale\": 0", "found scale 0")]
    [InlineData("\"shape\": 0", "\"shape\": 0.6", "shape 0.6")]
    [InlineData("\"minCylinders\": 10", "\"minCylinders\": 0", "minCylinders must rise, found 0")]
    [InlineData("\"fingers\": 400", "\"other\": 400", "is no calibration file")]
    [InlineData("\"curves\"", "\"curved\"", "is no calibration file")]
    [InlineData("{", "[", "is no calibration file")]
    public void Anything_else_is_refused_in_words(string found, string other, string reason)
    {
        string text = Golden.ReplaceLineEndings("\n");
        Assert.Contains(found, text, StringComparison.Ordinal);
        string changed = text[..text.IndexOf(found, StringComparison.Ordinal)] + other
            + text[(text.IndexOf(found, StringComparison.Ordinal) + found.Length)..];

        InvalidDataException refused =
            Assert.Throws<InvalidDataException>(() => FingerCalibrationFile.Parse(changed, "site.json"));

        Assert.StartsWith("site.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_no_text_of_ours_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => FingerCalibrationFile.Read("no such file.json"));
        Assert.Throws<InvalidDataException>(() => FingerCalibrationFile.Parse("null", "x"));
        Assert.Throws<InvalidDataException>(
            () => FingerCalibrationFile.Parse(Golden.Replace("[", "null, \"x\": [", StringComparison.Ordinal), "x"));
    }
}

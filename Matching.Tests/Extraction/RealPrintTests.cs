using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Some pictures of FVC2002, where they lie beside the repository.</summary>
public sealed class RealPrintTests
{
    private const int Fingers = 4;
    private const int Impressions = 4;

    [SkippableTheory]
    [InlineData("DB1_B", 500)]
    [InlineData("DB2_B", 569)]
    [InlineData("DB3_B", 500)]
    [InlineData("DB4_B", 500)]
    public void Impressions_of_one_finger_agree_and_those_of_two_do_not(string set, int ppi)
    {
        string folder = SharedData.Path("fingers", "fvc2002", set);
        FingerExtractor extractor = new();
        List<(int Finger, FingerTemplate Template)> prints = [];
        for (int finger = 101; finger < 101 + Fingers; finger++)
        {
            for (int impression = 1; impression <= Impressions; impression++)
            {
                byte[] file = File.ReadAllBytes(Path.Combine(folder, $"{finger}_{impression}.tif"));
                Decoded<GrayImage> image = ImageDecoder.Decode(file);
                Assert.True(image.IsAccepted, image.Rejection?.ToString());
                FingerExtraction found = extractor.Extract(image.Value, ppi);
                Assert.True(found.IsExtracted, found.Rejection?.ToString());
                Assert.Equal(FingerExtractorId.MatchCluster1, found.View.Extractor);
                prints.Add((finger, FingerTemplate.Prepare(found.View)));
            }
        }

        int mated = 0;
        int nonMated = 0;
        FingerScratch scratch = new();
        for (int i = 0; i < prints.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                FingerMatch match = FingerMatcher.Compare(prints[i].Template, prints[j].Template.Row, scratch);
                bool isHigh = ScoreCalibration.Default.FingerScore(
                    match.Strength, prints[i].Template, prints[j].Template.Row) >= 30;
                mated += isHigh && prints[i].Finger == prints[j].Finger ? 1 : 0;
                nonMated += isHigh && prints[i].Finger != prints[j].Finger ? 1 : 0;
            }
        }

        // 24 mated and 96 non-mated pairs; a score of 30 claims one false match in a thousand.
        Assert.InRange(mated, 23, 24);
        Assert.InRange(nonMated, 0, 1);
    }
}

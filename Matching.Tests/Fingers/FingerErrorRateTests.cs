using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>
/// The error rates of docs/accuracy.md, pooled over the FVC2002 sets by one threshold. Scores are the same on every
/// machine, so that these counts are exact; whoever moves them says so there.
/// </summary>
public sealed class FingerErrorRateTests
{
    [SkippableFact]
    public void Pooled_misses_on_fvc2002_are_those_of_the_document()
    {
        (Fvc2002 Source, FingerTemplate Template)[] prints =
            [.. Fvc2002.Read().Select(f => (f, FingerTemplate.Prepare(f.View)))];
        FingerScratch scratch = new();
        List<double> mated = [];
        List<double> nonMated = [];
        for (int i = 0; i < prints.Length; i++)
        {
            for (int j = i + 1; j < prints.Length && prints[j].Source.Set == prints[i].Source.Set; j++)
            {
                FingerMatch match = FingerMatcher.Compare(prints[j].Template, prints[i].Template.Row, scratch);
                (prints[i].Source.IsFingerOf(prints[j].Source) ? mated : nonMated).Add(FingerCalibration.Score(
                    match.Strength, prints[i].Template.Cylinders, prints[j].Template.Cylinders));
            }
        }

        nonMated.Sort();
        Assert.Equal((1_120, 11_520), (mated.Count, nonMated.Count));
        Assert.Equal(34, MissesAt(115)); // FMR 1 %: 3.04 %
        Assert.Equal(76, MissesAt(11)); // FMR 0.1 %: 6.79 %
        Assert.Equal(112, MissesAt(1)); // FMR 0.01 %: 10.00 %

        // Rejected: everything up to the non-mated score that would be one false match too many.
        int MissesAt(int allowed) => mated.Count(score => score <= nonMated[^(allowed + 1)]);
    }
}
